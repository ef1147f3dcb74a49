"""Times of day that clocks never show, and those that they show twice."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crm.domain import clock

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("wall", "said", "taken"),
    [
        ("2026-03-29T02:30", "02:30 does not exist that night; 03:30 was taken.", "2026-03-29T01:30"),
        ("2026-10-25T02:30", "02:30 comes twice that night; the first was taken.", "2026-10-25T00:30"),
        ("2026-03-29T03:30", "", "2026-03-29T01:30"),
        ("2026-07-01T12:00", "", "2026-07-01T10:00"),
    ],
)
def test_what_was_taken_for_it_is_said(wall: str, said: str, taken: str) -> None:
    shown = datetime.fromisoformat(wall)
    assert clock.doubt(shown, STOCKHOLM) == said
    assert clock.instant(shown, STOCKHOLM) == datetime.fromisoformat(taken).replace(tzinfo=UTC)
