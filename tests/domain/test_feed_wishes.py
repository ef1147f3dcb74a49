"""What a user may want of a feed: preparation, times, alarms; and how its bytes are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from crm.database import transaction
from crm.domain import feeds
from crm.models import Include
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, HOUSE, plan
from tests.domain.test_feeds import events, served, subscribe


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def test_preparation_is_free_time_before_the_talk(cast: Cast, now: datetime) -> None:
    talk = plan(cast, now + DAY, now, place="12 Marina Road")
    feed = subscribe(cast, now, include=[Include.PREPARATION], preparation_minutes=45, alarms=10)
    (event,) = events(feed, now)
    assert event.summary.value == "Prepare for Ada Okafor"
    assert (event.dtstart.value, event.dtend.value) == (
        talk.starts_at - timedelta(minutes=45),
        talk.starts_at,
    )
    assert event.transp.value == "TRANSPARENT"
    assert event.uid.value == f"preparation-{talk.uid}"
    assert not hasattr(event, "valarm")


def test_what_is_due_can_stand_at_its_time(cast: Cast, now: datetime) -> None:
    feed = subscribe(cast, now, include=[Include.REMINDERS], reminders_as="timed", alarms=0)
    (event,) = events(feed, now)
    assert event.dtstart.value.isoformat() == "2026-03-13T07:00:00+00:00"
    assert (event.dtend.value - event.dtstart.value) == timedelta(minutes=15)
    assert event.transp.value == "TRANSPARENT"
    assert event.valarm.trigger.value == timedelta()


def test_a_talk_alerts_where_it_is_wanted(cast: Cast, now: datetime) -> None:
    plan(cast, now + DAY, now)
    (event,) = events(subscribe(cast, now, alarms=1440), now)
    assert event.valarm.trigger.value == -DAY
    (silent,) = events(subscribe(cast, now), now)
    assert not hasattr(silent, "valarm")


def test_the_next_day_the_window_moves_on_without_writing_anything(cast: Cast, now: datetime) -> None:
    plan(cast, now - 90 * DAY, now)
    plan(cast, now + 548 * DAY, now)
    feed, shelf = subscribe(cast, now), feeds.Shelf()
    feeds.keep(feed.id, addresses=HOUSE.addresses, now=now + HOUR)
    before = served(feed, now, shelf)
    version = feed.version
    after = served(feed, now + DAY, shelf)
    assert feed.version == version
    assert before.body.count(b"BEGIN:VEVENT") == after.body.count(b"BEGIN:VEVENT") == 1
    assert before.etag != after.etag


def test_a_shelf_holds_no_more_than_it_has_room_for(cast: Cast, now: datetime) -> None:
    plan(cast, now + DAY, now)
    shelf = feeds.Shelf(room=6000)
    for number in range(9):
        served(subscribe(cast, now, name=f"Feed {number}"), now, shelf)
    assert 0 < len(shelf._calendars) < 9
