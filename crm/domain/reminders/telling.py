"""Telling: each step that comes due is told once, by the bell and by the way that its owner chose besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from crm.domain import clock, humane, notifications, preferences, subscriptions
from crm.domain.addresses import Addresses
from crm.domain.reminders.promises import APART, BEFORE_A_TALK, OVERDUE, THANKS_WITHIN
from crm.domain.reminders.wording import TASKS
from crm.models import Device, Kind, Message, MessageKind, Notification, Preference, Reminder, User, Way

HERE = Addresses("")
#: Steps of the thank-you that come as letters whenever the digest does (P-T1).
PRESSING = ("two_hours_left", OVERDUE)


class Step(NamedTuple):
    """The step of a promise that is told: which, and when it came due."""

    number: int
    name: str
    due_at: datetime


@dataclass(frozen=True)
class Wishes:
    """How one user wants to be told, looked up once for all that is written to them."""

    chosen: Mapping[MessageKind, Way]
    #: The secret parts of the addresses at which kinds stop, as far as they are made.
    tokens: Mapping[MessageKind, str]
    devices: Sequence[Device]
    kept: Preference
    user: User

    def next_digest(self, now: datetime) -> datetime:
        """When the digest comes that a step would wait for."""
        return preferences.digest_hours(self.kept, self.user).next(now)


def wishes_of(due: Iterable[Reminder]) -> dict[tuple[int, int], Wishes]:
    """What the owners of these chose, by workspace and user."""
    owners = {(reminder.workspace_id, reminder.owner_id): reminder.owner for reminder in due}
    chosen, kept = subscriptions.of_all(owners), preferences.of_all(owners)
    devices = notifications.devices_of(owners)
    return {
        owner: Wishes(
            subscriptions.chosen(chosen[owner]),
            {found.kind: found.token for found in chosen[owner]},
            devices[owner],
            kept[owner],
            user,
        )
        for owner, user in owners.items()
    }


def way(reminder: Reminder, step: Step, wished: Wishes, *, now: datetime) -> Way:
    """How mail tells a step. What is near in time is left to a digest only where the user said so."""
    chosen = subscriptions.told_by(wished.chosen, reminder.kind)
    if chosen is Way.DIGEST and not wished.kept.near_in_digest and _is_near(reminder, step, wished, now):
        return Way.LETTER
    return chosen


def is_urgent(reminder: Reminder, step: Step, *, now: datetime) -> bool:
    """Whether its letter leaves in quiet hours too: the first and the overdue thank-you, a talk that begins."""
    if reminder.kind is Kind.THANK_YOU:
        return step.number == 0 or step.name == OVERDUE
    talk = reminder.interview
    return talk is not None and reminder.kind in BEFORE_A_TALK and talk.starts_at - now <= APART


def news(
    reminder: Reminder, step: Step, way: Way, letter: Message | None, *, not_after: datetime, now: datetime
) -> Notification:
    """A step as the bell tells it, with the letter that tells it where there is one already."""
    return Notification(
        workspace_id=reminder.workspace_id,
        user_id=reminder.owner_id,
        reminder_id=reminder.id,
        dedupe_key=key(reminder, step),
        kind=MessageKind(reminder.kind),
        title=task(reminder)[:300],
        text=by_when(reminder, step.due_at, now=now),
        path=HERE.reminder(reminder.id),
        due_at=step.due_at,
        not_after=not_after,
        way=way,
        letter=letter,
    )


def key(reminder: Reminder, step: Step) -> str:
    """What makes a step one: "reminder 7 step 0 once"."""
    return f"reminder {reminder.id} step {step.number} {step.name}"


def step_of(news: Notification) -> Step:
    """The step that a notification told."""
    _, _, _, number, name = news.dedupe_key.split(" ", 4)
    return Step(int(number), name, news.due_at)


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


def _is_near(reminder: Reminder, step: Step, wished: Wishes, now: datetime) -> bool:
    """The talk is today, thanks run out, or the next digest would leave less than two hours for either."""
    if reminder.kind is Kind.THANK_YOU:
        limit = reminder.anchor_at + THANKS_WITHIN
        return step.name in PRESSING or wished.next_digest(now) > limit - APART
    if reminder.kind not in BEFORE_A_TALK or reminder.interview is None:
        return False
    begins, here = reminder.interview.starts_at, clock.zone(reminder.owner.timezone)
    is_today = clock.wall(begins, here).date() == clock.wall(now, here).date()
    return is_today or begins < wished.next_digest(now) + APART
