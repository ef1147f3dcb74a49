"""Doubts: letters of which nobody knows whether they left, and how each doubt ends.

With a journal, a mailbox that got a copy in the same SMTP transaction, it is asked: what it has was sent,
what it still lacks after the grace was not. Without one a letter to the user goes again under the same
Message-ID, and a contact never gets two: the user is told, and decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from crm.database import db
from crm.domain import timeline
from crm.domain.mail.claiming import BATCH, Claimed
from crm.domain.mail.rechecking import TOO_LATE
from crm.domain.mail.sending import back_off, finish, held, tell, wait
from crm.models import Message, MessageState
from crm.models.message import IS_DOUBTFUL, IS_LEASED

#: The journal is asked at once, then ever more rarely between these two.
SOON, LATER = timedelta(seconds=10), timedelta(minutes=1)
LOST = "The connection was lost before the server's answer was recorded."
IN_JOURNAL = "The journal has a copy, so the letter was sent."
NOT_IN_JOURNAL = "The journal has no copy, so the letter had not left."
TOO_LATE_BY_NOW = f"{NOT_IN_JOURNAL} {TOO_LATE}"


@dataclass(frozen=True)
class Doubt:
    """A letter in doubt, as the journal is asked for it."""

    id: int
    fence: int
    message_id: str


def recover(*, now: datetime) -> int:
    """Leases that ran out: what was surely unsent waits again, what is in doubt is looked into."""
    query = select(Message).where(IS_LEASED, Message.lease_until < now)
    lost = db.session.scalars(query.limit(BATCH).with_for_update(skip_locked=True)).all()
    for message in lost:
        # A worker that was only asleep finds another number when it wakes.
        message.fence += 1
        if message.state is MessageState.TRANSMITTING:
            _doubt(message, LOST, now)
        else:
            wait(message, message.server_reply, now)
    return len(lost)


def uncertain(letter: Claimed, reply: str, *, now: datetime) -> None:
    """The server's answer to a whole letter never came."""
    message = held(letter)
    if message is not None:
        _doubt(message, reply, now)


def doubts(*, now: datetime) -> list[Doubt]:
    """Letters for which the journal is to be asked now; others leave them alone for a while."""
    query = select(Message).where(IS_DOUBTFUL, Message.next_try_at <= now).order_by(Message.next_try_at)
    found = db.session.scalars(query.limit(BATCH).with_for_update(skip_locked=True)).all()
    for message in found:
        message.next_try_at = now + LATER
    return [Doubt(message.id, message.fence, message.message_id) for message in found]


def settle(
    asked: Sequence[Doubt], in_journal: Sequence[bool], *, grace: timedelta, asked_at: datetime
) -> None:
    """What the journal answered, asked at an instant: found is sent; absent after the grace is not."""
    for doubt, is_there in zip(asked, in_journal, strict=True):
        message = _doubtful(doubt)
        if message is not None and is_there:
            _arrived(message, asked_at)
        elif message is not None:
            _absent(message, grace, asked_at)


def unread(asked: Sequence[Doubt], reason: str, *, now: datetime) -> None:
    """The journal could not be asked. That proves nothing: it is asked again, however long it takes."""
    for doubt in asked:
        message = _doubtful(doubt)
        if message is not None:
            message.server_reply, message.next_try_at = reason[:2000], now + SOON


def without_journal(asked: Sequence[Doubt], *, now: datetime) -> None:
    """Nobody reads a journal any more, so that these doubts end as if there had never been one."""
    for doubt in asked:
        message = _doubtful(doubt)
        if message is not None:
            _give_up_doubt(message, LOST, now)


def oldest_doubt() -> Message | None:
    """The letter that has been in doubt for the longest; its `server_reply` says what is known of it."""
    query = select(Message).where(IS_DOUBTFUL).order_by(Message.doubtful_since).limit(1)
    return db.session.scalars(query).first()


def _doubt(message: Message, reply: str, now: datetime) -> None:
    if not message.journal:
        _give_up_doubt(message, reply, now)
        return
    message.state, message.server_reply = MessageState.DOUBTFUL, reply[:2000]
    message.doubtful_since, message.next_try_at, message.lease_until = now, now, None


def _give_up_doubt(message: Message, reply: str, now: datetime) -> None:
    """To the user it goes again under the same Message-ID; a contact never gets two."""
    if message.to_contact:
        finish(message, MessageState.UNCERTAIN, reply)
        message.doubtful_since = None
        tell(
            message,
            f"Did your letter to {message.to} arrive?",
            "Nobody knows whether it left. Look at it and decide.",
            now=now,
        )
        return
    _again(message, reply, now)


def _again(message: Message, reply: str, now: datetime) -> None:
    wait(message, reply, now + back_off(message) if message.attempts else now)
    message.attempts += 1


def _arrived(message: Message, now: datetime) -> None:
    message.sent_at, message.attempts, message.doubtful_since = now, message.attempts + 1, None
    finish(message, MessageState.SENT, IN_JOURNAL)
    if message.to_contact and message.contact_id is not None:
        text = f"“{message.subject}” was sent to {message.to}."
        timeline.note_letter(message.workspace_id, message.contact_id, text, at=now)


def _absent(message: Message, grace: timedelta, asked_at: datetime) -> None:
    since = message.doubtful_since or message.created_at
    if asked_at < since + grace:
        rest = min(max((asked_at - since) / 3, SOON), LATER)
        message.next_try_at = min(asked_at + rest, since + grace)
    elif message.not_after is not None and asked_at >= message.not_after:
        message.doubtful_since = None
        finish(message, MessageState.EXPIRED, TOO_LATE_BY_NOW)
    else:
        _again(message, NOT_IN_JOURNAL, asked_at)


def _doubtful(doubt: Doubt) -> Message | None:
    """The row while it is in the same doubt; None where somebody else ended it meanwhile."""
    query = select(Message).where(Message.id == doubt.id, Message.fence == doubt.fence)
    query = query.where(Message.state == MessageState.DOUBTFUL).with_for_update()
    return db.session.scalars(query).first()
