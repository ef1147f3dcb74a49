"""Stepping: which step of a promise is told now, until when that is of use, and what comes after it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from crm.domain.reminders.keeping import is_off
from crm.domain.reminders.promises import BEFORE_A_TALK, OVERDUE, THANKS_WITHIN
from crm.domain.reminders.wording import referrer
from crm.models import InterviewState, Kind, Reminder, ReminderState

#: From here on a letter says that it comes late (design, Downtime).
LATE = timedelta(hours=1)
#: A reminder that could not leave for so long helps nobody any more.
USEFUL = timedelta(days=7)


class Step(NamedTuple):
    """A step of a promise: which, and when it came due."""

    number: int
    name: str
    due_at: datetime


def step(reminder: Reminder, now: datetime) -> Step:
    """The step that is to be told: of several that have come due the latest; the others are forgotten."""
    come = [n for n, (_, at) in enumerate(reminder.steps) if datetime.fromisoformat(at) <= now]
    number = max([reminder.step, *come])
    name, at = reminder.steps[number]
    return Step(number, name, datetime.fromisoformat(at))


def is_late(reminder: Reminder, now: datetime) -> bool:
    """Whether its letter has to say so."""
    return now - step(reminder, now).due_at > LATE


def limit_of(reminder: Reminder, name: str, now: datetime) -> datetime:
    """The instant after which telling a step of that name is of no more use."""
    if reminder.kind in BEFORE_A_TALK and reminder.interview:
        return reminder.interview.starts_at
    if reminder.kind is Kind.THANK_YOU and name not in (OVERDUE, "snoozed"):
        return reminder.anchor_at + THANKS_WITHIN
    return now + USEFUL


def is_useful(reminder: Reminder, now: datetime) -> bool:
    """Looked at once more under the lock: was it called off, closed or switched off meanwhile?"""
    contact = reminder.contact
    if is_off(contact.workspace, reminder.kind) or contact.deleted_at or contact.closed:
        return False
    return limit_of(reminder, step(reminder, now).name, now) > now and still_stands(reminder)


def still_stands(reminder: Reminder) -> bool:
    """Whether what it is about is still so: the talk is planned, the referrer is known."""
    if reminder.interview is not None and reminder.kind in (*BEFORE_A_TALK, Kind.HOW_DID_IT_GO):
        return reminder.interview.state is InterviewState.PLANNED
    return reminder.kind is not Kind.TELL_REFERRER or referrer(reminder.contact) is not None


def advance(reminder: Reminder, now: datetime) -> None:
    """The step is behind us; `due_at` is the next one's time, of the last where none is left."""
    useful = is_useful(reminder, now)
    reminder.step, reminder.updated_at = step(reminder, now).number + 1, now
    if reminder.step < len(reminder.steps):
        reminder.state = ReminderState.PENDING
    else:
        # What fell away as a whole is off the page too: the talk that it was for has begun.
        reminder.state = ReminderState.SENT if useful else ReminderState.CANCELLED
    reminder.due_at = datetime.fromisoformat(reminder.steps[min(reminder.step, len(reminder.steps) - 1)][1])
