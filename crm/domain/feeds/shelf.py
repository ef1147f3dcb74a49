"""The shelf: calendars as they were last joined, kept in memory, each renewed by what differs alone."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from datetime import date, datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

from sqlalchemy import bindparam, select

from crm.database import db
from crm.domain import calendar
from crm.domain.calendar import AHEAD, BACK
from crm.domain.feeds.entries import midnight
from crm.domain.feeds.keeping import Patch
from crm.domain.feeds.looking import Found
from crm.models import FeedEntry

#: What a process keeps at most, in bytes.
ROOM = 64 * 1024 * 1024
#: Entries are kept twice, alone and joined, and Python needs its part.
WEIGHT = 3


_TABLE = FeedEntry.__table__
_SINCE = select(_TABLE.c.key, _TABLE.c.starts_at, _TABLE.c.body).where(
    _TABLE.c.feed_id == bindparam("feed_id"), _TABLE.c.version > bindparam("version")
)


class Line(NamedTuple):
    """One stored entry, in the order in which a feed joins them."""

    starts_at: datetime
    key: str
    body: bytes
    digest: bytes


class Calendar(NamedTuple):
    """A calendar as it is answered, and what it was joined from."""

    name: str
    version: int
    day: date
    body: bytes
    #: A strong validator over all bytes: other ones, another one.
    etag: str
    #: All stored entries, also those that are still too far ahead.
    lines: list[Line]


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
        calendar = _joined(found, _lines(found, before, now), now)
        self._keep(found.token_hash, calendar)
        return calendar

    def patched(self, found: Found, patch: Patch, *, now: datetime) -> Calendar:
        """The calendar with what changed and is not stored yet; that part of it is not kept.

        What a worker stored since the address was looked up may be what the patch lacks: it is read too.
        """
        with self._lock:
            before = self._calendars.get(found.token_hash)
        base = before if before and before.day == now.date() else self.renewed(found, now=now)
        lines = _merged(base.lines, {**_read(found, base.version), **_sealed(patch)})
        return _joined(found, lines, now)

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
    known = (calendar.version, calendar.name, calendar.day)
    return known == (found.version, found.name, now.date())


def _joined(found: Found, lines: list[Line], now: datetime) -> Calendar:
    """90 days back to 18 months ahead, in whole UTC days, in the order of their starts."""
    first, last = (bisect_left(lines, (midnight(now) + span,)) for span in (-BACK, AHEAD))
    within = lines[first:last]
    body = calendar.joined(found.name, [line.body for line in within])
    # Over the sums of the entries, which are kept: those of a thousand are a tenth of their bytes.
    total = sha256(calendar.head(found.name) + b"".join([line.digest for line in within]))
    return Calendar(found.name, found.version, now.date(), body, total.hexdigest(), lines)


def _lines(found: Found, before: Calendar | None, now: datetime) -> list[Line]:
    """The stored entries. What has left a feed is remembered for some days: an older memory is no use."""
    if before is None or before.day < now.date() - timedelta(days=1):
        return sorted(filter(None, _read(found, 0).values()))
    return _merged(before.lines, _read(found, before.version))


def _merged(lines: list[Line], changed: dict[str, Line | None]) -> list[Line]:
    same = [line for line in lines if line.key not in changed]
    return sorted([*same, *filter(None, changed.values())])


def _sealed(patch: Patch) -> dict[str, Line | None]:
    return {
        key: Line(found[0], key, found[1], sha256(found[1]).digest()) if found else None
        for key, found in patch.items()
    }


def _read(found: Found, version: int) -> dict[str, Line | None]:
    """What was written since a version; nothing for what has left."""
    # Plain rows: the session's own way costs more than what is read.
    rows = db.session.connection().execute(_SINCE, {"feed_id": found.feed_id, "version": version})
    return {
        key: Line(starts_at, key, body, sha256(body).digest()) if body is not None else None
        for key, starts_at, body in rows
    }


def _weight(calendar: Calendar) -> int:
    return WEIGHT * len(calendar.body) + 1024
