"""Touches: what counts as one, and what they make of a contact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from crm.database import transaction
from crm.domain import interviews, thanks, timeline, touches
from crm.domain.errors import Invalid
from crm.models import Direction, Happened, Stage
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, plan


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def log(cast: Cast, kind: str, now: datetime, **more: object) -> touches.Logged:
    return touches.log(cast.ada, kind, by=cast.alice, now=now, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["ask", "message", "call", "meeting", "visit"])
def test_a_touch_goes_out_unless_it_is_said_to_come_in(cast: Cast, now: datetime, kind: str) -> None:
    logged = log(cast, kind, now, text="  Wrote\r\nher. ")
    assert (logged.activity.direction, logged.activity.text) == (Direction.OUT, "Wrote\nher.")
    assert cast.ada.touched_at == now


def test_a_note_is_no_touch_and_needs_a_text(cast: Cast, now: datetime) -> None:
    assert log(cast, "note", now, text="Likes tea.").activity.direction is None
    assert cast.ada.touched_at is None
    with pytest.raises(Invalid) as refused:
        log(cast, "note", now, text=" \n ")
    assert list(refused.value.errors) == ["text"]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("kind", {"kind": "telegram"}),
        ("kind", {"kind": "stage"}),
        ("direction", {"kind": "call", "direction": "sideways"}),
        ("direction", {"kind": "ask", "direction": "in"}),
        ("text", {"kind": "call", "text": "x" * 20_001}),
    ],
)
def test_what_cannot_be_logged_is_refused(
    cast: Cast, now: datetime, field: str, values: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        log(cast, now=now, **values)
    assert list(refused.value.errors) == [field]


def test_a_touch_lies_in_the_past(cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid):
        log(cast, "call", now, at=now + HOUR)


def test_the_last_touch_is_the_latest_one_however_they_are_logged(cast: Cast, now: datetime) -> None:
    log(cast, "call", now)
    log(cast, "call", now, at=now - 9 * DAY)
    assert cast.ada.touched_at == now


def test_asks_are_counted_while_the_contact_is_located(cast: Cast, now: datetime) -> None:
    log(cast, "message", now)
    assert cast.ada.asks == 0
    log(cast, "ask", now)
    log(cast, "call", now + DAY)
    log(cast, "message", now + DAY, direction="in")
    assert cast.ada.asks == 2


@pytest.mark.parametrize(
    ("stage", "suggested"),
    [(Stage.LOCATED, Stage.AGREED), (Stage.AGREED, None), (Stage.THANKED, Stage.RECONNECTED)],
)
def test_hearing_from_somebody_only_suggests_a_move(
    cast: Cast, now: datetime, stage: Stage, suggested: Stage | None
) -> None:
    if stage is not Stage.LOCATED:
        interview = plan(cast, now - HOUR, now)
    if stage is Stage.THANKED:
        interviews.complete(interview, by=cast.alice, now=now, ended_at=now)
        thanks.record(cast.ada, by_user=cast.alice, now=now)
    logged = log(cast, "message", now + DAY, direction="in")
    assert (cast.ada.stage, logged.suggests, logged.moved) == (stage, suggested, None)


def test_the_timeline_shows_the_newest_first_and_page_by_page(cast: Cast, now: datetime) -> None:
    for day in (1, 3, 2, 3):
        log(cast, "call", now + 9 * DAY, at=now + day * DAY, text=f"day {day}")
    first = timeline.of(cast.ada, limit=3)
    assert [entry.text for entry in first] == ["day 3", "day 3", "day 2"]
    rest = timeline.of(cast.ada, before=(first[-1].at, first[-1].id))
    assert [(entry.kind, entry.text) for entry in rest] == [
        (Happened.CALL, "day 1"),
        (Happened.CHANGE, "Added as a contact."),
    ]
