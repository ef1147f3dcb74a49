"""Quiet hours and days off over plain values: until when a letter has to wait.

Both are spans between two instants. Wall clocks only name their ends, so a night in which clocks
change holds letters neither twice nor too long.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.domain import clock

#: As they are kept, Monday first.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = time(0)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Quiet:
    """What one user wishes: hours without letters, which may wrap midnight, and days of the week."""

    hours: tuple[time, time] | None = None
    days_off: Collection[str] = ()

    @property
    def morning(self) -> time:
        """When the day after a day off begins: as the night's quiet hours end, else at 08:00."""
        if self.hours is None:
            return clock.MORNING
        begin, end = self.hours
        return end if begin > end or begin == MIDNIGHT else clock.MORNING

    def is_off(self, day: date) -> bool:
        """Whether it is a day off."""
        return DAYS[day.weekday()] in self.days_off

    def until(self, at: datetime, where: ZoneInfo) -> datetime | None:
        """The instant at which what is held at `at` may go; None where nothing holds it."""
        free = at
        while ends := [end for begin, end in self._spans(free, where) if begin <= free < end]:
            free = max(ends)
        return free if free > at else None

    def _spans(self, at: datetime, where: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """What may hold an instant: the hours and the day off that began on its date or on the one before."""
        today = clock.wall(at, where).date()
        for day in (today - DAY, today):
            if self.hours is not None:
                begin, end = self.hours
                last = day + DAY if begin > end else day
                yield clock.on(day, begin, where), clock.on(last, end, where)
            if self.is_off(day):
                yield clock.on(day, MIDNIGHT, where), clock.on(day + DAY, self.morning, where)
