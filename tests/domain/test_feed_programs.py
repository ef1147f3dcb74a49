"""Which programs fetch a feed, when last, and how often they come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from crm.database import db, transaction
from crm.domain import feeds
from crm.models import Feed, FeedVisit
from tests.cast import Cast
from tests.domain.play import HOUR
from tests.domain.test_feeds import subscribe

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


@pytest.fixture
def feed(cast: Cast, now: datetime) -> Feed:
    """Alice's subscription."""
    return subscribe(cast, now)


def come(feed: Feed, *times: datetime, program: str = "thunderbird") -> FeedVisit:
    for at in times:
        feeds.note(feed.id, program, now=at)
    return db.session.get_one(FeedVisit, (feed.id, program))


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Google-Calendar-Importer", "Google Calendar"),
        ("Mozilla/5.0 (compatible; Google-Calendar-Importer)", "Google Calendar"),
        ("iOS/18.1 (22B83) dataaccessd/1.0", "Apple Calendar"),
        ("macOS/15.1 (24B83) CalendarAgent/1038", "Apple Calendar"),
        ("Microsoft.Exchange/15.20", "Outlook"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)", "Outlook"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7", "Thunderbird"),
        ("Nextcloud Webcal Service", "Nextcloud"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", "A browser"),
        ("khal/0.11 (Linux; a very long story)", "khal"),
        ("x" * 200, "x" * 40),
        ("", "A program without a name"),
        ("\x00\r\n", "A program without a name"),
    ],
)
def test_programs_are_recognised_by_what_they_call_themselves(agent: str, name: str) -> None:
    key = feeds.program_of(agent)
    assert len(key) <= 40
    assert feeds.program(key).name == name


def test_what_is_known_of_a_program_holds_until_something_was_measured(feed: Feed, now: datetime) -> None:
    visit = come(feed, now)
    assert feeds.pace(visit) == (30 * MINUTE, False)
    come(feed, now + 45 * MINUTE)
    assert feeds.pace(visit) == (45 * MINUTE, True)


def test_the_usual_return_is_the_middle_one(feed: Feed, now: datetime) -> None:
    visit = come(feed, now, now + HOUR, now + 2 * HOUR, now + 3 * HOUR, now + 90 * HOUR)
    assert feeds.pace(visit).usual == HOUR


def test_the_looks_of_one_visit_are_one(feed: Feed, now: datetime) -> None:
    visit = come(feed, now, now + MINUTE, now + 2 * MINUTE, now + HOUR)
    assert [round(gap / 60) for gap in visit.gaps] == [58]
    assert visit.last_at == feed.last_fetched_at == now + HOUR


def test_several_processes_note_one_visit_once_and_time_never_goes_back(feed: Feed, now: datetime) -> None:
    visit = come(feed, now + HOUR, now + HOUR, now + HOUR + MINUTE / 2, now)
    assert (visit.last_at, visit.gaps) == (now + HOUR, [])
    assert feed.last_fetched_at == now + HOUR + MINUTE / 2


def test_whoever_takes_another_name_each_time_fills_no_table(feed: Feed, now: datetime) -> None:
    for number in range(40):
        feeds.note(feed.id, f"program {number}", now=now + number * HOUR)
    db.session.flush()
    db.session.expire_all()
    assert len(feed.visits) == 13
    assert feed.visits[0].program == "others"
