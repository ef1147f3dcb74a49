"""The times of every promise, counted on the wall clock of whoever it is made to."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.domain import clock
from crm.domain.reminders.promises import APART, OVERDUE, PROMISES, Anchor, Step, schedule
from crm.models import Kind
from tests.domain.play import HOUR, MINUTE, local, shown

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def times(
    kind: Kind, at: datetime, zone: str = BERLIN, *, now: datetime | None = None, **more: Any
) -> list[str]:
    """The steps of a promise as a person reads them; made at the anchor unless said otherwise."""
    days = more.pop("days", PROMISES[kind].days or 0)
    steps = schedule(kind, Anchor(at, ZoneInfo(zone), days, **more), now=now or at)
    return [f"{step.name} {shown(step.at, zone)}" for step in steps]


def test_asking_is_due_on_the_morning_three_days_later() -> None:
    assert times(Kind.ASK, local("2026-11-03 14:00", BERLIN)) == ["once 2026-11-06 08:00"]


def test_asking_on_a_weekend_waits_for_monday() -> None:
    assert times(Kind.ASK, local("2026-11-04 14:00", BERLIN)) == ["once 2026-11-09 08:00"]


def test_a_silence_is_followed_up_after_five_and_ten_working_days() -> None:
    asked = local("2026-11-04 14:00", BERLIN)
    assert times(Kind.FOLLOW_UP, asked) == ["round_1 2026-11-11 08:00", "round_2 2026-11-18 08:00"]


def test_the_follow_up_that_is_left_is_the_second() -> None:
    assert times(Kind.FOLLOW_UP, local("2026-11-04 14:00", BERLIN), rounds=1) == ["round_2 2026-11-11 08:00"]


def test_an_ask_on_saturday_counts_from_monday() -> None:
    assert times(Kind.CLOSE, local("2026-11-07 11:00", BERLIN)) == ["once 2026-11-13 08:00"]


def test_a_date_is_to_be_set_within_two_working_days() -> None:
    assert times(Kind.SET_DATE, local("2026-11-06 16:00", BERLIN)) == ["once 2026-11-10 08:00"]


def test_preparing_is_due_two_days_before_on_the_wall_clock() -> None:
    talk, planned = local("2027-03-29 10:00", BERLIN), local("2027-03-01 09:00", BERLIN)
    assert times(Kind.PREPARE, talk, now=planned) == ["once 2027-03-27 10:00"]


def test_preparing_is_due_at_once_where_the_talk_is_nearer() -> None:
    planned = local("2026-11-03 14:00", BERLIN)
    assert times(Kind.PREPARE, planned + 5 * HOUR, now=planned) == ["once 2026-11-03 14:00"]


def test_preparing_is_of_no_use_once_the_talk_began() -> None:
    talk = local("2026-11-03 14:00", BERLIN)
    assert times(Kind.PREPARE, talk, now=talk) == []


def test_the_brief_comes_the_evening_before_and_two_hours_before() -> None:
    talk, planned = local("2026-11-05 10:00", BERLIN), local("2026-11-01 10:00", BERLIN)
    expected = ["evening_before 2026-11-04 18:00", "two_hours_before 2026-11-05 08:00"]
    assert times(Kind.BRIEF, talk, now=planned) == expected


def test_planned_in_the_night_the_brief_comes_at_once() -> None:
    talk, planned = local("2026-11-05 10:00", BERLIN), local("2026-11-04 23:30", BERLIN)
    expected = ["evening_before 2026-11-04 23:30", "two_hours_before 2026-11-05 08:00"]
    assert times(Kind.BRIEF, talk, now=planned) == expected


def test_steps_less_than_two_hours_apart_are_one() -> None:
    talk, planned = local("2026-11-05 10:00", BERLIN), local("2026-11-05 06:30", BERLIN)
    assert times(Kind.BRIEF, talk, now=planned) == ["evening_before 2026-11-05 06:30"]


def test_the_question_how_it_went_comes_an_hour_after_the_end() -> None:
    assert times(Kind.HOW_DID_IT_GO, local("2026-11-05 10:20", BERLIN)) == ["once 2026-11-05 11:20"]


def test_the_ladder_of_thanks_after_a_talk_at_noon() -> None:
    assert times(Kind.THANK_YOU, local("2026-11-05 12:00", BERLIN)) == [
        "at_once 2026-11-05 12:00",
        "in_the_day 2026-11-05 16:00",
        "next_morning 2026-11-06 08:00",
        "two_hours_left 2026-11-06 10:00",
        "overdue 2026-11-06 12:00",
    ]


def test_four_hours_later_falls_away_where_it_is_night() -> None:
    assert times(Kind.THANK_YOU, local("2026-11-05 18:30", BERLIN)) == [
        "at_once 2026-11-05 18:30",
        "next_morning 2026-11-06 08:00",
        "two_hours_left 2026-11-06 16:30",
        "overdue 2026-11-06 18:30",
    ]


@pytest.mark.parametrize(
    ("ended", "there"), [("17:59", True), ("18:00", False), ("03:59", False), ("04:00", True)]
)
def test_night_is_from_ten_to_eight(ended: str, there: bool) -> None:
    steps = times(Kind.THANK_YOU, local(f"2026-11-05 {ended}", BERLIN))
    assert any(step.startswith("in_the_day") for step in steps) is there


def test_where_the_morning_is_also_two_hours_before_the_limit_there_is_one_letter() -> None:
    assert times(Kind.THANK_YOU, local("2026-11-05 10:00", BERLIN)) == [
        "at_once 2026-11-05 10:00",
        "in_the_day 2026-11-05 14:00",
        "next_morning 2026-11-06 08:00",
        "overdue 2026-11-06 10:00",
    ]


def test_a_talk_recorded_late_is_thanked_for_now_and_then_as_ever() -> None:
    ended = local("2026-11-05 10:00", BERLIN)
    assert times(Kind.THANK_YOU, ended, now=ended + 10 * HOUR) == [
        "in_the_day 2026-11-05 20:00",
        "next_morning 2026-11-06 08:00",
        "overdue 2026-11-06 10:00",
    ]


def test_of_a_talk_recorded_after_the_24_hours_only_overdue_is_left() -> None:
    ended = local("2026-11-05 10:00", BERLIN)
    assert times(Kind.THANK_YOU, ended, now=ended + 30 * HOUR) == ["overdue 2026-11-06 16:00"]


def test_overdue_is_said_however_near_the_step_before_it_is() -> None:
    ended = local("2026-11-05 10:00", BERLIN)
    recorded = ended + 23 * HOUR + 59 * MINUTE
    assert times(Kind.THANK_YOU, ended, now=recorded) == [
        "two_hours_left 2026-11-06 09:59",
        "overdue 2026-11-06 10:00",
    ]


def test_the_24_hours_are_hours_also_when_the_clocks_change() -> None:
    ended = local("2027-03-27 12:00", BERLIN)
    assert times(Kind.THANK_YOU, ended)[-1] == "overdue 2027-03-28 13:00"


def test_touch_comes_three_weeks_after_the_thanks_at_the_same_time_of_day() -> None:
    assert times(Kind.STAY_IN_TOUCH, local("2027-03-14 15:30", BERLIN)) == ["once 2027-04-04 15:30"]


def test_the_referrer_is_told_two_days_after_the_thanks() -> None:
    assert times(Kind.TELL_REFERRER, local("2026-11-05 15:30", BERLIN)) == ["once 2026-11-07 15:30"]


def test_a_time_that_does_not_exist_moves_forward() -> None:
    # Clocks in Berlin go from 02:00 to 03:00 on 28 March 2027.
    talk = local("2027-03-30 02:30", BERLIN)
    assert times(Kind.PREPARE, talk, now=talk - timedelta(days=9)) == ["once 2027-03-28 03:30"]


def test_of_a_time_that_comes_twice_the_first_is_taken() -> None:
    talk = local("2026-11-03 01:30", NEW_YORK)
    (step,) = schedule(Kind.PREPARE, Anchor(talk, ZoneInfo(NEW_YORK), 2), now=talk - timedelta(days=9))
    assert step.at.isoformat() == "2026-11-01T05:30:00+00:00"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Kathmandu", "2026-11-06T02:15:00+00:00"),
        ("Pacific/Kiritimati", "2026-11-05T18:00:00+00:00"),
        ("Australia/Lord_Howe", "2026-11-05T21:00:00+00:00"),
        ("America/New_York", "2026-11-06T13:00:00+00:00"),
    ],
)
def test_morning_is_eight_oclock_wherever_somebody_lives(zone: str, expected: str) -> None:
    found = schedule(
        Kind.ASK,
        Anchor(local("2026-11-03 12:00", zone), ZoneInfo(zone), 3),
        now=local("2026-11-03 12:00", zone),
    )
    assert [step.at.isoformat() for step in found] == [expected]


@given(
    kind=st.sampled_from(list(PROMISES)),
    at=st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2030-01-01")),
    zone=st.sampled_from(sorted(clock.zone_names())),
    late=st.timedeltas(timedelta(days=-20), timedelta(days=20)),
)
def test_steps_are_never_past_in_order_of_use_and_apart(
    kind: Kind, at: datetime, zone: str, late: timedelta
) -> None:
    where = ZoneInfo(zone)
    anchor_at = clock.instant(at, where)
    now = anchor_at + late
    steps = schedule(kind, Anchor(anchor_at, where, PROMISES[kind].days or 0), now=now)
    assert all(step.at >= now for step in steps)
    assert all(step.until is None or step.at < step.until for step in steps)
    assert steps == sorted(steps, key=lambda step: step.at)
    assert all(_far_enough(one, other) for one, other in pairwise(steps))


def _far_enough(one: Step, other: Step) -> bool:
    return other.name == OVERDUE or other.at - one.at >= APART
