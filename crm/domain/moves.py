"""Moves, taken back: how everything stood before one is kept with it, and put there again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select

from crm.database import db
from crm.domain import mail
from crm.domain.errors import NotAllowed, NotFound
from crm.models import (
    OPEN,
    Activity,
    Contact,
    Happened,
    Interview,
    InterviewState,
    Message,
    MessageState,
    Reminder,
    ReminderState,
    StageChange,
    Thanks,
)

#: What may be written down after a move without standing in the way of taking it back.
HARMLESS = (Happened.NOTE, Happened.LETTER)
TOO_LATE = "Something else has happened with {name} since. Move the contact instead of taking the move back."
NOT_LATEST = "{name} was moved again since, so that this move can no longer be taken back."


def standing(contact: Contact) -> dict[str, Any]:
    """All that a move may change, as it is now, in values that fit into JSON."""
    db.session.flush()
    return {
        "since": _text(contact.stage_since),
        "touched": _text(contact.touched_at),
        "reminders": {str(row.id): row.state.value for row in _reminders(contact)},
        "interviews": {str(row.id): _talk(row) for row in _interviews(contact)},
        "letters": [row.id for row in _letters(contact, MessageState.WAITING)],
        "last": _last_of(contact.workspace_id, contact.id),
    }


def keep(change: StageChange | None, before: dict[str, Any]) -> None:
    """Remember with a move how things stood, and what was the last that it wrote down."""
    if change is not None:
        db.session.flush()
        change.before = {**before, "last_of_move": _last_of(change.workspace_id, change.contact_id)}


def get(contact: Contact, change_id: int) -> StageChange:
    """One move of this contact; NotFound otherwise."""
    query = select(StageChange).where(
        StageChange.workspace_id == contact.workspace_id,
        StageChange.contact_id == contact.id,
        StageChange.id == change_id,
    )
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound("move")
    return found


def take_back(contact: Contact, change: StageChange, *, now: datetime) -> None:
    """Put everything back to where it stood before the latest move, and forget the move."""
    before = _check(contact, change)
    _restore_reminders(contact, before["reminders"], now=now)
    _restore_interviews(contact, before["interviews"], now=now)
    for message in _letters(contact, MessageState.CANCELLED):
        if message.id in before["letters"]:
            mail.requeue(message, now=now)
    _strike_out(contact, before)
    contact.stage, contact.updated_at = change.was, now
    contact.stage_since = datetime.fromisoformat(before["since"])
    contact.touched_at = _instant(before["touched"])
    db.session.delete(change)


def _check(contact: Contact, change: StageChange) -> dict[str, Any]:
    latest = select(func.max(StageChange.id)).where(
        StageChange.workspace_id == contact.workspace_id, StageChange.contact_id == contact.id
    )
    if change.before is None or db.session.scalar(latest) != change.id:
        raise NotAllowed(NOT_LATEST.format(name=contact.name))
    since = select(Activity.id).where(
        Activity.workspace_id == contact.workspace_id,
        Activity.contact_id == contact.id,
        Activity.id > change.before["last_of_move"],
        Activity.kind.not_in(HARMLESS),
    )
    if db.session.scalars(since.limit(1)).first() is not None:
        raise NotAllowed(TOO_LATE.format(name=contact.name))
    return change.before


def _strike_out(contact: Contact, before: dict[str, Any]) -> None:
    """Take the move's own entries out of the timeline."""
    wrote = Activity.id.between(before["last"] + 1, before["last_of_move"])
    mine = Activity.contact_id == contact.id
    db.session.execute(delete(Activity).where(mine, wrote, Activity.kind.not_in(HARMLESS)))


def _restore_reminders(contact: Contact, before: dict[str, str], *, now: datetime) -> None:
    """What the move promised goes first, since of each promise only one may stand open."""
    rows = _reminders(contact, also=[int(reminder_id) for reminder_id in before])
    for row in rows:
        if str(row.id) not in before:
            row.state, row.updated_at = ReminderState.CANCELLED, now
    db.session.flush()
    for row in rows:
        if str(row.id) in before and row.state not in OPEN:
            row.state, row.updated_at = ReminderState(before[str(row.id)]), now
    db.session.flush()


def _restore_interviews(contact: Contact, before: dict[str, list[Any]], *, now: datetime) -> None:
    """A talk that the move recorded goes as it came; one that it completed is planned again."""
    for interview in _interviews(contact):
        if str(interview.id) not in before:
            _forget(interview)
        elif _talk(interview) != before[str(interview.id)]:
            state, ended, thanked = before[str(interview.id)]
            interview.state, interview.updated_at = InterviewState(state), now
            interview.ended_at, interview.thanked_at = _instant(ended), _instant(thanked)
            if thanked is None:
                db.session.execute(delete(Thanks).where(Thanks.interview_id == interview.id))


def _forget(interview: Interview) -> None:
    for row in db.session.scalars(select(Reminder).where(Reminder.interview_id == interview.id)):
        row.interview_id = None
    for letter in db.session.scalars(select(Message).where(Message.interview_id == interview.id)):
        mail.withdraw(letter, "The move that it came from was taken back.")
        letter.interview_id = None
    db.session.flush()
    db.session.execute(delete(Thanks).where(Thanks.interview_id == interview.id))
    db.session.delete(interview)


def _talk(interview: Interview) -> list[str | None]:
    return [interview.state.value, _text(interview.ended_at), _text(interview.thanked_at)]


def _reminders(contact: Contact, also: list[int] | None = None) -> list[Reminder]:
    """What is owed now, and those named besides."""
    query = select(Reminder).where(
        Reminder.workspace_id == contact.workspace_id,
        Reminder.contact_id == contact.id,
        Reminder.state.in_(OPEN) | Reminder.id.in_(also or []),
    )
    return list(db.session.scalars(query))


def _interviews(contact: Contact) -> list[Interview]:
    query: Select[Interview] = select(Interview).where(
        Interview.workspace_id == contact.workspace_id, Interview.contact_id == contact.id
    )
    return list(db.session.scalars(query))


def _letters(contact: Contact, state: MessageState) -> list[Message]:
    query = select(Message).where(
        Message.workspace_id == contact.workspace_id,
        Message.contact_id == contact.id,
        Message.to_contact.is_(True),
        Message.state == state,
    )
    return list(db.session.scalars(query))


def _last_of(workspace_id: int, contact_id: int) -> int:
    query = select(func.max(Activity.id)).where(
        Activity.workspace_id == workspace_id, Activity.contact_id == contact_id
    )
    return db.session.scalar(query) or 0


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
