"""Calendars: entries of feeds are written when something changed, before programs ask for them.

And talks and mornings stay where they are on the wall when a country changes its clocks.
"""

from __future__ import annotations

from collections.abc import Callable

from crm.database import transaction, utcnow
from crm.domain import feeds, interviews, reminders
from workers.app import app
from workers.house import house

#: Feeds brought up to date in one tick.
BATCH = 50


@app.task(name="workers.calendar.realign")
def realign() -> None:
    """Look through the planned talks, and through what comes due soon, a batch a unit of work."""
    _through(lambda after: interviews.realign(house=house(), now=utcnow(), after=after))
    _through(lambda after: reminders.realign(now=utcnow(), after=after))


@app.task(name="workers.calendar.write")
def write() -> int:
    """Write the entries that changed, a feed a unit of work. A program that comes before does it itself."""
    with transaction():
        marked = feeds.marked(now=utcnow(), limit=BATCH)
    for feed_id in marked:
        with transaction():
            feeds.keep(feed_id, addresses=house().addresses, now=utcnow())
    return len(marked)


@app.task(name="workers.calendar.tidy")
def tidy() -> None:
    """Forget entries that no feed shows any more."""
    with transaction():
        feeds.tidy(now=utcnow())


def _through(batch: Callable[[int], int]) -> None:
    after, more = 0, True
    while more:
        with transaction():
            after = batch(after)
        more = after > 0
