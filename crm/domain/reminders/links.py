"""Links that act from a letter: signed, each for one reminder of one user and for one thing to do with it.

A link proves itself, so nothing is kept of it; it works for 30 days. Opening one never acts.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select

from crm.database import db
from crm.domain import mail, signing
from crm.domain.errors import DomainError, NotAllowed, NotFound
from crm.domain.reminders.due import take_back
from crm.models import Reminder, ReminderState

LASTS = timedelta(days=30)
#: What it is for, which reminder, whose, and the minute in which it was written.
_FACTS = struct.Struct(">cIII")


class Purpose(StrEnum):
    """The one thing that a link can do, as one letter of it."""

    DONE = "d"
    LATER = "l"


#: What a link of each kind brings about, and may therefore take back.
MAKES = {Purpose.DONE: ReminderState.DONE, Purpose.LATER: ReminderState.SNOOZED}


class Acts(NamedTuple):
    """The addresses under a reminder in a letter; without a signing key the first two are empty."""

    done: str
    later: str
    open: str


@dataclass(frozen=True)
class Link:
    """What a genuine link says."""

    purpose: Purpose
    reminder_id: int
    owner_id: int


class Expired(DomainError):
    """The link is genuine and too old; the way to the reminder's page is open still."""

    def __init__(self, link: Link) -> None:
        super().__init__(f"Links in letters work for {LASTS.days} days, and this one is older.")
        self.link = link


def acts(reminder: Reminder, *, house: mail.Letterhead, now: datetime) -> Acts:
    """Everything that can be done about a reminder from its letter."""
    page = house.addresses.reminder(reminder.id)
    if not house.signing_key:
        return Acts("", "", page)
    done, later = (
        house.addresses.act(sign(reminder, purpose, key=house.signing_key, now=now)) for purpose in Purpose
    )
    return Acts(done, later, page)


def sign(reminder: Reminder, purpose: Purpose, *, key: bytes, now: datetime) -> str:
    """The token of a link, 39 characters; `key` are bytes that nobody else has."""
    minute = int(now.timestamp()) // 60
    facts = _FACTS.pack(purpose.encode(), reminder.id, reminder.owner_id, minute)
    return signing.sign(facts, key)


def read(token: str, *, key: bytes, now: datetime) -> Link:
    """What a token says. Raises NotFound for one that is not ours, Expired for one that is too old."""
    facts = signing.facts_in(token, _FACTS.size, key)
    if facts is None:
        raise NotFound("link")
    purpose, reminder_id, owner_id, minute = _FACTS.unpack(facts)
    link = Link(Purpose(purpose.decode()), reminder_id, owner_id)
    if now - datetime.fromtimestamp(minute * 60, UTC) > LASTS:
        raise Expired(link)
    return link


def find(link: Link, *, lock: bool = False) -> Reminder:
    """The reminder that a link is for; NotFound where it is somebody else's by now, or put into the trash."""
    query = select(Reminder).where(Reminder.id == link.reminder_id, Reminder.owner_id == link.owner_id)
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None or found.contact.deleted_at is not None or not found.owner.active:
        raise NotFound("reminder")
    return found


def undo(link: Link, reminder: Reminder, *, now: datetime) -> None:
    """Take back what this link did, and nothing else; NotAllowed where that is not how things stand."""
    if reminder.state is not MAKES[link.purpose]:
        raise NotAllowed("There is nothing to take back here.")
    take_back(reminder, now=now)
