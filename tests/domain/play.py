"""Short words for what the domain's tests say again and again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm.database import db
from crm.domain import interviews, reminders
from crm.domain.clock import instant
from crm.domain.mail import Letterhead
from crm.domain.reminders import writing
from crm.models import Contact, Interview, Kind, Message, Reminder
from tests.cast import Cast

#: Signs the links in letters.
KEY = b"a key of the tests, nobody else's"
HOUSE = Letterhead("https://fika.example.org", "crm@fika.example.org", signing_key=KEY)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HOME = "Europe/Stockholm"


def local(text: str, zone: str = HOME) -> datetime:
    """The instant at which clocks there show "2026-03-13 08:00"."""
    return instant(datetime.fromisoformat(text), ZoneInfo(zone))


def shown(at: datetime, zone: str = HOME) -> str:
    """What clocks there show at an instant."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def owed(contact: Contact, kind: Kind, zone: str = HOME) -> list[str]:
    """The steps of a promise that are still to come: "round_1 2026-03-17 08:00"."""
    return [
        f"{name} {shown(datetime.fromisoformat(at), zone)}"
        for reminder in reminders.open_of(contact, [kind])
        for name, at in reminder.steps[reminder.step :]
    ]


def kinds(contact: Contact) -> list[str]:
    """What is owed for a contact, by name."""
    return sorted(reminder.kind.value for reminder in reminders.open_of(contact))


def one(contact: Contact, kind: Kind) -> Reminder:
    """The promise of this kind that stands open."""
    (found,) = reminders.open_of(contact, [kind])
    return found


def write(now: datetime) -> list[Message]:
    """The letters that are written at an instant."""
    last = max(db.session.scalars(select(Message.id)), default=0)
    writing.write_due(house=HOUSE, now=now)
    return list(db.session.scalars(select(Message).where(Message.id > last).order_by(Message.id)))


def subjects(now: datetime) -> list[str]:
    """What stands on the letters that are written at an instant."""
    return [letter.subject for letter in write(now)]


def plan(cast: Cast, starts_at: datetime, now: datetime, **more: Any) -> Interview:
    """A date with Ada."""
    return interviews.plan(cast.ada, by=cast.alice, starts_at=starts_at, now=now, house=HOUSE, **more)
