"""Preferences: what is taken and what is refused; until when quiet hours and days off hold a letter."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from crm.database import db
from crm.domain import accounts, clock, preferences
from crm.domain.errors import Invalid
from crm.domain.preferences.quiet import DAYS, Quiet
from crm.models import Preference
from tests.cast import Cast
from tests.domain.play import HOME, local, shown

TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
HOURS = st.tuples(TIMES, TIMES).filter(lambda hours: hours[0] != hours[1])
WISHES = st.builds(Quiet, st.none() | HOURS, st.sets(st.sampled_from(DAYS), max_size=6))
ZONES = st.sampled_from(sorted(clock.zone_names())).map(ZoneInfo)
#: Since 2012 no zone has left out a whole day.
INSTANTS = st.datetimes(
    datetime.fromisoformat("2012-01-01"), datetime.fromisoformat("2037-12-31"), timezones=st.just(UTC)
)
NIGHT = (time(22), time(7))


def free(at: str, wishes: Quiet, zone: str = HOME) -> str | None:
    """When a letter may go that is due at a local time."""
    until = wishes.until(local(at, zone), ZoneInfo(zone))
    return shown(until, zone) if until else None


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-03-10 21:59", None),
        ("2026-03-10 22:00", "2026-03-11 07:00"),
        ("2026-03-11 00:00", "2026-03-11 07:00"),
        ("2026-03-11 06:59", "2026-03-11 07:00"),
        ("2026-03-11 07:00", None),
    ],
)
def test_quiet_hours_wrap_midnight(at: str, until: str | None) -> None:
    assert free(at, Quiet(NIGHT)) == until


@pytest.mark.parametrize(
    ("at", "until"), [("12:59", None), ("13:00", "14:30"), ("14:29", "14:30"), ("14:30", None)]
)
def test_quiet_hours_may_lie_within_a_day(at: str, until: str | None) -> None:
    held = free(f"2026-03-10 {at}", Quiet((time(13), time(14, 30))))
    assert held == (f"2026-03-10 {until}" if until else None)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-03-13 23:59", None),
        ("2026-03-14 00:00", "2026-03-16 08:00"),
        ("2026-03-15 12:00", "2026-03-16 08:00"),
        ("2026-03-16 07:59", "2026-03-16 08:00"),
        ("2026-03-16 08:00", None),
    ],
)
def test_a_weekend_off_ends_on_monday_at_eight(at: str, until: str | None) -> None:
    assert free(at, Quiet(None, {"sat", "sun"})) == until


def test_a_day_off_ends_as_the_quiet_hours_of_the_next_day_do() -> None:
    wishes = Quiet(NIGHT, {"sat", "sun"})
    assert free("2026-03-13 23:00", wishes) == "2026-03-16 07:00"
    assert free("2026-03-14 12:00", wishes) == "2026-03-16 07:00"
    assert free("2026-03-14 12:00", Quiet((time(13), time(14)), {"sat"})) == "2026-03-15 08:00"
    assert free("2026-03-14 12:00", Quiet((time(7), time(9)), {"sat"})) == "2026-03-15 09:00"


@pytest.mark.parametrize(
    ("zone", "at", "until", "after"),
    [
        # The night loses an hour, wins one, or half of one: the clock on the wall decides.
        ("Europe/Berlin", "2027-03-27 23:00", "2027-03-28 07:00", 7),
        ("Europe/Berlin", "2027-10-30 23:00", "2027-10-31 07:00", 9),
        ("America/New_York", "2027-03-13 23:00", "2027-03-14 07:00", 7),
        ("America/New_York", "2027-11-06 23:00", "2027-11-07 07:00", 9),
        ("Australia/Lord_Howe", "2027-10-02 23:00", "2027-10-03 07:00", 7.5),
        ("Africa/Cairo", "2027-04-29 23:00", "2027-04-30 07:00", 7),
        ("Asia/Kathmandu", "2027-01-01 23:00", "2027-01-02 07:00", 8),
        ("Pacific/Kiritimati", "2027-01-01 23:00", "2027-01-02 07:00", 8),
    ],
)
def test_the_night_in_which_clocks_change(zone: str, at: str, until: str, after: float) -> None:
    held = Quiet(NIGHT).until(local(at, zone), ZoneInfo(zone))
    assert held is not None
    assert (shown(held, zone), held - local(at, zone)) == (until, timedelta(hours=after))


def test_quiet_hours_that_end_in_a_gap_end_after_it_and_an_hour_that_comes_twice_ends_them_once() -> None:
    berlin, wishes = ZoneInfo("Europe/Berlin"), Quiet((time(22), time(2, 30)))
    assert free("2027-03-28 01:00", wishes, "Europe/Berlin") == "2027-03-28 03:30"
    first = local("2027-10-31 02:15", "Europe/Berlin")
    assert wishes.until(first, berlin) == first + timedelta(minutes=15)
    assert wishes.until(first + timedelta(hours=1), berlin) is None


@given(WISHES, INSTANTS, ZONES)
def test_what_is_held_goes_later_and_is_then_held_no_more(
    wishes: Quiet, at: datetime, zone: ZoneInfo
) -> None:
    until = wishes.until(at, zone)
    if until is not None:
        assert at < until < at + timedelta(days=15)
        assert wishes.until(until, zone) is None
        assert wishes.until(until - timedelta(seconds=1), zone) == until


@given(WISHES, INSTANTS, ZONES)
def test_nothing_comes_on_a_day_off_and_all_else_comes_at_once(
    wishes: Quiet, at: datetime, zone: ZoneInfo
) -> None:
    day = clock.wall(at, zone).date()
    held = wishes.until(at, zone) is not None
    assert held or not wishes.is_off(day)
    if wishes.hours is None and not wishes.is_off(day - timedelta(days=1)):
        assert held is wishes.is_off(day)


def test_nothing_is_held_until_something_was_set(cast: Cast, now: datetime) -> None:
    def held(at: datetime) -> datetime | None:
        return preferences.held_until(user_id=cast.alice.id, workspace_id=cast.workspace.id, now=at)

    night = local("2026-03-10 23:00")
    assert held(night) is None
    change(cast, now, digest_at="09:00")
    assert held(night) is None
    change(cast, now, quiet_from="22:00", quiet_until="07:00")
    assert held(night) == local("2026-03-11 07:00")
    accounts.change(cast.alice, {"timezone": "America/New_York"}, now=now)
    assert held(night) is None
    assert preferences.held_until(user_id=cast.bob.id, workspace_id=cast.workspace.id, now=night) is None


def test_whether_a_letter_is_held_costs_one_query(cast: Cast, now: datetime) -> None:
    change(cast, now, quiet_from="22:00", quiet_until="07:00")
    user_id, workspace_id, asked = cast.alice.id, cast.workspace.id, []
    listener = lambda *args: asked.append(args[2])  # noqa: E731  (kept, so that it can be taken away)
    event.listen(db.engine, "before_cursor_execute", listener)
    try:
        preferences.held_until(user_id=user_id, workspace_id=workspace_id, now=now)
    finally:
        event.remove(db.engine, "before_cursor_execute", listener)
    assert len(asked) == 1


def test_reading_wishes_keeps_nothing_and_changing_them_twice_keeps_one_row(
    cast: Cast, now: datetime
) -> None:
    def rows() -> int:
        return db.session.scalar(select(func.count()).select_from(Preference)) or 0

    assert preferences.of(cast.alice, cast.workspace.id).digest_at == "08:00"
    assert rows() == 0
    change(cast, now, digest_at="07:30")
    change(cast, now, days_off=["sun", "sat"])
    kept = preferences.of(cast.alice, cast.workspace.id)
    assert (kept.digest_at, kept.days_off, rows()) == ("07:30", ("sat", "sun"), 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"digest_at": "8:00"}, "digest_at"),
        ({"digest_at": "24:00"}, "digest_at"),
        ({"digest_at": "08:00\n"}, "digest_at"),
        ({"digest_at": ""}, "digest_at"),
        ({"digest_at": 8}, "digest_at"),
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"quiet_until": "07:00"}, "quiet_from"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until"),
        ({"quiet_from": "late", "quiet_until": "07:00"}, "quiet_from"),
        ({"days_off": ["sunday"]}, "days_off"),
        ({"days_off": DAYS}, "days_off"),
    ],
)
def test_wishes_that_cannot_be_kept_are_refused_with_a_sentence_and_change_nothing(
    cast: Cast, now: datetime, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change(cast, now, near_in_digest=True, **values)
    assert list(refused.value.errors) == [field]
    assert not preferences.of(cast.alice, cast.workspace.id).near_in_digest


def change(cast: Cast, now: datetime, **values: Any) -> Preference:
    return preferences.change(cast.alice, cast.workspace.id, values, now=now)
