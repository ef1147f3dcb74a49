"""Entries: what stands in one feed, all of it or what belongs to a few changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import or_, select

from crm.database import db
from crm.domain.addresses import Addresses
from crm.domain.calendar import BACK
from crm.domain.feeds import dues, talks
from crm.domain.feeds.choices import Choices, Keyed
from crm.models import Contact, Include, Interview, Reminder


class Wanted(NamedTuple):
    """The rows that are looked at, by their ids."""

    interviews: frozenset[int]
    reminders: frozenset[int]

    def keys(self) -> list[str]:
        """What the entries of these rows are called, whether there are any or not."""
        words = [f"{word}-{number}" for word in ("interview", "preparation") for number in self.interviews]
        return words + [f"reminder-{number}" for number in self.reminders]


def of(chosen: Choices, wanted: Wanted | None, *, addresses: Addresses, now: datetime) -> Iterator[Keyed]:
    """The entries of a feed, of some rows or of all, from 90 days back."""
    # Verbs may have written what is not in the database yet.
    db.session.flush()
    since = midnight(now) - BACK
    if {Include.INTERVIEWS, Include.PREPARATION} & set(chosen.include) and (not wanted or wanted.interviews):
        yield from talks.of(chosen, addresses, since, wanted.interviews if wanted else None)
    if Include.REMINDERS in chosen.include and (not wanted or wanted.reminders):
        yield from dues.of(chosen, addresses, since, wanted.reminders if wanted else None)


def midnight(at: datetime) -> datetime:
    """The beginning of the UTC day: whole days, or the window would change the bytes at every fetch."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def behind(chosen: Choices, marks: Iterable[tuple[str, int]]) -> Wanted:
    """The rows whose entries the marks are about: of contacts and organisations those that belong to them."""
    ids: dict[str, set[int]] = {}
    for source, number in marks:
        ids.setdefault(source, set()).add(number)
    held, due = ids.get("interview", set()), ids.get("reminder", set())
    contacts, organisations = ids.get("contact", set()), ids.get("organisation", set())
    if contacts or organisations:
        held |= _rows_of(Interview, chosen, contacts, organisations)
    if contacts:
        due |= _rows_of(Reminder, chosen, contacts, set())
    return Wanted(frozenset(held), frozenset(due))


def _rows_of(
    model: type[Interview | Reminder], chosen: Choices, contacts: set[int], organisations: set[int]
) -> set[int]:
    query = (
        select(model.id)
        .join(Contact, Contact.id == model.contact_id)
        .where(
            model.workspace_id == chosen.workspace_id,
            or_(Contact.id.in_(contacts), Contact.organisation_id.in_(organisations)),
        )
    )
    return set(db.session.scalars(query))
