"""Invitations: what a contact learns of a date, and of its changes (P-A6; RFC 5546)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.database import db
from crm.domain import calendar, humane, mail
from crm.domain.calendar import Method, Party
from crm.domain.clock import zone
from crm.models import Interview, Medium, Message, MessageKind, MessageState, User

#: What each letter does to the calendar that reads it.
METHODS = {
    MessageKind.INVITATION: Method.REQUEST,
    MessageKind.UPDATE: Method.REQUEST,
    MessageKind.CANCELLATION: Method.CANCEL,
}
MEDIA = {
    Medium.IN_PERSON: "in person",
    Medium.PHONE: "by phone",
    Medium.VIDEO: "by video call",
    Medium.EMAIL: "by e-mail",
}


def invitable(interview: Interview, now: datetime) -> bool:
    """Whether the contact can be told: there is an address, and the talk is yet to begin."""
    contact = interview.contact
    reachable = contact.email and not contact.deleted_at
    return bool(reachable) and interview.medium is not Medium.EMAIL and interview.starts_at > now


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
            values=_values(interview, user),
            contact=interview.contact,
            interview_id=interview.id,
            to_contact=True,
            not_after=interview.starts_at,
            calendar=calendar.invitation(
                _entry(interview, user, cancelled=method is Method.CANCEL),
                method,
                organizer(interview, user, house),
                Party(interview.contact.name, interview.contact.email or ""),
                stamp=now,
            ),
            method=method.value,
            undo=undo,
        ),
        house=house,
        now=now,
    )


def organizer(interview: Interview, user: User, house: mail.Letterhead) -> Party:
    """Who the contact's answer goes to; decided once for each interview (contract, Mail)."""
    return Party(user.name, interview.organizer or user.email, sent_by=house.mail_from)


def waiting(interview: Interview) -> list[Message]:
    """Letters about this interview to the contact that have not left yet, oldest first."""
    return _letters(interview, MessageState.WAITING)


def told(interview: Interview) -> bool:
    """Whether a letter about this interview may have reached the contact."""
    states = (
        MessageState.SENT,
        MessageState.SENDING,
        MessageState.TRANSMITTING,
        MessageState.UNCERTAIN,
    )
    return bool(_letters(interview, *states))


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


def _values(interview: Interview, user: User) -> dict[str, Any]:
    contact = interview.contact
    theirs = contact.timezone or interview.timezone
    return {
        "contact": contact,
        "interview": interview,
        "when": humane.exact(interview.starts_at, zone(theirs)),
        "when_mine": _other_clock(interview, user.timezone, theirs),
        "day": f"{interview.starts_at.astimezone(zone(theirs)):%A %d %B, %H:%M}",
        "how": MEDIA[interview.medium],
    }


def _other_clock(interview: Interview, mine: str, theirs: str) -> str:
    """The seeker's own wall clock, where it shows another time than the contact's."""
    here, there = interview.starts_at.astimezone(zone(mine)), interview.starts_at.astimezone(zone(theirs))
    return "" if here.utcoffset() == there.utcoffset() else humane.exact(interview.starts_at, zone(mine))
