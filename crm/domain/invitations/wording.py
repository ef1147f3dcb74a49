"""What the letters of an invitation say: who, when, how long and where, on both clocks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm.domain import humane, places
from crm.domain.clock import zone
from crm.domain.places import Fact
from crm.models import Interview, Medium, User

MEDIA = {
    Medium.IN_PERSON: "in person",
    Medium.PHONE: "by phone",
    Medium.VIDEO: "by video call",
    Medium.EMAIL: "by e-mail",
}


def values(interview: Interview, user: User, undo: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the letters to a contact can speak of; times are in the contact's zone, where it is known."""
    contact, by_letter = interview.contact, interview.medium is Medium.EMAIL
    theirs = zone(contact.timezone or interview.timezone)
    was = _was(interview, theirs, (undo or {}).get("interview"))
    facts = [
        Fact("When", humane.exact(interview.starts_at, theirs)),
        Fact("For me", _other_clock(interview, zone(user.timezone), theirs)),
        Fact("Before", was),
        Fact("How", f"{interview.minutes} minutes, {MEDIA[interview.medium]}"),
        _where(interview, user),
    ]
    return {
        "contact": contact,
        "interview": interview,
        "day": _day(interview.starts_at, theirs),
        "was": was,
        "by_letter": by_letter,
        "facts": facts[:2] if by_letter else facts,
        # What only letters that leave can know.
        "elsewhere": False,
        "wished": False,
        "answers": None,
        "answers_to": user.email,
    }


def when(at: datetime, user: User) -> str:
    """A time for the seeker, whole and in their own zone."""
    return humane.exact(at, zone(user.timezone))


def _day(at: datetime, where: ZoneInfo) -> str:
    """A date for a subject: "Tuesday 1 December, 10:00"."""
    local = at.astimezone(where)
    return f"{local:%A} {local.day} {local:%B, %H:%M}"


def _was(interview: Interview, theirs: ZoneInfo, before: dict[str, Any] | None) -> str:
    """The date that the contact knows of, where it is no longer true."""
    known = datetime.fromisoformat(before["starts_at"]) if before else interview.starts_at
    return "" if known == interview.starts_at else humane.exact(known, theirs)


def _other_clock(interview: Interview, mine: ZoneInfo, theirs: ZoneInfo) -> str:
    """The seeker's own wall clock, where it shows another time than the contact's."""
    here, there = interview.starts_at.astimezone(mine), interview.starts_at.astimezone(theirs)
    return "" if here.utcoffset() == there.utcoffset() else humane.exact(interview.starts_at, mine)


def _where(interview: Interview, user: User) -> Fact:
    """Where to; for a call without a number, who calls whom."""
    contact = interview.contact
    if interview.medium is Medium.PHONE and not interview.place and contact.phone:
        return Fact("Number", f"{user.name} calls {contact.phone}")
    return places.where(interview)
