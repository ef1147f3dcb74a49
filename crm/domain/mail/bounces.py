"""Letters that came back after the server had taken them: what is told, and when an address is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from crm.database import db
from crm.domain import timeline
from crm.domain.mail import bodies, sending
from crm.models import BadAddress, Happened, Message, MessageKind, MessageState

#: So many letters that came back for a passing reason, within so long, are as good as a lasting one.
SOFT, WITHIN = 3, timedelta(days=14)
#: Where a letter may stand that was on its way; a bounce proves that it had left, and may be faster than
#: the worker that writes down the server's word.
ON_ITS_WAY = (
    MessageState.TRANSMITTING,
    MessageState.SENT,
    MessageState.UNCERTAIN,
    MessageState.DOUBTFUL,
    MessageState.FAILED,
)


def bounced(letter: Message, *, status: str, reason: str, hard: bool, now: datetime) -> bool:
    """Note that a letter came back, and give its address up where there is no hope; False where it was known.

    `status` is RFC 3463's, `hard` says that the address will not work tomorrow either.
    """
    if letter.bounced_at is not None or letter.state not in ON_ITS_WAY:
        return False
    letter.bounce_status, letter.bounce_reason, letter.bounced_at = status[:20], reason[:2000], now
    letter.state, letter.next_try_at, letter.lease_until = MessageState.FAILED, None, None
    if letter.kind is MessageKind.ACCOUNT:
        bodies.wipe(letter.id)
    if letter.to_contact:
        _note(letter, now)
        db.session.flush()
        if hard or _soft_ones(letter, now) >= SOFT:
            give_up(letter.workspace_id, letter.to, reason or status, now=now)
    return True


def give_up(workspace_id: int, address: str, reason: str, *, now: datetime) -> None:
    """Write to an address no more."""
    known = select(BadAddress.id).where(
        BadAddress.workspace_id == workspace_id, BadAddress.address == address.casefold()
    )
    if db.session.scalars(known).first() is None:
        bad = BadAddress(workspace_id=workspace_id, address=address.casefold(), reason=reason[:2000], at=now)
        db.session.add(bad)
        db.session.flush()


def is_given_up(workspace_id: int, address: str | None) -> str:
    """Why an address is written to no more; empty where it is not given up."""
    query = select(BadAddress.reason).where(
        BadAddress.workspace_id == workspace_id, BadAddress.address == (address or "").casefold()
    )
    return (db.session.scalars(query).first() or "") if address else ""


def tell(letter: Message, *, now: datetime) -> None:
    """The bell says that a letter did not arrive."""
    sending.tell(letter, f"Your letter to {letter.to} was not delivered", letter.bounce_reason or "", now=now)


def _note(letter: Message, now: datetime) -> None:
    assert letter.contact is not None
    text = f"“{letter.subject}” was not delivered to {letter.to}: {letter.bounce_reason}"
    timeline.write(letter.contact, Happened.BOUNCE, text, by=None, at=now, now=now)


def _soft_ones(letter: Message, now: datetime) -> int:
    """How many letters to the same address came back lately, this one among them."""
    query = select(func.count(Message.id)).where(
        Message.workspace_id == letter.workspace_id,
        Message.contact_id == letter.contact_id,
        Message.to == letter.to,
        Message.bounced_at > now - WITHIN,
    )
    return db.session.scalar(query) or 0
