"""Keeping: the stored entries of a feed follow what changed. One entry changed, one entry is written.

Marks are taken away first and the rows read afterwards, so that a change is either read here or leaves its
mark for the next time; in the same unit of work, so that a failure leaves both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, delete, or_, select

from crm.database import db
from crm.domain import calendar
from crm.domain.addresses import Addresses
from crm.domain.calendar import BACK
from crm.domain.feeds import entries
from crm.domain.feeds.entries import Keyed, Wanted
from crm.models import Feed, FeedEntry, feed_marks

#: Raised by whoever changes how entries are written: all feeds are then written anew.
FORMAT = 1
#: With more marks than this it is quicker to look at all of them.
MANY = 200
#: What has left a feed is remembered so long, for processes that know it as it was the day before.
REMEMBERED = timedelta(days=3)


def recipe(addresses: Addresses) -> str:
    """What stored entries depend on besides their rows."""
    return sha256(f"{FORMAT} {addresses.base_url}".encode()).hexdigest()


def marked(*, now: datetime, limit: int) -> Sequence[int]:
    """Ids of feeds of which something changed."""
    query = select(feed_marks.c.feed_id).where(_is_due(now)).distinct().limit(limit)
    return db.session.scalars(query).all()


def keep(feed_id: int, *, addresses: Addresses, now: datetime) -> int:
    """Bring a feed's entries up to date, whoever asks first; answers how many were written."""
    feed = db.session.get(Feed, feed_id, with_for_update={"key_share": True}, populate_existing=True)
    taken = db.session.execute(
        delete(feed_marks)
        .where(feed_marks.c.feed_id == feed_id, _is_due(now))
        .returning(feed_marks.c.source, feed_marks.c.source_id)
    )
    marks = {(source, number) for source, number in taken}
    if feed is None or feed.deleted_at is not None:
        return 0
    if feed.recipe != recipe(addresses):
        marks.add(("all", 0))
        feed.recipe = recipe(addresses)
    if not marks:
        return 0
    is_whole = ("all", 0) in marks or len(marks) > MANY
    wanted = None if is_whole else entries.behind(feed, marks)
    return _store(feed, wanted, entries.of(feed, wanted, addresses=addresses, now=now), now)


def tidy(*, now: datetime) -> int:
    """Forget entries that no feed shows any more."""
    old = delete(FeedEntry).where(FeedEntry.starts_at < now - BACK - REMEMBERED)
    return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]


def _store(feed: Feed, wanted: Wanted | None, found: Iterable[Keyed], now: datetime) -> int:
    """Write what differs, under the feed's next version."""
    query = select(FeedEntry).where(FeedEntry.feed_id == feed.id)
    if wanted is not None:
        query = query.where(FeedEntry.key.in_(wanted.keys()))
    stored = {row.key: row for row in db.session.scalars(query)}
    version, written = feed.version + 1, 0
    for key, starts_at, entry in found:
        written += _put(feed, stored.pop(key, None), Keyed(key, starts_at, entry), version)
    for row in stored.values():
        if row.body is not None:
            row.body, row.version, row.starts_at = None, version, now - BACK
            written += 1
    if written:
        feed.version = version
    return written


def _put(feed: Feed, row: FeedEntry | None, keyed: Keyed, version: int) -> bool:
    """Write one entry; answers whether it is another one than before."""
    body = calendar.written(keyed.entry)
    if row is None:
        row = FeedEntry(feed_id=feed.id, workspace_id=feed.workspace_id, key=keyed.key)
        db.session.add(row)
    elif (row.body, row.starts_at) == (body, keyed.starts_at):
        return False
    row.body, row.starts_at, row.version = body, keyed.starts_at, version
    return True


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(feed_marks.c.due_at.is_(None), feed_marks.c.due_at <= now)
