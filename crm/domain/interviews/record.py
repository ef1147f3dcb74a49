"""One interview: found, stored, checked, and told in a sentence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from crm.database import db, new_key
from crm.domain import clock, fields, humane, invitations, mail, reminders
from crm.domain.errors import Invalid, NotFound
from crm.models import Contact, Interview, InterviewState, Kind, Medium, Rsvp, User, Workspace

DEFAULT_MINUTES = 20
#: The time limit that a request names (P-A3); more is possible where the user insists.
ADVISED_MINUTES = 20
FURTHEST = timedelta(days=5 * 366)
#: Changes of these are told to everybody and raise SEQUENCE (RFC 5546 §2.1.4).
MATERIAL = ("starts_at", "minutes", "place", "medium")

CLEANERS: dict[str, fields.Cleaner] = {
    "starts_at": fields.as_is,
    "timezone": fields.timezone,
    "minutes": fields.number(5, 480, "The length in minutes"),
    "medium": fields.choice(Medium),
    "place": fields.line(500),
    "notes": fields.block(),
}


def get(workspace: Workspace, interview_id: int, *, lock: bool = False) -> Interview:
    """One interview of this workspace with a contact that is not in the trash; NotFound otherwise.

    With `lock` its contact is locked first, as everywhere: what is done to a talk is done to both.
    """
    if lock:
        _lock_contact(workspace, interview_id)
    query = (
        select(Interview)
        .join(Contact, Contact.id == Interview.contact_id)
        .where(
            Interview.workspace_id == workspace.id,
            Interview.id == interview_id,
            Contact.deleted_at.is_(None),
        )
    )
    query = query.with_for_update(of=Interview) if lock else query
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound("interview")
    return found


def _lock_contact(workspace: Workspace, interview_id: int) -> None:
    of_it = select(Interview.contact_id).where(
        Interview.workspace_id == workspace.id, Interview.id == interview_id
    )
    query = select(Contact).where(Contact.workspace_id == workspace.id, Contact.id == of_it.scalar_subquery())
    db.session.scalars(query.with_for_update()).first()


def coming(
    workspace: Workspace, user: User, *, since: datetime, until: datetime | None = None, limit: int = 100
) -> list[Interview]:
    """The user's planned talks that end after an instant and begin before another, soonest first."""
    query = (
        select(Interview)
        .join(Contact, Contact.id == Interview.contact_id)
        .where(
            Interview.workspace_id == workspace.id,
            Interview.owner_id == user.id,
            Interview.state == InterviewState.PLANNED,
            Interview.ends_at > since,
            Contact.deleted_at.is_(None),
        )
        .options(contains_eager(Interview.contact).joinedload(Contact.organisation))
    )
    query = query.where(Interview.starts_at < until) if until else query
    return list(db.session.scalars(query.order_by(Interview.starts_at).limit(limit)))


def of(contact: Contact) -> list[Interview]:
    """All talks with a contact, latest first."""
    query = select(Interview).where(
        Interview.workspace_id == contact.workspace_id, Interview.contact_id == contact.id
    )
    return list(db.session.scalars(query.order_by(Interview.starts_at.desc(), Interview.id.desc())))


def coming_with(contact: Contact, now: datetime) -> list[Interview]:
    """The planned talks with a contact that are still to begin, soonest first."""
    return [
        talk for talk in of(contact)[::-1] if talk.state is InterviewState.PLANNED and talk.starts_at > now
    ]


def planned_at(contact: Contact, starts_at: datetime) -> Interview | None:
    """The planned talk that begins at this very instant: the same form was sent before."""
    query = select(Interview).where(
        Interview.workspace_id == contact.workspace_id,
        Interview.contact_id == contact.id,
        Interview.state == InterviewState.PLANNED,
        Interview.starts_at == starts_at,
    )
    return db.session.scalars(query).first()


def check_start(starts_at: datetime, now: datetime) -> None:
    """Invalid for a start that nobody can mean."""
    if starts_at > now + FURTHEST:
        raise Invalid(starts_at="This is more than five years ahead. Check the year.")
    if starts_at < now - FURTHEST:
        raise Invalid(starts_at="This is more than five years ago. Check the year.")


def store(
    contact: Contact, starts_at: datetime, timezone: str, values: dict[str, Any], *, now: datetime
) -> Interview:
    """A new planned interview from cleaned values."""
    interview = Interview(
        workspace_id=contact.workspace_id,
        contact=contact,
        owner_id=contact.owner_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=values["minutes"]),
        wall_start=clock.wall(starts_at, clock.zone(timezone)),
        timezone=timezone,
        minutes=values["minutes"],
        medium=values["medium"] or Medium.IN_PERSON,
        place=values["place"] or "",
        state=InterviewState.PLANNED,
        uid=f"{new_key()}@fika",
        sequence=0,
        notes="",
        invited=False,
        created_at=now,
        updated_at=now,
    )
    db.session.add(interview)
    db.session.flush()
    return interview


def snapshot(interview: Interview) -> dict[str, Any]:
    """What a change may have to be taken back to: also what was answered until then."""
    names = (*MATERIAL, "timezone", "state", "rsvp", "rsvp_at", "dated_sequence")
    facts = {name: getattr(interview, name) for name in names}
    return facts | {"proposals": invitations.open_numbers(interview)}


def written(before: dict[str, Any]) -> dict[str, Any]:
    """A snapshot as it is kept with a letter."""
    times = ("starts_at", "rsvp_at")
    return before | {name: before[name].isoformat() for name in times if before[name]}


def revive(interview: Interview, before: dict[str, Any], *, now: datetime) -> None:
    """The date is the one that was answered before, so that the answer counts again.

    So does one that came meanwhile, and was to this date.
    """
    if "rsvp" not in before:
        return
    at = before["rsvp_at"]
    interview.rsvp, interview.rsvp_at = Rsvp(before["rsvp"]), datetime.fromisoformat(at) if at else None
    interview.dated_sequence = before["dated_sequence"]
    answer = invitations.unheeded(interview)
    if answer is not None and answer.rsvp is not None:
        answer.applied, interview.rsvp, interview.rsvp_at = True, answer.rsvp, answer.came_at
    if answer is not None and answer.rsvp is Rsvp.DECLINED:
        reminders.promise(interview.contact, Kind.SET_DATE, anchor_at=now, now=now)


def sentence(word: str, interview: Interview) -> str:
    """What happened to an interview, for the timeline."""
    when = humane.exact(interview.starts_at, clock.zone(interview.timezone))
    place = f", {interview.place}" if interview.place else ""
    medium = invitations.MEDIA[interview.medium]
    return f"{word}: interview {medium}, {when}, {interview.minutes} minutes{place}."


def withdraw_letters(
    interview: Interview, reason: str = "Replaced by a later change."
) -> dict[str, Any] | None:
    """Take back what has not left; answers what undoing the first of it would restore."""
    undo = None
    for message in invitations.waiting(interview):
        # One that a worker has taken meanwhile may arrive: the contact then knows of it.
        if mail.withdraw(message, reason):
            undo = undo or message.undo
    return undo
