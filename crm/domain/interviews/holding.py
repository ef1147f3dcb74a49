"""Holding: the talk took place, as planned or not planned at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm.domain import clock, fields, reminders, stages, timeline
from crm.domain.errors import NotAllowed
from crm.domain.interviews.record import CLEANERS, DEFAULT_MINUTES, sentence, store, withdraw_letters
from crm.models import Contact, Happened, Interview, InterviewState, ReminderState, Stage, StageChange, User


def complete(
    interview: Interview,
    *,
    by: User,
    now: datetime,
    ended_at: datetime | None = None,
    notes: str | None = None,
) -> StageChange | None:
    """The talk took place: the contact becomes *interviewed* and the 24 hours for thanks run (P-T1).

    DTEND and SEQUENCE stay as they were. Done again it corrects the end. Raises NotAllowed for an
    interview that was called off.
    """
    if interview.state is InterviewState.CANCELLED:
        raise NotAllowed("This interview was called off. Plan a new one, or record the talk on the contact.")
    ended_at = clock.not_future(ended_at or min(interview.ends_at, now), now, "ended_at")
    if notes is not None:
        interview.notes = fields.clean({"notes": notes}, CLEANERS)["notes"] or ""
    again = interview.state is InterviewState.COMPLETED
    if again and ended_at == interview.ended_at:
        return None
    interview.state, interview.ended_at, interview.updated_at = InterviewState.COMPLETED, ended_at, now
    contact = interview.contact
    withdraw_letters(interview, "The talk took place before this was sent.")
    reminders.drop_interview(interview, now=now, state=ReminderState.DONE)
    contact.touched_at = max(ended_at, contact.touched_at or ended_at)
    word = "Corrected: took place" if again else "Took place"
    timeline.write(contact, Happened.INTERVIEW, sentence(word, interview), by=by, at=ended_at, now=now)
    moved = None
    if contact.stage is not Stage.INTERVIEWED and not again:
        moved = stages.enter(contact, Stage.INTERVIEWED, by=by, at=ended_at, now=now)
    reminders.for_thanks(interview, now=now)
    return moved


def held_at(contact: Contact, *, by: User, ended_at: datetime, now: datetime) -> Interview:
    """Record a talk that nobody had planned; it ended at the given time."""
    length = timedelta(minutes=DEFAULT_MINUTES)
    values = {"minutes": DEFAULT_MINUTES, "medium": None, "place": ""}
    return store(contact, ended_at - length, by.timezone, values, now=now)
