"""Catching up: what fell due while nothing of ours ran is told in one letter (design, Downtime)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from crm.database import db
from crm.domain import humane, mail
from crm.domain.clock import zone
from crm.domain.reminders import wording
from crm.models import WAITING, Kind, Message, MessageKind, Reminder

#: From here on a reminder counts as late.
LATE = timedelta(hours=1)
#: So many are named in the letter; the page shows the rest.
NAMED = 40
#: Late ones for which a unit of work has time.
AT_ONCE = 100
#: The letter is of use for so long.
USEFUL = timedelta(days=7)


def late(one: Reminder, since: datetime) -> Sequence[Reminder]:
    """What was late at an instant for the owner of one, thanks first (P-T1), as much as there is time for."""
    query = _late(one, since).options(selectinload(Reminder.contact), selectinload(Reminder.interview))
    query = query.order_by(Reminder.kind != Kind.THANK_YOU, Reminder.due_at, Reminder.id).limit(AT_ONCE)
    return db.session.scalars(query.with_for_update(skip_locked=True)).all()


def count(one: Reminder, now: datetime) -> int:
    """How many are late for the owner of one."""
    return db.session.scalar(_late(one, now).with_only_columns(func.count())) or 0


def letter(one: Reminder, now: datetime) -> Message | None:
    """The letter that was written a moment ago and speaks for more than one unit of work had time for.

    Found by its key, which ends with its time.
    """
    since, until = _key(one, now - LATE), _key(one, now)
    query = select(Message).where(Message.dedupe_key > since, Message.dedupe_key <= until)
    return db.session.scalars(query.order_by(Message.dedupe_key.desc()).limit(1)).first()


def draft(
    named: Sequence[tuple[Reminder, datetime]],
    total: int,
    *,
    for_more: bool,
    house: mail.Letterhead,
    now: datetime,
) -> mail.Draft:
    """The letter: what to do and since when, and how many there are in all."""
    first = named[0][0]
    key = _key(first, now)
    return mail.Draft(
        kind=MessageKind.DIGEST,
        letter="catch_up",
        user=first.owner,
        workspace_id=first.workspace_id,
        dedupe_key=key if for_more else f"in full: {key}",
        values={
            "entries": [_entry(reminder, due_at, house, now) for reminder, due_at in named],
            "total": total,
            "more": max(0, total - NAMED),
        },
        not_after=now + USEFUL,
    )


def _late(one: Reminder, now: datetime) -> Select[Reminder]:
    return select(Reminder).where(
        Reminder.workspace_id == one.workspace_id,
        Reminder.owner_id == one.owner_id,
        Reminder.state.in_(WAITING),
        Reminder.due_at < now - LATE,
    )


def _key(one: Reminder, now: datetime) -> str:
    at = now.isoformat(timespec="microseconds")
    return f"catch up {one.owner_id} in {one.workspace_id} at {at}"


def _entry(reminder: Reminder, due_at: datetime, house: mail.Letterhead, now: datetime) -> wording.Entry:
    due = humane.exact(due_at, zone(reminder.owner.timezone))
    return wording.entry(reminder, f"due {due}", house=house, now=now)
