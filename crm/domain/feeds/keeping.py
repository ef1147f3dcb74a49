"""Keeping: the stored entries of a feed follow what changed. One entry changed, one entry is written.

Marks are taken away first and the rows read afterwards, so that a change is either read here or leaves its
mark for the next time; in the same unit of work, so that a failure leaves both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, bindparam, delete, or_, select

from crm.database import db
from crm.domain import calendar
from crm.domain.addresses import Addresses
from crm.domain.calendar import BACK
from crm.domain.feeds import choices, entries
from crm.domain.feeds.choices import Keyed
from crm.domain.feeds.entries import Wanted
from crm.domain.feeds.looking import Found
from crm.models import Feed, FeedEntry, feed_marks

#: Raised by whoever changes how entries are written: all feeds are then written anew.
FORMAT = 2
#: With more marks than this it is quicker to look at all of them.
MANY = 200
#: So many a fetch writes by itself while the worker has not come; with more it does the worker's part.
FEW = 5
#: What has left a feed is remembered so long, for processes that know it as it was the day before.
REMEMBERED = timedelta(days=3)


def recipe(addresses: Addresses) -> str:
    """What stored entries depend on besides their rows."""
    return sha256(f"{FORMAT} {addresses.base_url}".encode()).hexdigest()


def marked(*, now: datetime, limit: int) -> Sequence[int]:
    """Ids of feeds of which something changed."""
    query = select(feed_marks.c.feed_id).where(_is_due(now)).distinct().limit(limit)
    return db.session.scalars(query).all()


#: Entries by their keys: when each begins, and its bytes; None for one that is not there any more.
Patch = dict[str, tuple[datetime, bytes] | None]


class Done(NamedTuple):
    """A feed whose entries are up to date: its version, and how many were written for it."""

    version: int
    recipe: str
    written: int

    def seen(self, found: Found) -> Found:
        """What was found before, as it is now."""
        return found._replace(version=self.version, recipe=self.recipe, is_marked=False)


def keep(feed_id: int, *, addresses: Addresses, now: datetime) -> Done:
    """Bring a feed's entries up to date, whoever asks first."""
    feed = db.session.scalars(select(Feed).where(Feed.id == feed_id).with_for_update(key_share=True)).one()
    taken = db.session.execute(
        delete(feed_marks)
        .where(feed_marks.c.feed_id == feed_id, _is_due(now))
        .returning(feed_marks.c.source, feed_marks.c.source_id)
    )
    marks = {(source, number) for source, number in taken}
    if feed.recipe != recipe(addresses):
        marks.add(("all", 0))
        feed.recipe = recipe(addresses)
    written = 0
    if marks and feed.deleted_at is None:
        is_whole = ("all", 0) in marks or len(marks) > MANY
        chosen = choices.of(feed_id)
        wanted = None if is_whole else entries.behind(chosen, marks)
        written = _store(feed, wanted, entries.of(chosen, wanted, addresses=addresses, now=now), now)
    return Done(feed.version, feed.recipe, written)


def patch(feed_id: int, *, addresses: Addresses, now: datetime) -> Patch | None:
    """What changed and no worker has stored yet, without storing it; None where that is more than a little.

    Marks are read before the rows, so that what is read is as new as the marks at least.
    """
    told = {"feed_id": feed_id, "now": now}
    marks = {(source, number) for source, number in db.session.connection().execute(_MARKS, told)}
    chosen = choices.of(feed_id)
    if len(marks) > FEW or ("all", 0) in marks or chosen.recipe != recipe(addresses):
        return None
    wanted = entries.behind(chosen, marks)
    found: Patch = dict.fromkeys(wanted.keys())
    for key, starts_at, entry in entries.of(chosen, wanted, addresses=addresses, now=now):
        found[key] = starts_at, calendar.written(entry)
    return found


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
    db.session.flush()
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


def _is_due(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return or_(feed_marks.c.due_at.is_(None), feed_marks.c.due_at <= now)


_MARKS = (
    select(feed_marks.c.source, feed_marks.c.source_id)
    .where(
        feed_marks.c.feed_id == bindparam("feed_id"),
        _is_due(bindparam("now", type_=feed_marks.c.due_at.type)),
    )
    .distinct()
    .limit(FEW + 1)
)
