"""Visits: which program fetched a feed, when last, and how often it comes."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from crm.database import db
from crm.domain.feeds.programs import program
from crm.models import Feed, FeedVisit

#: Written at most so often for one program.
NOTED = timedelta(minutes=1)
#: Several requests of one visit lie within this: a look at the headers, then the calendar itself.
VISIT = timedelta(minutes=2)
#: Of so many latest returns the middle one is what is usual.
RETURNS = 9
#: Whoever holds an address could call themselves something else each time.
PROGRAMS = 12


class Pace(NamedTuple):
    """How often a program comes back."""

    usual: timedelta | None
    #: Whether we saw it, or know it of the program.
    is_measured: bool


def note(feed_id: int, key: str, *, now: datetime) -> None:
    """A program came. Several processes may say so at once: what is noted already is left alone."""
    feed = db.session.get(Feed, feed_id, with_for_update={"key_share": True}, populate_existing=True)
    if feed is None:
        return
    visit = _visit(feed, key)
    if visit is None:
        visit = _first(feed, key, now)
    if visit.last_at + NOTED <= now:
        visit.gaps = _with(visit.gaps, now - visit.last_at)
        visit.last_at = now
    feed.last_fetched_at = max(now, feed.last_fetched_at or now)


def pace(visit: FeedVisit) -> Pace:
    """How often a program usually comes back: the median of what was seen, else what is known of it."""
    if not visit.gaps:
        return Pace(program(visit.program).usual, is_measured=False)
    return Pace(timedelta(seconds=round(statistics.median(visit.gaps))), is_measured=True)


def _visit(feed: Feed, key: str) -> FeedVisit | None:
    return db.session.get(FeedVisit, (feed.id, key), populate_existing=True)


def _first(feed: Feed, key: str, now: datetime) -> FeedVisit:
    known = set(db.session.scalars(select(FeedVisit.program).where(FeedVisit.feed_id == feed.id)))
    if len(known) >= PROGRAMS:
        key = "others"
    if key in known and (others := _visit(feed, key)):
        return others
    visit = FeedVisit(feed_id=feed.id, workspace_id=feed.workspace_id, program=key, gaps=[])
    visit.first_at = visit.last_at = now
    db.session.add(visit)
    return visit


def _with(gaps: Sequence[int], gap: timedelta) -> list[int]:
    """The latest returns; what belongs to the visit before is none."""
    return list(gaps) if gap < VISIT else [*gaps, round(gap.total_seconds())][-RETURNS:]
