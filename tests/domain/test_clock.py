"""Wall clocks and instants, in zones that do what they like."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.domain import clock
from crm.domain.errors import Invalid
from tests.domain.play import local, shown

ZONES = st.sampled_from(sorted(clock.zone_names())).map(ZoneInfo)
WALLS = st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2037-12-31"))
#: Since 2012 no zone has left out a whole day.
INSTANTS = st.datetimes(
    datetime.fromisoformat("2012-01-01"), datetime.fromisoformat("2037-12-31"), timezones=st.just(UTC)
)


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        # In a gap the time moves forward.
        ("Europe/Berlin", "2027-03-28 02:30", "2027-03-28T01:30:00+00:00"),
        ("America/New_York", "2027-03-14 02:30", "2027-03-14T07:30:00+00:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:45:00+00:00"),
        ("Africa/Cairo", "2027-04-30 00:00", "2027-04-29T22:00:00+00:00"),
        # Of two the first is taken.
        ("Europe/Berlin", "2027-10-31 02:30", "2027-10-31T00:30:00+00:00"),
        ("America/New_York", "2027-11-07 01:30", "2027-11-07T05:30:00+00:00"),
        ("Europe/Dublin", "2027-10-31 01:30", "2027-10-31T00:30:00+00:00"),
        # And where nothing happens.
        ("Asia/Kathmandu", "2027-01-01 08:00", "2027-01-01T02:15:00+00:00"),
        ("Pacific/Kiritimati", "2027-01-01 08:00", "2026-12-31T18:00:00+00:00"),
        ("Pacific/Apia", "2027-01-01 08:00", "2026-12-31T19:00:00+00:00"),
    ],
)
def test_a_time_on_the_wall_is_an_instant(zone: str, wall: str, instant: str) -> None:
    assert local(wall, zone).isoformat() == instant


@given(INSTANTS, ZONES)
def test_an_instant_is_read_from_the_wall_and_found_again_unless_it_came_twice(
    at: datetime, zone: ZoneInfo
) -> None:
    again = clock.instant(clock.wall(at, zone), zone)
    assert clock.wall(again, zone) == clock.wall(at, zone)
    assert again <= at


@given(WALLS, ZONES)
def test_a_time_on_the_wall_never_moves_back(wall: datetime, zone: ZoneInfo) -> None:
    assert clock.wall(clock.instant(wall, zone), zone) >= wall


@given(INSTANTS, ZONES)
def test_the_next_morning_is_eight_oclock_of_another_day(at: datetime, zone: ZoneInfo) -> None:
    morning = clock.wall(clock.next_morning(at, zone), zone)
    assert morning.date() == clock.wall(at, zone).date() + timedelta(days=1)
    assert morning.hour >= 8


@given(INSTANTS, ZONES, st.integers(1, 30))
def test_a_working_day_is_never_a_weekend(at: datetime, zone: ZoneInfo, days: int) -> None:
    later = clock.wall(clock.working_days_later(at, days, zone), zone).date()
    assert clock.is_working_day(later)
    first = clock.wall(at, zone).date()
    between = [first + timedelta(days=n) for n in range(1, (later - first).days + 1)]
    assert sum(map(clock.is_working_day, between)) == days


def test_a_day_later_is_the_same_time_of_day_however_long_the_day() -> None:
    at = local("2027-03-27 15:00", "Europe/Berlin")
    later = clock.days_later(at, 1, ZoneInfo("Europe/Berlin"))
    assert (shown(later, "Europe/Berlin"), later - at) == ("2027-03-28 15:00", timedelta(hours=23))


def test_the_evening_before_is_six_oclock() -> None:
    talk = local("2026-03-20 00:30")
    assert shown(clock.evening_before(talk, ZoneInfo("Europe/Stockholm"))) == "2026-03-19 18:00"


@pytest.mark.parametrize(("day", "works"), [(13, True), (14, False), (15, False), (16, True)])
def test_monday_to_friday_are_working_days(day: int, works: bool) -> None:
    assert clock.is_working_day(date(2026, 3, day)) is works


@pytest.mark.parametrize(
    ("time", "night"), [("21:59", False), ("22:00", True), ("00:00", True), ("07:59", True), ("08:00", False)]
)
def test_night_is_from_ten_to_eight(time: str, night: bool) -> None:
    assert clock.at_night(local(f"2026-03-10 {time}"), ZoneInfo("Europe/Stockholm")) is night


def test_a_day_ends_at_midnight_there() -> None:
    at = local("2026-03-10 10:00")
    assert shown(clock.day_ends(at, ZoneInfo("Europe/Stockholm"))) == "2026-03-11 00:00"
    assert shown(clock.day_ends(at, ZoneInfo("Europe/Stockholm"), 7)) == "2026-03-18 00:00"


@pytest.mark.parametrize(
    "name", ["", None, "Mars/Base", "../etc/passwd", "europe/berlin", "Europe/Berlin\n", "+01:00"]
)
def test_a_zone_that_nobody_knows_is_refused(name: str | None) -> None:
    with pytest.raises(Invalid, match="is not a time zone"):
        clock.zone(name)


def test_people_choose_among_regions_with_a_city() -> None:
    assert {"Europe/Berlin", "America/New_York", "UTC"} <= clock.zone_names()
    assert {"EST", "Etc/GMT+5", "posixrules"}.isdisjoint(clock.zone_names())


def test_what_happened_lies_in_the_past(now: datetime) -> None:
    assert clock.not_future(None, now) == now
    assert clock.not_future(now - timedelta(days=9), now) == now - timedelta(days=9)
    assert clock.not_future(now + timedelta(seconds=59), now) == now
    for absurd in (now + timedelta(seconds=61), datetime(1900, 1, 1, tzinfo=UTC)):
        with pytest.raises(Invalid):
            clock.not_future(absurd, now)
