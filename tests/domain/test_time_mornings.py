"""Mornings everywhere: promised by the wall clock, and found by asking what is due, never by the hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.database import transaction
from crm.domain import accounts, clock, contacts, reminders, touches
from crm.models import Contact, Kind
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, MINUTE, local, one, owed, shown, write

#: A zone, the day on which somebody is added, and the instant of 08:00 on the third day after, or on Monday.
MORNINGS = [
    ("Europe/Berlin", "2027-03-25 12:00", "2027-03-29T06:00:00+00:00"),
    ("Europe/Berlin", "2027-10-28 12:00", "2027-11-01T07:00:00+00:00"),
    ("America/New_York", "2027-03-11 12:00", "2027-03-15T12:00:00+00:00"),
    ("America/New_York", "2027-11-04 12:00", "2027-11-08T13:00:00+00:00"),
    # Half an hour of summer time.
    ("Australia/Lord_Howe", "2026-09-24 12:00", "2026-09-27T21:30:00+00:00"),
    ("Australia/Lord_Howe", "2026-10-01 12:00", "2026-10-04T21:00:00+00:00"),
    # A quarter of an hour off, and as far from Greenwich as it gets.
    ("Asia/Kathmandu", "2027-01-04 12:00", "2027-01-07T02:15:00+00:00"),
    ("Pacific/Kiritimati", "2027-01-04 12:00", "2027-01-06T18:00:00+00:00"),
    ("Pacific/Apia", "2027-01-04 12:00", "2027-01-06T19:00:00+00:00"),
    # Where winter time is the exception, in the books.
    ("Europe/Dublin", "2027-03-25 12:00", "2027-03-29T07:00:00+00:00"),
    ("Europe/Dublin", "2027-10-28 12:00", "2027-11-01T08:00:00+00:00"),
    # An hour less during Ramadan.
    ("Africa/Casablanca", "2027-02-15 12:00", "2027-02-18T08:00:00+00:00"),
    ("Africa/Casablanca", "2027-03-22 12:00", "2027-03-25T07:00:00+00:00"),
    # The midnight before it does not exist.
    ("Africa/Cairo", "2027-04-27 12:00", "2027-04-30T05:00:00+00:00"),
]


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def added(cast: Cast, zone: str, at: datetime) -> Contact:
    """Somebody to ask, added by Alice where she lives now; Ada is out of the way."""
    accounts.change(cast.alice, {"timezone": zone}, now=at)
    contacts.change(cast.ada, {"closed": "parked"}, by=cast.alice, now=at)
    return contacts.add(cast.workspace, {"name": "Grace"}, by=cast.alice, now=at)


@pytest.mark.parametrize(("zone", "wall", "instant"), MORNINGS)
def test_at_eight_local_is_eight_on_the_wall_in_every_season(
    cast: Cast, zone: str, wall: str, instant: str
) -> None:
    grace = added(cast, zone, local(wall, zone))
    assert one(grace, Kind.ASK).due_at.isoformat() == instant
    assert shown(one(grace, Kind.ASK).due_at, zone).endswith(" 08:00")


def test_at_eight_local_every_round_is_counted_from_the_wall(cast: Cast) -> None:
    """Over a change of the clocks: each round at 08:00, and not a fixed number of hours after the last."""
    grace = added(cast, "Europe/Berlin", local("2027-03-22 12:00", "Europe/Berlin"))
    asked = local("2027-03-23 12:00", "Europe/Berlin")
    touches.log(grace, "ask", by=cast.alice, now=asked)
    assert owed(grace, Kind.FOLLOW_UP, "Europe/Berlin") == [
        "round_1 2027-03-30 08:00",
        "round_2 2027-04-06 08:00",
    ]
    assert owed(grace, Kind.CLOSE, "Europe/Berlin") == ["once 2027-04-13 08:00"]


@pytest.mark.parametrize("late", [timedelta(0), MINUTE, 29 * MINUTE, HOUR, 5 * HOUR, 30 * DAY])
@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati"])
def test_exact_hour_matching_never_a_late_tick_still_sends(cast: Cast, zone: str, late: timedelta) -> None:
    grace = added(cast, zone, local("2027-01-04 12:00", zone))
    due = one(grace, Kind.ASK).due_at
    assert write(due - timedelta(seconds=1)) == []
    assert len(write(due + late)) == 1
    assert write(due + late + DAY) == []


def test_a_midnight_that_does_not_exist_ends_the_day_all_the_same(cast: Cast) -> None:
    cairo = ZoneInfo("Africa/Cairo")
    noon = local("2027-04-29 12:00", "Africa/Cairo")
    assert clock.day_ends(noon, cairo) == datetime(2027, 4, 29, 22, tzinfo=UTC)
    assert clock.day_ends(noon, cairo, 1) - clock.day_ends(noon, cairo) == 23 * HOUR
    grace = added(cast, "Africa/Cairo", local("2027-04-27 12:00", "Africa/Cairo"))
    for at, name in (("2027-04-29 23:59", "later"), ("2027-04-30 01:00", "today")):
        days = reminders.days(cast.workspace, cast.alice, now=local(at, "Africa/Cairo"))
        assert [item.reminder.contact_id for item in getattr(days, name)] == [grace.id]


def test_a_day_later_is_the_same_time_of_day_and_24_hours_are_24_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for day, hours in (("2027-03-27", 23), ("2027-10-30", 25), ("2027-06-01", 24)):
        at = local(f"{day} 08:00", "Europe/Berlin")
        assert clock.days_later(at, 1, berlin) - at == hours * HOUR


def test_put_off_until_tomorrow_is_a_morning_there(cast: Cast) -> None:
    for zone, wall, tomorrow in (
        ("Europe/Berlin", "2027-03-27 20:00", "2027-03-28T06:00:00+00:00"),
        ("Africa/Cairo", "2027-04-29 20:00", "2027-04-30T05:00:00+00:00"),
        ("Asia/Kathmandu", "2027-01-04 23:50", "2027-01-05T02:15:00+00:00"),
    ):
        choices = reminders.put_off_choices(local(wall, zone), ZoneInfo(zone))
        assert choices["tomorrow"].isoformat() == tomorrow
