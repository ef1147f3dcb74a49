"""Hours: on which local dates the digest and the look-ahead come, and how late they may.

Each is asked for by the wall clock of now and the hour wished, never by counting on from an instant:
a traveller, a changed hour and a worker that slept for a week all find the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.domain import clock
from crm.domain.preferences.quiet import DAY, DAYS

NOON = time(12)
#: What is to come about noon or later may be so late.
SPARE = timedelta(hours=2)
#: The week to come is looked at on Sunday evening.
SUNDAY = 6


@dataclass(frozen=True)
class Occasion:
    """The last time that a letter was to come: for which local date, and until when it is still one."""

    day: date
    at: datetime
    until: datetime


@dataclass(frozen=True)
class Hours:
    """A time of day in a zone, on some days of the week."""

    at: time
    where: ZoneInfo
    days_off: tuple[str, ...] = ()

    def last(self, now: datetime) -> Occasion:
        """The latest occasion that has come; late until noon, and for two hours where that is later."""
        day = self._find(now, -DAY, lambda at: at <= now)
        at = clock.on(day, self.at, self.where)
        return Occasion(day, at, max(clock.on(day, NOON, self.where), at + SPARE))

    def next(self, now: datetime) -> datetime:
        """The first that is still to come."""
        day = self._find(now, DAY, lambda at: at > now)
        return clock.on(day, self.at, self.where)

    def _find(self, now: datetime, step: timedelta, fits: Callable[[datetime], bool]) -> date:
        day = clock.wall(now, self.where).date()
        while DAYS[day.weekday()] in self.days_off or not fits(clock.on(day, self.at, self.where)):
            day += step
        return day


def sunday_evening(where: ZoneInfo) -> Hours:
    """When the week to come is looked at."""
    return Hours(clock.EVENING, where, DAYS[:SUNDAY])
