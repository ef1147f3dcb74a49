"""Telling: each step that comes due is told once, by the bell and by the way that its owner chose besides."""

from __future__ import annotations

from datetime import datetime

from crm.domain import clock, humane
from crm.domain.addresses import Addresses
from crm.domain.reminders.promises import APART, BEFORE_A_TALK, OVERDUE, THANKS_WITHIN
from crm.domain.reminders.stepping import Step, limit_of
from crm.domain.reminders.wording import TASKS
from crm.models import Kind, Message, MessageKind, Notification, Reminder, Way

HERE = Addresses("")


def news(reminder: Reminder, step: Step, way: Way, letter: Message | None, *, now: datetime) -> Notification:
    """A step as the bell tells it, with the letter that tells it where there is one already."""
    return Notification(
        workspace_id=reminder.workspace_id,
        user_id=reminder.owner_id,
        reminder_id=reminder.id,
        dedupe_key=key(reminder, step),
        kind=MessageKind(reminder.kind),
        title=task(reminder)[:300],
        text=_sentence(by_when(reminder, step.due_at, now=now))[:500],
        path=HERE.reminder(reminder.id),
        due_at=step.due_at,
        not_after=limit_of(reminder, step.name, now),
        urgent=is_urgent(reminder, step, now=now),
        way=way,
        letter=letter,
    )


def is_urgent(reminder: Reminder, step: Step, *, now: datetime) -> bool:
    """Whether its letter leaves in quiet hours too: first and overdue thank-you, a talk that begins."""
    if reminder.kind is Kind.THANK_YOU:
        return (step.number == 0 and step.name != "snoozed") or step.name == OVERDUE
    talk = reminder.interview
    return talk is not None and reminder.kind in BEFORE_A_TALK and talk.starts_at - now <= APART


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def key(reminder: Reminder, step: Step) -> str:
    """What makes a step one: "reminder 7 step 0 once"."""
    return f"reminder {reminder.id} step {step.number} {step.name}"[:110]


def step_of(told: Notification) -> Step:
    """The step that a notification told."""
    _, _, _, number, name = told.dedupe_key.split(" ", 4)
    return Step(int(number), name, told.due_at)


def task(reminder: Reminder) -> str:
    """What is to be done, in a line."""
    return TASKS[reminder.kind].format(name=reminder.contact.name)


def by_when(reminder: Reminder, due_at: datetime, *, now: datetime) -> str:
    """By when it is to be done where there is a limit, else since when; in the owner's zone."""
    here = clock.zone(reminder.owner.timezone)
    if reminder.kind is Kind.THANK_YOU:
        limit = reminder.anchor_at + THANKS_WITHIN
        return f"{'by' if now < limit else 'overdue since'} {humane.exact(limit, here)}"
    if reminder.kind in BEFORE_A_TALK and reminder.interview is not None:
        return f"the talk begins {humane.exact(reminder.interview.starts_at, here)}"
    return f"due {humane.exact(due_at, here)}"
