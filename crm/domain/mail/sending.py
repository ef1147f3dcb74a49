"""Sending, as far as it is a matter of rows: claims, leases, and what became of each letter.

`transmitting` is durable before a letter's DATA, so whatever is found in an earlier state after a
crash is surely unsent, and at most one letter is ever in doubt (design, What "sent" means).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update

from crm.database import db
from crm.domain import timeline
from crm.domain.mail.mime import ascii_address
from crm.models import (
    BadAddress,
    Closed,
    Happened,
    Message,
    MessageKind,
    MessageState,
)

#: Longer than any answer that a server may take its time for.
LEASE = timedelta(minutes=4)
BATCH = 50
#: Minutes to wait after the first, second, … transient answer; the last one repeats.
BACK_OFF = (1, 5, 15, 60)
#: A letter that names no end of its use is given up after so long.
GIVE_UP = timedelta(days=5)


@dataclass(frozen=True)
class Claimed:
    """A letter under claim: enough to carry it to the server without touching the database."""

    id: int
    fence: int
    sender: str
    to: str
    raw: bytes
    to_contact: bool
    attempts: int


def claim(*, now: datetime, limit: int = BATCH) -> list[Claimed]:
    """Take letters that are due, oldest first, under a lease; what is past its use expires."""
    query = select(Message).where(Message.state == MessageState.WAITING, Message.next_try_at <= now)
    query = query.order_by(Message.next_try_at, Message.id).limit(limit).with_for_update(skip_locked=True)
    claimed = []
    for message in db.session.scalars(query):
        if _past_use(message, now):
            _finish(message, MessageState.EXPIRED, "This letter was of no more use by now.")
        elif unwanted(message):
            _finish(message, MessageState.CANCELLED, unwanted(message))
        else:
            message.state, message.lease_until = MessageState.SENDING, now + LEASE
            message.fence += 1
            claimed.append(_claimed(message))
    db.session.flush()
    return claimed


def unwanted(message: Message) -> str:
    """Why a letter to a contact must not leave any more, in a sentence; nothing where it may."""
    if not message.to_contact or message.contact is None:
        return ""
    if message.contact.deleted_at or message.contact.closed is Closed.DO_NOT_CONTACT:
        return "Nobody writes to this contact any more."
    newer = select(Message.id).where(
        Message.workspace_id == message.workspace_id,
        Message.interview_id == message.interview_id,
        Message.to_contact.is_(True),
        Message.id > message.id,
        Message.state != MessageState.CANCELLED,
    )
    is_old = message.interview_id is not None and db.session.scalars(newer.limit(1)).first() is not None
    return "A later letter tells the same contact how the talk stands now." if is_old else ""


def transmitting(letter: Claimed, *, now: datetime) -> bool:
    """The step before DATA. False where the lease was lost: stop, somebody else has the letter."""
    result = db.session.execute(
        update(Message)
        .where(
            Message.id == letter.id,
            Message.fence == letter.fence,
            Message.state == MessageState.SENDING,
            Message.lease_until > now,
        )
        .values(state=MessageState.TRANSMITTING, lease_until=now + LEASE)
    )
    return rows(result) == 1


def sent(letter: Claimed, reply: str, *, now: datetime) -> None:
    """The server took it."""
    message = _held(letter)
    if message is None:
        return
    message.sent_at, message.attempts = now, message.attempts + 1
    _finish(message, MessageState.SENT, reply)
    if message.to_contact and message.contact is not None:
        text = f"“{message.subject}” was sent to {message.to}."
        timeline.write(message.contact, Happened.LETTER, text, by=None, at=now, now=now)


def failed(letter: Claimed, reply: str, *, now: datetime, bad_address: bool) -> None:
    """Refused for good: this letter, and where the address is to blame all that would follow to it."""
    message = _held(letter)
    if message is None:
        return
    message.attempts += 1
    _finish(message, MessageState.FAILED, reply)
    if message.contact is not None and message.to_contact:
        text = f"“{message.subject}” could not be delivered to {message.to}: {reply}"
        timeline.write(message.contact, Happened.LETTER, text, by=None, at=now, now=now)
    if bad_address and not _known_bad(message):
        bad = BadAddress(
            workspace_id=message.workspace_id, address=message.to.casefold(), reason=reply, at=now
        )
        db.session.add(bad)


def uncertain(letter: Claimed, reply: str, *, now: datetime) -> None:
    """Nobody knows whether it left. To the user it goes again as it is; a contact never gets two."""
    message = _held(letter)
    if message is not None:
        _resolve_doubt(message, reply, now)


def put_back(letter: Claimed, reply: str, *, now: datetime, jitter: float) -> None:
    """Surely not sent: wait and try again, each time longer. `jitter` from 0 to 1 spreads the attempts."""
    message = _held(letter)
    if message is None:
        return
    _wait(message, reply, now + _back_off(message, jitter))
    message.attempts += 1


def set_aside(letter: Claimed, reply: str | None, *, until: datetime) -> None:
    """Surely not sent, and not for what the letter is: wait, and no attempt is spent.

    Without a `reply` nothing was said about this letter, and what was said before stays.
    """
    message = _held(letter)
    if message is not None:
        _wait(message, message.server_reply if reply is None else reply, until)


def recover(*, now: datetime) -> int:
    """Leases that ran out: what was surely unsent waits again, what is in doubt is resolved."""
    held = (MessageState.SENDING, MessageState.TRANSMITTING)
    query = select(Message).where(Message.state.in_(held), Message.lease_until < now)
    lost = db.session.scalars(query.limit(BATCH).with_for_update(skip_locked=True)).all()
    for message in lost:
        # A worker that was only asleep finds another number when it wakes.
        message.fence += 1
        if message.state is MessageState.TRANSMITTING:
            _resolve_doubt(message, "The connection was lost before the server's answer was recorded.", now)
        else:
            _wait(message, message.server_reply, now)
    return len(lost)


def _past_use(message: Message, now: datetime) -> bool:
    return now >= (message.not_after or message.created_at + GIVE_UP)


def _resolve_doubt(message: Message, reply: str, now: datetime) -> None:
    """To the user it goes again under the same Message-ID; a contact never gets two."""
    if message.to_contact:
        _finish(message, MessageState.UNCERTAIN, reply)
        return
    _wait(message, reply, now + _back_off(message, 0) if message.attempts else now)
    message.attempts += 1


def _back_off(message: Message, jitter: float) -> timedelta:
    minutes = BACK_OFF[min(message.attempts, len(BACK_OFF) - 1)]
    return timedelta(minutes=minutes * (1 + 0.25 * jitter))


def _wait(message: Message, reply: str | None, until: datetime) -> None:
    message.state, message.lease_until = MessageState.WAITING, None
    message.server_reply, message.next_try_at = reply, until


def _finish(message: Message, state: MessageState, reply: str) -> None:
    message.state, message.server_reply = state, reply[:2000]
    message.lease_until = message.next_try_at = None
    if message.kind is MessageKind.ACCOUNT:
        message.raw = None


def _held(letter: Claimed) -> Message | None:
    """The letter's row while we hold it; None where another worker took over."""
    query = select(Message).where(Message.id == letter.id, Message.fence == letter.fence)
    held = (MessageState.SENDING, MessageState.TRANSMITTING)
    return db.session.scalars(query.where(Message.state.in_(held)).with_for_update()).first()


def _known_bad(message: Message) -> bool:
    query = select(BadAddress.id).where(
        BadAddress.workspace_id == message.workspace_id, BadAddress.address == message.to.casefold()
    )
    return db.session.scalars(query).first() is not None


def _claimed(message: Message) -> Claimed:
    return Claimed(
        id=message.id,
        fence=message.fence,
        sender=ascii_address(message.sender),
        to=ascii_address(message.to),
        raw=message.raw or b"",
        to_contact=message.to_contact,
        attempts=message.attempts,
    )


def rows(result: Any) -> int:
    """How many rows an UPDATE changed."""
    assert isinstance(result, CursorResult)
    return result.rowcount
