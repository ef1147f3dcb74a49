"""Entries: talks, their preparation and what is due, as one feed shows them. Rows in, plain values out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import clock, words
from crm.domain.addresses import Addresses
from crm.domain.calendar import BACK, Entry
from crm.domain.places import work
from crm.domain.reminders.wording import TASKS
from crm.models import (
    OPEN,
    Contact,
    Feed,
    Include,
    Interview,
    InterviewState,
    Medium,
    Privacy,
    Reminder,
    RemindersAs,
    campaign_contacts,
)

#: How long something due lasts where it stands at its time.
MOMENT = timedelta(minutes=15)


class Keyed(NamedTuple):
    """An entry, what it is of, and the instant it is sorted by."""

    key: str
    starts_at: datetime
    entry: Entry


class Wanted(NamedTuple):
    """Which rows are looked at: all of them where there is nothing here, else those of these ids."""

    interviews: frozenset[int]
    reminders: frozenset[int]

    def keys(self) -> list[str]:
        """What the entries of these rows are called, whether there are any or not."""
        talks = [f"{word}-{number}" for word in ("interview", "preparation") for number in self.interviews]
        return talks + [f"reminder-{number}" for number in self.reminders]


def of(feed: Feed, wanted: Wanted | None, *, addresses: Addresses, now: datetime) -> Iterator[Keyed]:
    """The entries of a feed, of some rows or of all, from 90 days back."""
    since = midnight(now) - BACK
    if {Include.INTERVIEWS, Include.PREPARATION} & set(feed.include) and (not wanted or wanted.interviews):
        yield from _talks(feed, addresses, since, wanted)
    if Include.REMINDERS in feed.include and (not wanted or wanted.reminders):
        yield from _reminders(feed, addresses, since, wanted)


def midnight(at: datetime) -> datetime:
    """The beginning of the UTC day: whole days, or the window would change the bytes at every fetch."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def entry_of(interview: Interview, addresses: Addresses, privacy: Privacy = Privacy.FULL) -> Entry:
    """A talk as the seeker's own calendar shows it."""
    full = privacy is Privacy.FULL
    return Entry(
        uid=interview.uid,
        summary=_title("Interview with {name}", interview.contact, privacy),
        updated_at=max(interview.updated_at, interview.created_at),
        created_at=interview.created_at,
        starts_at=interview.starts_at,
        ends_at=interview.ends_at,
        sequence=interview.sequence,
        description=_description(interview) if full else "",
        location=interview.place if full else "",
        url=addresses.interview(interview.id) if privacy is not Privacy.BUSY else "",
        cancelled=interview.state is InterviewState.CANCELLED,
    )


def _talks(feed: Feed, addresses: Addresses, since: datetime, wanted: Wanted | None) -> Iterator[Keyed]:
    query = (
        _about(Interview, feed)
        .where(
            Interview.state != InterviewState.CANCELLED,
            Interview.medium != Medium.EMAIL,
            Interview.starts_at >= since,
        )
        .options(joinedload(Interview.contact).joinedload(Contact.organisation))
    )
    if wanted:
        query = query.where(Interview.id.in_(wanted.interviews))
    for interview in db.session.scalars(query):
        entry = entry_of(interview, addresses, feed.privacy)
        if Include.INTERVIEWS in feed.include:
            alarm = None if feed.alarms is None else timedelta(minutes=feed.alarms)
            yield Keyed(f"interview-{interview.id}", interview.starts_at, _but(entry, alarm=alarm))
        if Include.PREPARATION in feed.include:
            yield _preparation(feed, interview, entry)


def _preparation(feed: Feed, interview: Interview, talk: Entry) -> Keyed:
    """The time before a talk; it blocks nobody, since only the seeker knows how much of it is needed."""
    starts_at = interview.starts_at - timedelta(minutes=feed.preparation_minutes)
    entry = _but(
        talk,
        uid=f"preparation-{interview.uid}",
        summary=_title("Prepare for {name}", interview.contact, feed.privacy),
        starts_at=starts_at,
        ends_at=interview.starts_at,
        description="",
        location="",
        busy=False,
    )
    return Keyed(f"preparation-{interview.id}", starts_at, entry)


def _reminders(feed: Feed, addresses: Addresses, since: datetime, wanted: Wanted | None) -> Iterator[Keyed]:
    query = (
        _about(Reminder, feed)
        .where(Reminder.state.in_(OPEN), Reminder.due_at >= since)
        .options(joinedload(Reminder.contact))
    )
    if wanted:
        query = query.where(Reminder.id.in_(wanted.reminders))
    for reminder in db.session.scalars(query):
        yield _due(feed, reminder, addresses)


def _due(feed: Feed, reminder: Reminder, addresses: Addresses) -> Keyed:
    entry = Entry(
        # Numbers repeat from one installation to the next; the instant of making does not.
        uid=f"reminder-{reminder.id}-{int(reminder.created_at.timestamp() * 1_000_000):x}@fika",
        summary=_title(TASKS[reminder.kind], reminder.contact, feed.privacy),
        updated_at=reminder.updated_at,
        created_at=reminder.created_at,
        url=addresses.reminder(reminder.id) if feed.privacy is not Privacy.BUSY else "",
        busy=False,
    )
    key = f"reminder-{reminder.id}"
    if feed.reminders_as is RemindersAs.TIMED:
        ends_at = reminder.due_at + MOMENT
        alarm = None if feed.alarms is None else timedelta(minutes=feed.alarms)
        timed = _but(entry, starts_at=reminder.due_at, ends_at=ends_at, alarm=alarm)
        return Keyed(key, reminder.due_at, timed)
    day = reminder.due_at.astimezone(clock.zone(feed.user.timezone)).date()
    return Keyed(key, datetime.combine(day, time(), UTC), _but(entry, on=day))


def _about(model: type[Interview | Reminder], feed: Feed) -> Select[Any]:
    """The rows of a feed's owner about people who are there, of the chosen campaigns."""
    query = (
        select(model)
        .join(Contact, Contact.id == model.contact_id)
        .where(
            model.workspace_id == feed.workspace_id,
            model.owner_id == feed.user_id,
            Contact.deleted_at.is_(None),
        )
    )
    return query.where(_in_campaigns(feed)) if feed.campaigns else query


def _in_campaigns(feed: Feed) -> ColumnElement[bool]:
    members = select(campaign_contacts.c.contact_id).where(
        campaign_contacts.c.workspace_id == feed.workspace_id,
        campaign_contacts.c.campaign_id.in_(map(int, feed.campaigns)),
    )
    return Contact.id.in_(members)


def behind(feed: Feed, marks: Iterable[tuple[str, int]]) -> Wanted:
    """The rows whose entries the marks are about: of contacts and organisations those that belong to them."""
    ids: dict[str, set[int]] = {}
    for source, number in marks:
        ids.setdefault(source, set()).add(number)
    talks, due = ids.get("interview", set()), ids.get("reminder", set())
    contacts, organisations = ids.get("contact", set()), ids.get("organisation", set())
    if contacts or organisations:
        talks |= _rows_of(Interview, feed, contacts, organisations)
    if contacts:
        due |= _rows_of(Reminder, feed, contacts, set())
    return Wanted(frozenset(talks), frozenset(due))


def _rows_of(
    model: type[Interview | Reminder], feed: Feed, contacts: set[int], organisations: set[int]
) -> set[int]:
    query = (
        select(model.id)
        .join(Contact, Contact.id == model.contact_id)
        .where(
            model.workspace_id == feed.workspace_id,
            or_(Contact.id.in_(contacts), Contact.organisation_id.in_(organisations)),
        )
    )
    return set(db.session.scalars(query))


def _but(entry: Entry, **other: Any) -> Entry:
    return Entry(**{**vars(entry), **other})


def _title(pattern: str, contact: Contact, privacy: Privacy) -> str:
    if privacy is Privacy.BUSY:
        return "Busy"
    name = contact.name if privacy is Privacy.FULL else words.initials(contact.name)
    return pattern.format(name=name)


def _description(interview: Interview) -> str:
    contact = interview.contact
    lines = [
        work(contact),
        f"Phone: {contact.phone}" if contact.phone else "",
        f"{interview.minutes} minutes",
    ]
    return "\n".join(line for line in lines if line)
