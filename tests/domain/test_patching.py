"""A little that changed is answered before it is stored; a lot is stored first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from crm.database import db, transaction
from crm.domain import contacts, feeds, interviews
from crm.models import Feed, Interview, feed_marks
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, HOUSE, plan
from tests.domain.test_feeds import found_of, served, subscribe
from tests.domain.test_marking import ALL, call_off, marks


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


@pytest.fixture
def talk(cast: Cast, now: datetime) -> Interview:
    """A talk tomorrow."""
    return plan(cast, now + DAY, now)


@pytest.fixture
def feed(cast: Cast, talk: Interview, now: datetime) -> Feed:
    """All of it, written and settled."""
    feed = subscribe(cast, now, **ALL)
    feeds.keep(feed.id, addresses=HOUSE.addresses, now=now + HOUR)
    return feed


def test_a_little_that_changed_is_answered_before_it_is_stored(
    cast: Cast, talk: Interview, feed: Feed, now: datetime
) -> None:
    before, shelf = served(feed, now), feeds.Shelf()
    for number in range(9):
        talk.place = f"Room {number}"
        db.session.flush()
    patch = feeds.patch(feed.id, addresses=HOUSE.addresses, now=now)
    assert patch is not None
    patched = shelf.patched(found_of(feed), patch, now=now)
    assert b"Room 8" in patched.body
    assert marks() > 0
    assert served(feed, now).body == patched.body != before.body
    assert served(feed, now).etag == patched.etag


def test_what_left_and_is_not_stored_as_gone_is_not_answered(
    cast: Cast, talk: Interview, feed: Feed, now: datetime
) -> None:
    call_off(cast, talk, now)
    db.session.execute(feed_marks.delete().where(feed_marks.c.source == "reminder"))
    patch = feeds.patch(feed.id, addresses=HOUSE.addresses, now=now)
    assert patch == {f"interview-{talk.id}": None, f"preparation-{talk.id}": None}
    assert talk.uid.encode() not in feeds.Shelf().patched(found_of(feed), patch, now=now).body


def test_a_lot_that_changed_is_stored_first(cast: Cast, feed: Feed, now: datetime) -> None:
    for number in range(6):
        contact = contacts.add(cast.workspace, {"name": f"Grace {number}"}, by=cast.alice, now=now)
        interviews.plan(contact, by=cast.alice, starts_at=now + DAY, now=now, house=HOUSE, invite=False)
    assert feeds.patch(feed.id, addresses=HOUSE.addresses, now=now) is None
