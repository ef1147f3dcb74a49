"""Wording: what the letter of a reminder can speak of, and why it came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crm.domain import humane, words
from crm.domain.clock import zone
from crm.domain.reminders.promises import THANKS_WITHIN
from crm.models import Contact, Interview, Kind, Reminder, User

WHY = {
    Kind.ASK: "You get this because {name} has been located and not been asked yet.",
    Kind.FOLLOW_UP: "You get this because you asked {name} for a talk and logged no answer yet.",
    Kind.CLOSE: "You get this because {name} was asked and followed up without an answer.",
    Kind.SET_DATE: "You get this because {name} agreed to a talk and no date is set.",
    Kind.PREPARE: "You get this because an interview with {name} is planned.",
    Kind.BRIEF: "You get this because an interview with {name} is about to begin.",
    Kind.HOW_DID_IT_GO: "You get this because a planned interview has passed and nothing is recorded yet.",
    Kind.THANK_YOU: "You get this because you talked with {name} and no thanks are recorded yet.",
    Kind.STAY_IN_TOUCH: "You get this because you wanted to stay in touch with {name}.",
    Kind.TELL_REFERRER: "You get this because {name} was referred to you by somebody.",
}


def values(reminder: Reminder, step: str, due_at: datetime, *, late: bool, now: datetime) -> dict[str, Any]:
    """What a reminder's letter can speak of."""
    contact, user = reminder.contact, reminder.owner
    limit = reminder.anchor_at + THANKS_WITHIN
    where = zone(user.timezone)
    return {
        "contact": contact,
        "first_name": words.first_name(contact.name),
        "interview": reminder.interview,
        "reminder": reminder,
        "step": step,
        "facts": facts(contact, reminder.interview, user),
        "notes": _notes(contact, reminder.interview),
        "limit": humane.exact(limit, where),
        "limit_short": f"{humane.day(limit, now, where)} {limit.astimezone(where):%H:%M}",
        "late": _late_words(due_at, user) if late else "",
        "why": WHY[reminder.kind].format(name=contact.name),
    }


def facts(contact: Contact, interview: Interview | None, user: User) -> list[tuple[str, str | None]]:
    """What is needed to act, as label and value."""
    work = ", ".join(
        filter(None, [contact.title, contact.organisation.name if contact.organisation else None])
    )
    pairs: list[tuple[str, str | None]] = [("Name", contact.name), ("Work", work)]
    if interview is not None:
        pairs += _of_talk(interview, contact, user)
    return [
        *pairs,
        ("E-mail", contact.email),
        ("Phone", contact.phone),
        ("Address", contact.postal_address),
        ("Profile", contact.linkedin_url),
        ("Referred by", contact.referred_by.name if contact.referred_by else None),
    ]


def _of_talk(interview: Interview, contact: Contact, user: User) -> list[tuple[str, str | None]]:
    pairs: list[tuple[str, str | None]] = [
        ("When", humane.exact(interview.starts_at, zone(user.timezone))),
    ]
    if contact.timezone and contact.timezone != user.timezone:
        pairs.append(("For them", humane.exact(interview.starts_at, zone(contact.timezone))))
    how = interview.medium.value.replace("_", " ")
    return [*pairs, ("How long", f"{interview.minutes} minutes"), ("How", how), ("Where", interview.place)]


def _notes(contact: Contact, interview: Interview | None) -> str:
    parts = [contact.notes or "", interview.notes if interview else ""]
    return words.block("\n\n".join(part for part in parts if part))[:2000]


def _late_words(due_at: datetime, user: User) -> str:
    return f"This was due {humane.exact(due_at, zone(user.timezone))} and could not be sent before now."
