"""Whatever changes what a feed shows is in the feed at once; nothing else is written anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from crm.database import db, transaction
from crm.domain import campaigns, contacts, feeds, interviews, organisations, pipeline, reminders
from crm.models import Feed, FeedEntry, Include, Interview, Stage, feed_marks
from crm.models.marking import TRIGGERS
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, HOUSE, plan
from tests.domain.test_feeds import render, served, subscribe, titles

ALL = {"include": list(Include)}


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


@pytest.fixture
def talk(cast: Cast, now: datetime) -> Interview:
    """A talk tomorrow."""
    contacts.change(cast.ada, {"organisation": "Kitsap"}, by=cast.alice, now=now)
    return plan(cast, now + DAY, now)


@pytest.fixture
def feed(cast: Cast, talk: Interview, now: datetime) -> Feed:
    """All of it, written and settled."""
    feed = subscribe(cast, now, **ALL)
    feeds.keep(feed.id, addresses=HOUSE.addresses, now=now + HOUR)
    return feed


def marks() -> int:
    return len(db.session.execute(select(feed_marks)).all())


def rename(cast: Cast, talk: Interview, now: datetime) -> None:
    contacts.change(cast.ada, {"name": "Ada Obi"}, by=cast.alice, now=now)


def rename_organisation(cast: Cast, talk: Interview, now: datetime) -> None:
    assert cast.ada.organisation is not None
    organisations.change(cast.ada.organisation, {"name": "Kitsap Labs"})


def new_phone(cast: Cast, talk: Interview, now: datetime) -> None:
    contacts.change(cast.ada, {"phone": "555-0100"}, by=cast.alice, now=now)


def move(cast: Cast, talk: Interview, now: datetime) -> None:
    interviews.change(talk, {"starts_at": now + 2 * DAY}, by=cast.alice, now=now, house=HOUSE)


def call_off(cast: Cast, talk: Interview, now: datetime) -> None:
    interviews.cancel(talk, by=cast.alice, now=now, house=HOUSE)


def delete(cast: Cast, talk: Interview, now: datetime) -> None:
    contacts.delete(cast.ada, by=cast.alice, now=now)


def plan_another(cast: Cast, talk: Interview, now: datetime) -> None:
    plan(cast, now + 3 * DAY, now)


def finish_what_is_due(cast: Cast, talk: Interview, now: datetime) -> None:
    reminders.done(reminders.open_of(cast.ada)[0], now=now)


def travel(cast: Cast, talk: Interview, now: datetime) -> None:
    # From the west of the date line to its east, every day of something due is another one.
    cast.alice.timezone = "Pacific/Kiritimati"


def in_bulk(cast: Cast, talk: Interview, now: datetime) -> None:
    db.session.execute(text("UPDATE interviews SET place = 'Lobby'"))
    db.session.expire_all()


CHANGES = [
    rename,
    rename_organisation,
    new_phone,
    move,
    call_off,
    delete,
    plan_another,
    finish_what_is_due,
    travel,
    in_bulk,
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_in_the_feed_at_once_and_as_if_it_were_written_anew(
    cast: Cast,
    talk: Interview,
    feed: Feed,
    now: datetime,
    change: Callable[[Cast, Interview, datetime], None],
) -> None:
    shelf = feeds.Shelf()
    before = served(feed, now, shelf)
    change(cast, talk, now + HOUR)
    db.session.flush()
    after = served(feed, now, shelf)
    assert after.body != before.body
    assert after.etag != before.etag
    whole = subscribe(cast, now, **ALL)
    assert served(whole, now).body == after.body == served(feed, now).body


def test_what_a_feed_does_not_show_puts_no_mark(
    cast: Cast, talk: Interview, feed: Feed, now: datetime
) -> None:
    contacts.change(cast.ada, {"notes": "Likes tea", "email": "ada@example.net"}, by=cast.alice, now=now)
    contacts.add(cast.workspace, {"name": "Grace"}, by=cast.alice, now=now)
    db.session.flush()
    found = [tuple(row) for row in db.session.execute(select(feed_marks.c.source, feed_marks.c.due_at))]
    assert [source for source, due_at in found if due_at is None] == ["reminder"]


def test_one_change_writes_one_entry(cast: Cast, talk: Interview, feed: Feed, now: datetime) -> None:
    for number in range(5):
        grace = contacts.add(cast.workspace, {"name": f"Grace {number}"}, by=cast.alice, now=now)
        interviews.plan(grace, by=cast.alice, starts_at=now + 2 * DAY, now=now, house=HOUSE, invite=False)
    feeds.keep(feed.id, addresses=HOUSE.addresses, now=now)
    talk.place = "Lobby"
    db.session.flush()
    assert feeds.keep(feed.id, addresses=HOUSE.addresses, now=now).written == 1
    assert feeds.keep(feed.id, addresses=HOUSE.addresses, now=now).written == 0


def test_what_changes_nothing_keeps_the_version(
    cast: Cast, talk: Interview, feed: Feed, now: datetime
) -> None:
    feeds.keep(feed.id, addresses=HOUSE.addresses, now=now)
    version = feed.version
    talk.notes = "Bring a pen"
    db.session.flush()
    assert marks() > 0
    assert feeds.keep(feed.id, addresses=HOUSE.addresses, now=now).version == version


def test_chosen_campaigns_are_followed(cast: Cast, talk: Interview, now: datetime) -> None:
    water = campaigns.add(cast.workspace, {"name": "Water"}, now=now)
    feed = subscribe(cast, now, campaigns=[str(water.id)])
    assert titles(feed, now) == []
    contacts.change(cast.ada, {"campaigns": [water.id]}, by=cast.alice, now=now)
    db.session.flush()
    assert titles(feed, now) == ["Interview with Ada Okafor"]
    contacts.change(cast.ada, {"campaigns": []}, by=cast.alice, now=now)
    db.session.flush()
    assert titles(feed, now) == []


def test_without_feeds_nothing_is_marked(cast: Cast, talk: Interview, now: datetime) -> None:
    pipeline.move(cast.ada, Stage.INTERVIEWED, by=cast.alice, now=now)
    db.session.flush()
    assert marks() == 0


def test_another_address_of_the_installation_writes_all_anew(cast: Cast, feed: Feed, now: datetime) -> None:
    elsewhere = type(HOUSE.addresses)("https://elsewhere.example.org")
    assert feeds.keep(feed.id, addresses=elsewhere, now=now).written > 0
    assert b"https://elsewhere.example.org/interviews/" in served_at(feed)


def served_at(feed: Feed) -> bytes:
    return b"".join(
        filter(None, db.session.scalars(select(FeedEntry.body).where(FeedEntry.feed_id == feed.id)))
    )


def test_a_new_feed_is_looked_at_once_more_when_everything_before_it_has_ended(
    cast: Cast, talk: Interview, now: datetime
) -> None:
    feed = subscribe(cast, now)
    feeds.keep(feed.id, addresses=HOUSE.addresses, now=now)
    # What a unit of work does that cannot see the feed yet: no mark.
    db.session.execute(text("UPDATE interviews SET place = 'Lobby'"))
    db.session.expire_all()
    db.session.execute(feed_marks.delete().where(feed_marks.c.due_at.is_(None)))
    assert feeds.marked(now=now, limit=9) == []
    assert feeds.marked(now=now + timedelta(minutes=10), limit=9) == [feed.id]
    assert b"Lobby" in render(feed, now + timedelta(minutes=10))


def test_past_entries_are_forgotten(cast: Cast, talk: Interview, feed: Feed, now: datetime) -> None:
    assert feeds.tidy(now=now + 30 * DAY) == 0
    assert feeds.tidy(now=now + 100 * DAY) > 0


def test_every_trigger_is_there_after_the_last_migration(cast: Cast) -> None:
    catalogue = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'"}
    asked = catalogue.get(db.engine.dialect.name, "SELECT tgname FROM pg_trigger")
    assert {trigger.name for trigger in TRIGGERS} <= set(db.session.scalars(text(asked)))
