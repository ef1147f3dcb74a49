"""Sending, as far as it is a matter of rows: the steps of a letter under claim, and what became of it.

`transmitting` is durable before a letter's DATA, so whatever is found in an earlier state after a
crash is surely unsent, and at most one letter is ever in doubt (design, What "sent" means).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, text, update

from crm.database import db
from crm.domain import notifications, timeline
from crm.domain.mail.bodies import wipe
from crm.domain.mail.claiming import LEASE, Claimed
from crm.models import BadAddress, Message, MessageKind, MessageState, Notification, Way
from crm.models.message import IS_LEASED

#: Minutes to wait after the first, second, … transient answer; the last one repeats.
BACK_OFF = (1, 5, 15, 60)
#: How long the bell tells of a letter that did not arrive.
TOLD = timedelta(days=30)
HELD = (MessageState.SENDING, MessageState.TRANSMITTING)
#: Where a letter may stand whose lease was taken back, before somebody else claims it. As text: lists of
#: parameters would be put together anew for each letter.
_IS_TAKEN_BACK = text("state IN ('waiting', 'doubtful', 'uncertain')")


def transmitting(letter: Claimed, *, now: datetime, journal: str = "") -> bool:
    """The step before DATA. False where the lease was lost: stop, somebody else has the letter.

    `journal` is the address whose copy goes along.
    """
    result = _update(
        Message.id == letter.id,
        is_ready(letter.fence, now),
        state=MessageState.TRANSMITTING,
        lease_until=now + LEASE,
        journal=journal,
    )
    return result == 1


def sent(letter: Claimed, reply: str, *, now: datetime) -> None:
    """The server took it."""
    result = _update(
        Message.id == letter.id,
        is_ours(letter.fence),
        state=MessageState.SENT,
        sent_at=now,
        attempts=Message.attempts + 1,
        server_reply=reply[:2000],
        lease_until=None,
        next_try_at=None,
        doubtful_since=None,
    )
    if result and letter.secret:
        wipe(letter.id)
    if result and letter.contact_id is not None:
        text = f"“{letter.subject}” was sent to {letter.to}."
        timeline.note_letter(letter.workspace_id, letter.contact_id, text, at=now)


def is_ready(fence: Any, now: Any) -> ColumnElement[bool]:
    """Whether a letter is still under the claim with this fence, and nothing of it was sent yet."""
    return and_(Message.fence == fence, Message.state == MessageState.SENDING, Message.lease_until > now)


def is_ours(fence: Any) -> ColumnElement[bool]:
    """Whether the word of who held a letter still counts.

    It does for one who slept past the lease with the server's word in hand, until somebody else claims it.
    """
    ours = and_(Message.fence == fence, IS_LEASED)
    return or_(ours, and_(Message.fence == fence + 1, _IS_TAKEN_BACK))


def failed(letter: Claimed, reply: str, *, now: datetime, bad_address: bool) -> None:
    """Refused for good: this letter, and where the address is to blame all that would follow to it."""
    message = held(letter)
    if message is None:
        return
    message.attempts += 1
    finish(message, MessageState.FAILED, reply)
    notifications.untold(message)
    if message.contact_id is not None and message.to_contact:
        text = f"“{message.subject}” could not be delivered to {message.to}: {reply}"
        timeline.note_letter(message.workspace_id, message.contact_id, text, at=now)
        tell(message, f"Your letter to {message.to} was refused", reply, now=now)
    if bad_address and not _known_bad(message):
        bad = BadAddress(
            workspace_id=message.workspace_id, address=message.to.casefold(), reason=reply, at=now
        )
        db.session.add(bad)


def put_back(
    letter: Claimed, reply: str, *, now: datetime, jitter: float, at_least: timedelta = timedelta()
) -> None:
    """Surely not sent: wait and try again, each time longer. `jitter` from 0 to 1 spreads the attempts."""
    message = held(letter)
    if message is None:
        return
    wait(message, reply, now + max(back_off(message), at_least) * (1 + 0.25 * jitter))
    message.attempts += 1


def set_aside(letter: Claimed, reply: str | None, *, until: datetime) -> None:
    """Surely not sent, and not for what the letter is: wait, and no attempt is spent.

    Without a `reply` nothing was said about this letter, and what was said before stays.
    """
    message = held(letter)
    if message is not None:
        wait(message, message.server_reply if reply is None else reply, until)


def held(letter: Claimed) -> Message | None:
    """The letter's row while we hold it; None where another worker took over."""
    query = select(Message).where(Message.id == letter.id, Message.fence == letter.fence)
    return db.session.scalars(query.where(Message.state.in_(HELD)).with_for_update()).first()


def back_off(message: Message) -> timedelta:
    """How long to wait after so many attempts."""
    return timedelta(minutes=BACK_OFF[min(message.attempts, len(BACK_OFF) - 1)])


def wait(message: Message, reply: str | None, until: datetime) -> None:
    """Back into the queue, under the same bytes, for as long as the letter is of use."""
    message.state, message.lease_until, message.doubtful_since = MessageState.WAITING, None, None
    message.server_reply, message.next_try_at = reply, min(until, message.not_after or until)


def finish(message: Message, state: MessageState, reply: str) -> None:
    """The end of a letter's way, with the last word on it."""
    message.state, message.server_reply = state, reply[:2000]
    message.lease_until = message.next_try_at = None
    if message.kind is MessageKind.ACCOUNT:
        wipe(message.id)


def tell(message: Message, title: str, text: str, *, now: datetime) -> None:
    """Have the bell tell the user of a letter to a contact that needs them."""
    news = Notification(
        workspace_id=message.workspace_id,
        user_id=message.user_id,
        dedupe_key=f"message {message.id} {message.state.value}",
        kind=message.kind,
        title=title[:300],
        text=text[:500],
        path=f"/mail/{message.id}",
        due_at=now,
        not_after=now + TOLD,
        way=Way.OFF,
    )
    notifications.tell(news, now=now)


def _known_bad(message: Message) -> bool:
    query = select(BadAddress.id).where(
        BadAddress.workspace_id == message.workspace_id, BadAddress.address == message.to.casefold()
    )
    return db.session.scalars(query).first() is not None


def _update(*where: Any, **values: Any) -> int:
    """One statement, without a look at the row before: this is done for each letter, twice."""
    query = update(Message).where(*where).values(**values)
    return rows(db.session.execute(query.execution_options(synchronize_session=False)))


def rows(result: Any) -> int:
    """How many rows an UPDATE changed."""
    assert isinstance(result, CursorResult)
    return result.rowcount
