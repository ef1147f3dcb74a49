"""Claiming: letters that are due, the most urgent first, each under a lease of one worker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from crm.database import db
from crm.domain import preferences
from crm.domain.errors import Invalid
from crm.domain.mail import rechecking
from crm.domain.mail.bodies import wipe
from crm.domain.mail.channels import is_at_rate, room
from crm.domain.mail.mime import ascii_address
from crm.models import Message, MessageKind, MessageState
from crm.models.message import IS_QUEUED

#: Longer than any answer that a server may take its time for.
LEASE = timedelta(minutes=4)
BATCH = 100
#: Several workers look at so many batches, so that each finds letters which no other one holds.
CANDIDATES = 4


@dataclass(frozen=True)
class Claimed:
    """A letter under claim: enough to carry it to the server without touching the database."""

    id: int
    fence: int
    workspace_id: int
    #: The contact it was written to; None for a letter to the user.
    contact_id: int | None
    sender: str
    to: str
    subject: str
    raw: bytes
    #: Holds a secret: no copy goes to a journal, and its bytes are wiped once final.
    secret: bool


def is_due(*, now: datetime) -> bool:
    """Whether a letter waits that may leave now; costs the same at any size."""
    # The condition of the index word for word: no database proves that a parameter fits it.
    waiting = select(Message.id).where(IS_QUEUED, Message.next_try_at <= now)
    first = db.session.scalar(waiting.order_by(Message.next_try_at).limit(1))
    return first is not None and not is_at_rate(now=now)


def claim(*, now: datetime, limit: int = BATCH) -> list[Claimed]:
    """Take letters that are due, those first that are of use for the shortest time, under a lease.

    What is past its use expires, what is not wanted any more is cancelled, and what quiet hours hold
    waits; none of them was tried. No more are taken than may leave within an hour.
    """
    limit = room(limit, now=now)
    found = rechecking.look(_choose(now, limit)) if limit else []
    claimed, held = [], defaultdict(list)
    for letter in found:
        if not _is_settled(letter, now):
            until = rechecking.held_until(letter, now)
            if until:
                held[until].append(letter.id)
            else:
                claimed.append(letter)
    for until, ids in held.items():
        _write(ids, next_try_at=until, server_reply=preferences.HELD)
    return _take(claimed, now)


def _choose(now: datetime, limit: int) -> Sequence[int]:
    """Ids of letters that are due, locked; the queue's index alone is read to find them."""
    due = select(Message.id).where(IS_QUEUED, Message.next_try_at <= now)
    due = due.order_by(Message.not_after, Message.id)
    # Locking reads whole rows, so that only few of a deep backlog are locked.
    candidates = db.session.scalars(due.limit(limit * CANDIDATES)).all()
    free = due.where(Message.id.in_(candidates)).limit(limit).with_for_update(skip_locked=True)
    return db.session.scalars(free).all() if candidates else []


def _is_settled(letter: Row[Any], now: datetime) -> bool:
    """Whether a letter is not to leave at all; its row then says why."""
    verdict = rechecking.verdict(letter, now)
    if verdict is None and _carriable(letter):
        return False
    state, sentence = verdict or (MessageState.FAILED, "This letter cannot be sent as it stands.")
    _write([letter.id], state=state, server_reply=sentence, next_try_at=None, lease_until=None)
    if letter.kind is MessageKind.ACCOUNT:
        wipe(letter.id)
    return True


def _carriable(letter: Row[Any]) -> bool:
    """Whether there are bytes, and addresses that mail can carry: one bad row holds up no other."""
    try:
        return bool(letter.raw and ascii_address(letter.to) and ascii_address(letter.sender))
    except Invalid:
        return False


def _take(letters: list[Row[Any]], now: datetime) -> list[Claimed]:
    if letters:
        ids = [letter.id for letter in letters]
        _write(ids, state=MessageState.SENDING, lease_until=now + LEASE, fence=Message.fence + 1)
    return [
        Claimed(
            id=letter.id,
            fence=letter.fence + 1,
            workspace_id=letter.workspace_id,
            contact_id=letter.contact_id if letter.to_contact else None,
            sender=ascii_address(letter.sender),
            to=ascii_address(letter.to),
            subject=letter.subject,
            raw=letter.raw,
            secret=letter.kind is MessageKind.ACCOUNT,
        )
        for letter in letters
    ]


def _write(ids: list[int], **values: Any) -> None:
    db.session.execute(
        update(Message)
        .where(Message.id.in_(ids))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
