"""Choices: what its owner wants of a feed, and what its entries have in common."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from crm.database import db
from crm.domain import words
from crm.domain.calendar import Entry
from crm.models import Feed, Interview, Privacy, Reminder, RemindersAs, User, campaign_contacts


class Choices(NamedTuple):
    """What its owner wants of a feed, as plain values."""

    workspace_id: int
    user_id: int
    include: tuple[str, ...]
    privacy: Privacy
    campaigns: tuple[str, ...]
    reminders_as: RemindersAs
    preparation_minutes: int
    alarms: int | None
    #: By which rules its stored entries were written.
    recipe: str
    #: The owner's zone: a day is theirs.
    timezone: str


class Keyed(NamedTuple):
    """An entry, what it is of, and the instant it is sorted by."""

    key: str
    starts_at: datetime
    entry: Entry


def of(feed_id: int) -> Choices:
    """Those of a feed."""
    row = db.session.connection().execute(_CHOICES, {"feed_id": feed_id}).one()
    return Choices._make(row)


def about(query: Select[Any], model: type[Interview | Reminder], chosen: Choices) -> Select[Any]:
    """The query for contacts of the chosen campaigns alone, where some were chosen."""
    if not chosen.campaigns:
        return query
    members = select(campaign_contacts.c.contact_id).where(
        campaign_contacts.c.workspace_id == chosen.workspace_id,
        campaign_contacts.c.campaign_id.in_(map(int, chosen.campaigns)),
    )
    return query.where(model.contact_id.in_(members))


def title(pattern: str, name: str, privacy: Privacy) -> str:
    """What stands in the calendar, as much of it as the feed may tell."""
    if privacy is Privacy.BUSY:
        return "Busy"
    return pattern.format(name=name if privacy is Privacy.FULL else words.initials(name))


def but(entry: Entry, **other: Any) -> Entry:
    """The same entry but for a few values."""
    return Entry(**{**vars(entry), **other})


_OWN = Choices._fields[: Choices._fields.index("timezone")]
_CHOICES = (
    select(*(Feed.__table__.c[name] for name in _OWN), User.timezone)
    .join(User, User.id == Feed.user_id)
    .where(Feed.id == bindparam("feed_id"))
)
