"""The promise to ask, for many contacts at once: so many a week, as the workspace chose, not all at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select

from crm.database import db
from crm.domain import clock
from crm.domain.reminders import PROMISES
from crm.models import WAITING, Contact, Kind, Reminder, ReminderState, User, Workspace

#: Asks are spread over the days on which people work.
WORKING_DAYS = 5


def promise_all(contacts: Sequence[Contact], *, workspace: Workspace, owner: User, now: datetime) -> None:
    """Promise the owner to ask each of these contacts, behind the asks that are promised already.

    None of them is due at once. Nothing happens where the workspace switched the promise off.
    """
    choice = workspace.promises.get(Kind.ASK, {})
    if choice.get("off") or not contacts:
        return
    zone = clock.zone(owner.timezone)
    days = choice.get("days", PROMISES[Kind.ASK].days) or 0
    # At least a day away, whatever the delay: a list makes no promise that is due at once.
    first = clock.wall(now, zone).date() + timedelta(days=max(days, 1))
    before = _promised_from(clock.working_morning(first, zone), workspace, owner)
    per_week = max(workspace.asks_per_week, 1)
    mornings = [clock.working_morning(_day(first, before + n, per_week), zone) for n in range(len(contacts))]
    rows = [_row(contact, at, zone, now=now) for contact, at in zip(contacts, mornings, strict=True)]
    db.session.execute(insert(Reminder), rows)


def _promised_from(at: datetime, workspace: Workspace, owner: User) -> int:
    """How many asks are promised for that morning or later: the new ones queue behind them."""
    query = select(func.count()).where(
        Reminder.workspace_id == workspace.id,
        Reminder.owner_id == owner.id,
        Reminder.kind == Kind.ASK,
        Reminder.state.in_(WAITING),
        Reminder.due_at >= at,
    )
    return db.session.scalars(query).one()


def _day(first: date, number: int, per_week: int) -> date:
    """The day of the ask with this number, from 0: the week's are spread over its working days."""
    week, place = divmod(number, per_week)
    while not clock.is_working_day(first):
        first += timedelta(days=1)
    day = first + timedelta(weeks=week)
    for _ in range(place * WORKING_DAYS // per_week):
        day += timedelta(days=1 if day.weekday() < WORKING_DAYS - 1 else 3)
    return day


def _row(contact: Contact, at: datetime, zone: ZoneInfo, *, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": contact.workspace_id,
        "owner_id": contact.owner_id,
        "contact_id": contact.id,
        "kind": Kind.ASK,
        "subject": "",
        "anchor_at": now,
        "steps": [["once", clock.written(at, zone)]],
        "step": 0,
        "due_at": at,
        "state": ReminderState.PENDING,
        "created_at": now,
        "updated_at": now,
    }
