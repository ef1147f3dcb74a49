"""Calendars: the time that was agreed on stays on the wall when a country changes its clocks."""

from __future__ import annotations

from crm.database import transaction, utcnow
from crm.domain import interviews
from workers.app import app
from workers.house import house


@app.task(name="workers.calendar.realign")
def realign() -> None:
    """Look through the planned talks, a batch a unit of work."""
    after, more = 0, True
    while more:
        with transaction():
            after = interviews.realign(house=house(), now=utcnow(), after=after)
        more = after > 0
