"""Times in words for people."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.domain import humane
from tests.domain.play import local

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "a moment"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(minutes=60), "1 hour"),
        (timedelta(hours=22), "22 hours"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=59), "59 days"),
        (timedelta(days=60), "2 months"),
        (timedelta(days=729), "24 months"),
        (timedelta(days=730), "2 years"),
        (-timedelta(hours=3), "3 hours"),
    ],
)
def test_a_span_is_said_in_its_largest_fitting_unit(length: timedelta, said: str) -> None:
    assert humane.span(length) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-03-10 00:00", "today"),
        ("2026-03-10 23:59", "today"),
        ("2026-03-11 00:00", "tomorrow"),
        ("2026-03-09 23:59", "yesterday"),
        ("2026-03-12 09:00", "Thu"),
        ("2026-03-16 09:00", "Mon"),
        ("2026-03-17 09:00", "Tue 17 Mar"),
        ("2026-03-06 09:00", "Fri 6 Mar"),
        ("2027-03-01 09:00", "Mon 1 Mar 2027"),
    ],
)
def test_a_day_is_named_as_one_would_say_it(now: datetime, at: str, said: str) -> None:
    assert humane.day(local(at), now, STOCKHOLM) == said


def test_a_moment_says_when_and_how_far(now: datetime) -> None:
    assert humane.moment(local("2026-03-11 10:00"), now, STOCKHOLM) == "tomorrow 10:00, in 24 hours"
    assert humane.moment(local("2026-03-10 07:00"), now, STOCKHOLM) == "today 07:00, 3 hours ago"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", "Tue 1 Dec 2026, 09:00 CET (Europe/Berlin, UTC+01:00)"),
        ("Asia/Kathmandu", "Tue 1 Dec 2026, 09:00 (Asia/Kathmandu, UTC+05:45)"),
        ("America/St_Johns", "Tue 1 Dec 2026, 09:00 NST (America/St_Johns, UTC-03:30)"),
        ("UTC", "Tue 1 Dec 2026, 09:00 UTC (UTC, UTC+00:00)"),
    ],
)
def test_the_exact_time_names_zone_and_distance_to_utc(zone: str, said: str) -> None:
    assert humane.exact(local("2026-12-01 09:00", zone), ZoneInfo(zone)) == said
