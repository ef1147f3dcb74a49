"""What is due, as one feed shows it: a day, or a moment at its time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select

from crm.database import db
from crm.domain import clock
from crm.domain.addresses import Addresses
from crm.domain.calendar import Entry
from crm.domain.feeds.choices import Choices, Keyed, about, but, title
from crm.domain.reminders.wording import TASKS
from crm.models import OPEN, Contact, Kind, Privacy, Reminder, RemindersAs

#: How long something due lasts where it stands at its time.
MOMENT = timedelta(minutes=15)


class Due(NamedTuple):
    """All that a calendar shows of a promise, as plain values."""

    id: int
    kind: Kind
    due_at: datetime
    created_at: datetime
    updated_at: datetime
    #: Of the contact.
    name: str


def of(chosen: Choices, addresses: Addresses, since: datetime, ids: frozenset[int] | None) -> Iterator[Keyed]:
    """What is due in a feed; of these ids alone, where there are any."""
    query = about(_DUES, Reminder, chosen)
    if ids is not None:
        query = query.where(Reminder.id.in_(ids))
    told = {"workspace_id": chosen.workspace_id, "user_id": chosen.user_id, "since": since}
    for row in db.session.connection().execute(query, told):
        yield _keyed(chosen, Due._make(row), addresses)


def _keyed(chosen: Choices, due: Due, addresses: Addresses) -> Keyed:
    entry = Entry(
        # Numbers repeat from one installation to the next; the instant of making does not.
        uid=f"reminder-{due.id}-{int(due.created_at.timestamp() * 1_000_000):x}@fika",
        summary=title(TASKS[due.kind], due.name, chosen.privacy),
        updated_at=due.updated_at,
        created_at=due.created_at,
        url=addresses.reminder(due.id) if chosen.privacy is not Privacy.BUSY else "",
        busy=False,
    )
    key = f"reminder-{due.id}"
    if chosen.reminders_as is RemindersAs.TIMED:
        alarm = None if chosen.alarms is None else timedelta(minutes=chosen.alarms)
        timed = but(entry, starts_at=due.due_at, ends_at=due.due_at + MOMENT, alarm=alarm)
        return Keyed(key, due.due_at, timed)
    day = due.due_at.astimezone(clock.zone(chosen.timezone)).date()
    return Keyed(key, datetime.combine(day, time(), UTC), but(entry, on=day))


_OWN = Due._fields[: Due._fields.index("name")]
_DUES: Select[tuple[object, ...]] = (
    select(*(Reminder.__table__.c[name] for name in _OWN), Contact.name)
    .join(Contact, Contact.id == Reminder.contact_id)
    .where(
        Reminder.workspace_id == bindparam("workspace_id"),
        Reminder.owner_id == bindparam("user_id"),
        Reminder.state.in_(OPEN),
        Reminder.due_at >= bindparam("since"),
        Contact.deleted_at.is_(None),
    )
)
