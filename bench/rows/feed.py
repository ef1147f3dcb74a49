"""A feed of 1,000 interviews, unchanged and right after a change, against a view of the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select, text, update

from bench import filling
from bench.fetching import Server, served
from bench.harness import Row, Target, Timed, compare
from bench.place import DATABASES, POSTGRESQL, SQLITE, Place, application
from crm.database import db, straight, transaction, utcnow
from crm.domain import feeds
from crm.domain.addresses import Addresses
from crm.models import Interview, User, Workspace
from crm.settings import Settings

INTERVIEWS, OTHERS, CHANGES = 1000, 20, 100
#: No address is asked for more often than the limit allows.
ADDRESSES, CHANGED = 8, 7
AGAINST = "a view of the same bytes"
TARGETS = {SQLITE: Target(0.7, AGAINST), POSTGRESQL: Target(0.5, AGAINST)}
CHANGED_TARGET = Target(0.15, AGAINST)


def measure(here: Place) -> list[Row]:
    """All rows, on either database."""
    return [row for database in DATABASES for row in _on(here, database)]


def _on(here: Place, database: str) -> Iterator[Row]:
    settings = here.settings(database, "feed")
    times = 100 if here.quick else 200
    with application(settings):
        paths = _fill(settings)
        with _both(settings, here, paths[0]) as (ours, bare, etag):
            unchanged = _fetching(bare, ["/bare"], times)
            target = TARGETS[database]
            full = _fetching(ours, paths[:3], times)
            yield compare(
                f"feed, full, {database}", target, full, unchanged, rounds=here.rounds, pieces=times
            )
            known = _fetching(ours, paths[3:6], times, 304, If_None_Match=etag)
            yield compare(
                f"feed, 304, {database}", target, known, unchanged, rounds=here.rounds, pieces=times
            )
            changed, same = _changing(settings, ours, paths[CHANGED - 1]), _fetching(bare, ["/bare"], CHANGES)
            name = f"feed, one changed, {database}"
            yield compare(name, CHANGED_TARGET, changed, same, rounds=here.rounds, pieces=CHANGES)


@contextmanager
def _both(settings: Settings, here: Place, path: str) -> Iterator[tuple[Server, Server, str]]:
    """Our server, and the bare one with the bytes of ours."""
    with served(settings) as ours:
        status, body, headers = ours.get(path)
        assert status == 200
        assert body.count(b"BEGIN:VEVENT") == INTERVIEWS
        file = here.folder / "body.ics"
        file.write_bytes(body)
        with served(settings, "bench.bare:app", BODY=str(file)) as bare:
            yield ours, bare, headers["etag"]


def _fetching(server: Server, paths: list[str], times: int, status: int = 200, **headers: str) -> Timed:
    return lambda: server.many(paths, times, status, **headers)


def _changing(settings: Settings, server: Server, path: str) -> Timed:
    """One interview changes, and the fetch after it is timed: the change itself is not."""

    def timed() -> float:
        seconds = 0.0
        for _ in range(CHANGES):
            _change_one()
            seconds += server.many([path], 1, 200)
            # As the worker does within two seconds.
            _store(settings)
        return seconds

    return timed


def _change_one() -> None:
    with transaction():
        number = db.session.scalar(select(func.min(Interview.id)).where(Interview.owner_id == 1))
        values = {"sequence": Interview.sequence + 1, "updated_at": utcnow()}
        db.session.execute(update(Interview).where(Interview.id == number).values(values))


def _store(settings: Settings) -> None:
    with transaction():
        feeds.keep(CHANGED, addresses=Addresses(settings.base_url), now=utcnow())


def _fill(settings: Settings) -> list[str]:
    """The addresses of one user's feeds of 1,000 interviews, written as the worker writes them."""
    filling.people(INTERVIEWS * OTHERS, owners=OTHERS)
    now, paths = utcnow(), []
    for _ in range(ADDRESSES):
        with transaction():
            whose = db.session.get_one(Workspace, 1), db.session.get_one(User, 1)
            feed, secret = feeds.add(*whose, {"name": "Feed"}, now=now)
            feeds.keep(feed.id, addresses=Addresses(settings.base_url), now=now)
        paths.append(f"/feeds/{secret}.ics")
    with straight() as connection:
        connection.execute(text("ANALYZE"))
    return paths
