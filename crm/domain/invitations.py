"""Invitations: what a contact learns of a date, and of its changes (P-A6; RFC 5546)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm.database import db
from crm.domain import calendar, humane, mail, places
from crm.domain.calendar import Method, Party
from crm.domain.clock import zone
from crm.domain.errors import Invalid
from crm.domain.places import Fact
from crm.models import Closed, Contact, Interview, Medium, Message, MessageKind, MessageState, User

#: What each letter does to the calendar that reads it.
METHODS = {
    MessageKind.INVITATION: Method.REQUEST,
    MessageKind.UPDATE: Method.REQUEST,
    MessageKind.CANCELLATION: Method.CANCEL,
    MessageKind.DECLINE_COUNTER: Method.DECLINECOUNTER,
}
#: A letter in one of these states may have been read.
GONE = (
    MessageState.SENT,
    MessageState.SENDING,
    MessageState.TRANSMITTING,
    MessageState.DOUBTFUL,
    MessageState.UNCERTAIN,
)
MEDIA = {
    Medium.IN_PERSON: "in person",
    Medium.PHONE: "by phone",
    Medium.VIDEO: "by video call",
    Medium.EMAIL: "by e-mail",
}


def invitable(interview: Interview, now: datetime) -> bool:
    """Whether the contact can be told: there is an address, and the talk is yet to begin."""
    return not hindrance(interview.contact, interview.medium, interview.starts_at, now)


def hindrance(contact: Contact, medium: Medium, starts_at: datetime | None, now: datetime) -> str:
    """Why this contact cannot be invited, in a sentence; nothing where they can be."""
    if contact.deleted_at:
        return f"{contact.name} is in the trash, so no letter is sent."
    if contact.closed is Closed.DO_NOT_CONTACT:
        return f"{contact.name} asked to be left alone, so no letter is sent."
    if not contact.email:
        return f"No e-mail address is known of {contact.name}, so no letter is sent."
    if medium is Medium.EMAIL:
        return "Questions by e-mail need no appointment, so no letter is sent."
    if starts_at is not None and starts_at <= now:
        return "This time has passed already, so no letter is sent."
    return ""


def send(
    interview: Interview,
    kind: MessageKind,
    *,
    user: User,
    house: mail.Letterhead,
    now: datetime,
    undo: dict[str, Any] | None = None,
) -> Message:
    """Write the letter that keeps the contact's calendar in step; it waits ten seconds."""
    method = METHODS[kind]
    return mail.put(
        mail.Draft(
            kind=kind,
            letter=kind.value,
            user=user,
            workspace_id=interview.workspace_id,
            dedupe_key=f"interview {interview.id} {kind.value} {interview.sequence} {now.isoformat()}",
            values=values(interview, user, undo),
            contact=interview.contact,
            interview_id=interview.id,
            to_contact=True,
            not_after=interview.starts_at,
            calendar=calendar.invitation(
                _entry(interview, user, cancelled=method is Method.CANCEL),
                method,
                organizer(interview, user, house),
                Party(interview.contact.name, _carried(interview.contact.email or "")),
                stamp=now,
            ),
            method=method.value,
            undo=undo,
        ),
        house=house,
        now=now,
    )


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
    }


def organizer(interview: Interview, user: User, house: mail.Letterhead) -> Party:
    """Who the contact's answer goes to; decided once for each interview (contract, Mail)."""
    return Party(user.name, _carried(interview.organizer or user.email), sent_by=_carried(house.mail_from))


def _carried(address: str) -> str:
    """An address as mail carries it, or calendars do not find it again; the outbox refuses the others."""
    try:
        return mail.ascii_address(address)
    except Invalid:
        return address


def letters(interview: Interview) -> list[Message]:
    """All that was ever written to the contact about this interview, latest first."""
    return _letters(interview, *MessageState)[::-1]


def waiting(interview: Interview) -> list[Message]:
    """Letters about this interview to the contact that have not left yet, oldest first."""
    return _letters(interview, MessageState.WAITING)


def told(interview: Interview) -> bool:
    """Whether a letter about this interview may have reached the contact."""
    return bool(_letters(interview, *GONE))


def called_off(interview: Interview) -> bool:
    """Whether a cancellation may have reached the contact, or is about to."""
    gone = _letters(interview, *GONE, MessageState.WAITING)
    return any(letter.kind is MessageKind.CANCELLATION for letter in gone)


def interview_of(message: Message) -> Interview | None:
    """The interview that a letter tells of."""
    query = select(Interview).where(
        Interview.workspace_id == message.workspace_id, Interview.id == message.interview_id
    )
    return db.session.scalars(query.with_for_update()).first()


def _letters(interview: Interview, *states: MessageState) -> list[Message]:
    query = select(Message).where(
        Message.workspace_id == interview.workspace_id,
        Message.interview_id == interview.id,
        Message.to_contact.is_(True),
        Message.state.in_(states),
    )
    return list(db.session.scalars(query.order_by(Message.id)))


def _entry(interview: Interview, user: User, *, cancelled: bool) -> calendar.Entry:
    """The talk as the contact's calendar shows it: nothing of the seeker's notes is in it."""
    return calendar.Entry(
        uid=interview.uid,
        summary=f"Informational interview with {user.name}",
        updated_at=interview.updated_at,
        created_at=interview.created_at,
        starts_at=interview.starts_at,
        ends_at=interview.ends_at,
        sequence=interview.sequence,
        description=(
            f"A short talk, {interview.minutes} minutes, {MEDIA[interview.medium]}. "
            f"To move it or call it off, write to {user.email}."
        ),
        location=interview.place,
        cancelled=cancelled,
    )


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
