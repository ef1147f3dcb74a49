"""Wording: what the letter of a reminder can speak of, and why it came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm.database import db
from crm.domain import humane, mail, words
from crm.domain.clock import wall, zone
from crm.domain.invitations import MEDIA
from crm.domain.places import Fact, email, phone, where, work
from crm.domain.reminders import links
from crm.domain.reminders.promises import THANKS_WITHIN
from crm.models import Contact, Interview, InterviewState, Kind, Reminder, User

#: What is to be done, in a line of a list or a calendar.
TASKS = {
    Kind.ASK: "Ask {name} for a talk",
    Kind.FOLLOW_UP: "Follow up with {name}",
    Kind.CLOSE: "Let go of {name}, or ask once more",
    Kind.SET_DATE: "Set a date with {name}",
    Kind.PREPARE: "Prepare for {name}",
    Kind.BRIEF: "Read the brief for {name}",
    Kind.HOW_DID_IT_GO: "Record the talk with {name}",
    Kind.THANK_YOU: "Thank {name}",
    Kind.STAY_IN_TOUCH: "Get in touch with {name}",
    Kind.TELL_REFERRER: "Tell whoever referred {name} how it went",
    Kind.REPORT_BACK: "Report back to {name}",
    Kind.COMMITMENT: "Check what {name} advised",
}
WHY = {
    Kind.ASK: "You get this because {name} is located and has not been asked yet.",
    Kind.FOLLOW_UP: "You get this because you asked {name} for a talk and logged no answer yet.",
    Kind.CLOSE: "You get this because {name} was asked and followed up without an answer.",
    Kind.SET_DATE: "You get this because {name} agreed to a talk and no date is set.",
    Kind.PREPARE: "You get this because a talk with {name} is planned.",
    Kind.BRIEF: "You get this because a talk with {name} is about to begin.",
    Kind.HOW_DID_IT_GO: "You get this because a planned talk has passed and nothing is recorded yet.",
    Kind.THANK_YOU: "You get this because you talked with {name} and no thanks are recorded yet.",
    Kind.STAY_IN_TOUCH: "You get this because you talked with {name} and want to be remembered.",
    Kind.TELL_REFERRER: "You get this because somebody referred you to {name}.",
}
#: From here on two sentences by e-mail are all that can still be in time.
PRESSING = timedelta(hours=3)
#: Letters hold the notes, not a novel.
NOTES = 2000


class Entry(NamedTuple):
    """One line of a letter that names several: what to do, by or since when, and the ways to act on it."""

    task: str
    detail: str
    acts: links.Acts


def entry(reminder: Reminder, detail: str, *, house: mail.Letterhead, now: datetime) -> Entry:
    """A reminder among others."""
    task = TASKS[reminder.kind].format(name=reminder.contact.name)
    return Entry(task, detail, links.acts(reminder, house=house, now=now))


def values(reminder: Reminder, step: str, due_at: datetime, *, late: bool, now: datetime) -> dict[str, Any]:
    """What a reminder's letter can speak of; times are in the owner's zone."""
    called_off = reminder.kind is Kind.SET_DATE and _called_off(reminder.contact)
    return {**spoken(reminder, step, due_at, late=late, now=now), "called_off": called_off}


def spoken(reminder: Reminder, step: str, due_at: datetime, *, late: bool, now: datetime) -> dict[str, Any]:
    """All of it that the reminder and what hangs on it tell, without asking the database."""
    contact, user = reminder.contact, reminder.owner
    subject = referrer(contact) if reminder.kind is Kind.TELL_REFERRER else contact
    return {
        "contact": contact,
        "first_name": words.first_name(contact.name),
        "referrer": referrer(contact),
        "interview": reminder.interview,
        "reminder": reminder,
        "step": step,
        "ago": humane.span(now - _since(reminder)),
        "facts": facts(subject or contact, reminder.interview, user),
        "notes": _notes(contact, reminder.interview),
        "late": _late_words(due_at, user) if late else "",
        "why": WHY[reminder.kind].format(name=contact.name),
        **_talk(reminder.interview, user, now),
        **_limit(reminder.anchor_at + THANKS_WITHIN, user, now),
    }


def _since(reminder: Reminder) -> datetime:
    """What a letter counts from: the last touch where it is about an answer, else what promised it."""
    if reminder.kind in (Kind.FOLLOW_UP, Kind.CLOSE):
        return reminder.contact.touched_at or reminder.anchor_at
    return reminder.anchor_at


def facts(contact: Contact, interview: Interview | None, user: User) -> list[Fact]:
    """What is needed to act: who, when and where, and how to reach them."""
    found = [Fact("Name", contact.name), Fact("Work", work(contact))]
    if interview is not None and interview.state is InterviewState.PLANNED:
        found += _of_talk(interview, contact, user)
    return [
        *found,
        email(contact.email),
        phone(contact.phone),
        Fact("Address", contact.postal_address),
        Fact("Profile", contact.linkedin_url, contact.linkedin_url or ""),
        Fact("Source", contact.source),
        Fact("Referred by", contact.referred_by.name if contact.referred_by else None),
    ]


def _of_talk(interview: Interview, contact: Contact, user: User) -> list[Fact]:
    found = [Fact("When", humane.exact(interview.starts_at, zone(user.timezone)))]
    if contact.timezone and contact.timezone != user.timezone:
        found.append(Fact("For them", humane.exact(interview.starts_at, zone(contact.timezone))))
    how = f"{interview.minutes} minutes, {MEDIA[interview.medium]}"
    return [*found, Fact("How", how), where(interview)]


def _talk(interview: Interview | None, user: User, now: datetime) -> dict[str, Any]:
    if interview is None:
        return {}
    here = zone(user.timezone)
    return {
        "how": MEDIA[interview.medium],
        "when": humane.exact(interview.starts_at, here),
        "day": _day(interview.starts_at, now, here),
        "date": _date(interview.starts_at, here),
        "clock": f"{wall(interview.starts_at, here):%H:%M}",
        "end_clock": f"{wall(interview.ends_at, here):%H:%M}",
        "begins_in": humane.span(interview.starts_at - now),
    }


def _day(at: datetime, now: datetime, here: ZoneInfo) -> str:
    """A day as a letter names it, since it may be read later: "tomorrow", "Tuesday 21 April"."""
    near = humane.day(at, now, here)
    return near if near in ("today", "tomorrow") else _date(at, here)


def _date(at: datetime, here: ZoneInfo) -> str:
    local = wall(at, here)
    return f"{local:%A} {local.day} {local:%B}"


def _limit(limit: datetime, user: User, now: datetime) -> dict[str, Any]:
    """The end of the 24 hours: as an instant, as one would say it, and how far it is (P-T1)."""
    here = zone(user.timezone)
    return {
        "limit": humane.exact(limit, here),
        "limit_short": f"{humane.day(limit, now, here)} {wall(limit, here):%H:%M}",
        "left": humane.span(limit - now) if limit > now else "",
        "pressing": now < limit <= now + PRESSING,
    }


def referrer(contact: Contact) -> Contact | None:
    """Who referred a contact, unless they are in the trash."""
    found = contact.referred_by
    return found if found is not None and found.deleted_at is None else None


def _called_off(contact: Contact) -> bool:
    """Whether the date is missing because the last one was called off."""
    query = select(Interview.state).where(
        Interview.workspace_id == contact.workspace_id, Interview.contact_id == contact.id
    )
    return db.session.scalars(query.order_by(Interview.id.desc())).first() is InterviewState.CANCELLED


def _notes(contact: Contact, interview: Interview | None) -> str:
    parts = [contact.notes or "", interview.notes if interview else ""]
    text = words.block("\n\n".join(part for part in parts if part))
    return text if len(text) <= NOTES else f"{text[:NOTES].rstrip()} …"


def _late_words(due_at: datetime, user: User) -> str:
    return f"This was due {humane.exact(due_at, zone(user.timezone))} and could not be sent before now."
