"""Wishes: how each owner wants to be told, looked up once for all that a unit of work tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.domain import clock, notifications, preferences, subscriptions
from crm.domain.reminders.promises import APART, BEFORE_A_TALK, OVERDUE, THANKS_WITHIN
from crm.domain.reminders.stepping import Step
from crm.models import Device, Kind, MessageKind, Preference, Reminder, Subscription, User, Way

#: Steps of the thank-you that come as letters whenever the digest does (P-T1).
PRESSING = ("two_hours_left", OVERDUE)

#: A user in a workspace: their ids, the workspace's first.
Owner = tuple[int, int]


@dataclass(frozen=True)
class Wishes:
    """How one user wants to be told."""

    user: User
    kept: Mapping[MessageKind, Subscription]
    wished: Preference
    devices: Sequence[Device]

    def token(self, reminder: Reminder) -> str:
        """The secret part of the address at which this kind stops."""
        found = self.kept.get(MessageKind(reminder.kind))
        return (
            found.token
            if found
            else subscriptions.token(reminder.owner, reminder.workspace_id, reminder.kind)
        )

    def way(self, reminder: Reminder, step: Step, *, now: datetime) -> Way:
        """How mail tells a step. What is near in time is left to a digest only where the user said so."""
        chosen = subscriptions.told_by(subscriptions.chosen(self.kept), reminder.kind)
        if chosen is Way.DIGEST and not self.wished.near_in_digest and self._is_near(reminder, step, now):
            return Way.LETTER
        return chosen

    def _is_near(self, reminder: Reminder, step: Step, now: datetime) -> bool:
        """The talk is today, thanks run out, or the next digest would leave less than two hours."""
        next_digest_at = preferences.digest_hours(self.wished, self.user).next(now)
        if reminder.kind is Kind.THANK_YOU:
            limit = reminder.anchor_at + THANKS_WITHIN
            return step.name in PRESSING or next_digest_at > limit - APART
        if reminder.kind not in BEFORE_A_TALK or reminder.interview is None:
            return False
        begins, here = reminder.interview.starts_at, clock.zone(reminder.owner.timezone)
        is_today = clock.wall(begins, here).date() == clock.wall(now, here).date()
        return is_today or begins < next_digest_at + APART


def of_owners(reminders: Iterable[Reminder]) -> dict[Owner, Wishes]:
    """What the owners of these reminders chose, in three queries for all of them."""
    owners = {(one.workspace_id, one.owner_id): one.owner for one in reminders}
    kept, chosen = subscriptions.of_many(owners), preferences.of_many(owners)
    devices = notifications.devices_of(owners)
    return {
        owner: Wishes(owners[owner], kept.get(owner, {}), chosen[owner], devices.get(owner, ()))
        for owner in owners
    }
