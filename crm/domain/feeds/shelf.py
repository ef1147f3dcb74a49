"""The shelf: calendars as they were last joined, kept in memory, each renewed by what differs alone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

from sqlalchemy import select

from crm.database import db
from crm.domain import calendar
from crm.domain.calendar import AHEAD, BACK
from crm.domain.feeds.entries import midnight
from crm.domain.feeds.looking import Found
from crm.models import FeedEntry

#: What a process keeps at most, in bytes.
ROOM = 64 * 1024 * 1024
#: Entries are kept twice, alone and joined, and Python needs its part.
WEIGHT = 3


class Kept(NamedTuple):
    """The stored entries of one feed at one version: when each begins, and its bytes."""

    version: int
    day: date
    entries: dict[str, tuple[datetime, bytes]]


class Calendar(NamedTuple):
    """A calendar as it is answered, and what it was joined from."""

    name: str
    body: bytes
    #: A strong validator: other bytes, another one.
    etag: str
    kept: Kept


class Shelf:
    """The calendars of one process, those that were asked for last."""

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._size = room, 0
        self._calendars: OrderedDict[str, Calendar] = OrderedDict()
        self._lock = Lock()

    def ready(self, found: Found, *, now: datetime) -> Calendar | None:
        """The calendar behind an address where it is here and up to date."""
        with self._lock:
            calendar = self._calendars.get(found.token_hash)
            if calendar is None or not _is_fresh(calendar, found, now):
                return None
            self._calendars.move_to_end(found.token_hash)
            return calendar

    def renewed(self, found: Found, *, now: datetime) -> Calendar:
        """The calendar joined from what is stored; of one that is here only what differs is read."""
        with self._lock:
            before = self._calendars.get(found.token_hash)
        calendar = _joined(found, before.kept if before else None, now)
        self._keep(found.token_hash, calendar)
        return calendar

    def _keep(self, token_hash: str, calendar: Calendar) -> None:
        with self._lock:
            if before := self._calendars.pop(token_hash, None):
                self._size -= _weight(before)
            self._calendars[token_hash] = calendar
            self._size += _weight(calendar)
            while self._size > self._room and len(self._calendars) > 1:
                _, oldest = self._calendars.popitem(last=False)
                self._size -= _weight(oldest)


def _is_fresh(calendar: Calendar, found: Found, now: datetime) -> bool:
    kept = calendar.kept
    return kept.version == found.version and kept.day == now.date() and calendar.name == found.name


def _joined(found: Found, kept: Kept | None, now: datetime) -> Calendar:
    """90 days back to 18 months ahead, in whole UTC days, in the order of their starts."""
    kept = _read(found, kept, now)
    since, until = midnight(now) - BACK, midnight(now) + AHEAD
    within = sorted((at, key) for key, (at, _) in kept.entries.items() if since <= at < until)
    body = calendar.joined(found.name, [kept.entries[key][1] for _, key in within])
    return Calendar(found.name, body, sha256(body).hexdigest(), kept)


def _read(found: Found, kept: Kept | None, now: datetime) -> Kept:
    """The stored entries. What has left a feed is remembered for some days: an older memory is no use."""
    if kept is None or kept.day < now.date() - timedelta(days=1):
        kept = Kept(0, now.date(), {})
    entries = dict(kept.entries)
    for key, starts_at, body in _since(found, kept.version):
        if body is None:
            entries.pop(key, None)
        else:
            entries[key] = (starts_at, body)
    return Kept(found.version, now.date(), entries)


def _since(found: Found, version: int) -> Iterable[tuple[str, datetime, bytes | None]]:
    query = select(FeedEntry.key, FeedEntry.starts_at, FeedEntry.body).where(
        FeedEntry.feed_id == found.feed_id, FeedEntry.version > version
    )
    if version == 0:
        query = query.where(FeedEntry.body.is_not(None))
    return [(key, starts_at, body) for key, starts_at, body in db.session.execute(query)]


def _weight(calendar: Calendar) -> int:
    return WEIGHT * len(calendar.body) + 1024
