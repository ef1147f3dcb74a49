"""Calendars: talks and mornings stay where they are on the wall when a country changes its clocks."""

from __future__ import annotations

from collections.abc import Callable

from crm.database import transaction, utcnow
from crm.domain import interviews, reminders
from workers.app import app
from workers.house import house


@app.task(name="workers.calendar.realign")
def realign() -> None:
    """Look through the planned talks, and through what comes due soon, a batch a unit of work."""
    _through(lambda after: interviews.realign(house=house(), now=utcnow(), after=after))
    _through(lambda after: reminders.realign(now=utcnow(), after=after))


def _through(batch: Callable[[int], int]) -> None:
    after, more = 0, True
    while more:
        with transaction():
            after = batch(after)
        more = after > 0
