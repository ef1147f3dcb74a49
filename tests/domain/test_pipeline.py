"""Moves between the stages, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import contacts, interviews, pipeline, stages, timeline, touches
from crm.domain.errors import Invalid, NotAllowed
from crm.models import InterviewState, Kind, Stage, StageChange
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, HOUSE, MINUTE, kinds, owed, plan

WALK = list(Stage)


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def move(cast: Cast, to: Stage, now: datetime, **more: Any) -> StageChange | None:
    return pipeline.move(cast.ada, to, by=cast.alice, now=now, **more)


def history() -> list[str]:
    """Every step, with what was passed over."""
    changes = db.session.scalars(select(StageChange).order_by(StageChange.id))
    return [f"{c.was} to {c.became}" + "".join(f", no {stage}" for stage in c.skipped) for c in changes]


def test_a_contact_walks_through_all_stages(cast: Cast, now: datetime) -> None:
    for number, stage in enumerate(WALK[1:]):
        move(cast, stage, now + number * DAY)
        assert (cast.ada.stage, cast.ada.stage_since) == (stage, now + number * DAY)
    assert history() == [
        "located to agreed",
        "agreed to interviewed",
        "interviewed to thanked",
        "thanked to reconnected",
    ]


def test_what_is_skipped_is_recorded_as_skipped(cast: Cast, now: datetime) -> None:
    move(cast, Stage.INTERVIEWED, now)
    move(cast, Stage.RECONNECTED, now)
    assert history() == ["located to interviewed, no agreed", "interviewed to reconnected, no thanked"]
    assert [entry.text for entry in timeline.of(cast.ada) if entry.kind == "stage"] == [
        "Moved from Interviewed to Reconnected. Skipped: Thanked.",
        "Moved from Located to Interviewed. Skipped: Agreed.",
    ]


@pytest.mark.parametrize(("to", "was"), list(combinations(WALK, 2)))
def test_back_goes_only_with_a_reason(cast: Cast, now: datetime, to: Stage, was: Stage) -> None:
    for stage in WALK[1 : was.number + 1]:
        move(cast, stage, now)
    with pytest.raises(Invalid) as refused:
        move(cast, to, now, reason=" \n")
    assert list(refused.value.errors) == ["reason"]
    move(cast, to, now, reason="Mixed up with a cousin.")
    assert cast.ada.stage is to
    assert timeline.of(cast.ada)[0].text.endswith("Mixed up with a cousin.")


def test_the_same_stage_is_nothing_new(cast: Cast, now: datetime) -> None:
    entries, before = len(timeline.of(cast.ada)), kinds(cast.ada)
    assert move(cast, Stage.LOCATED, now + DAY) is None
    assert (len(timeline.of(cast.ada)), kinds(cast.ada), history()) == (entries, before, [])
    assert cast.ada.stage_since == now


def test_the_same_stage_is_nothing_new_for_a_closed_contact_either(cast: Cast, now: datetime) -> None:
    contacts.change(cast.ada, {"closed": "parked"}, by=cast.alice, now=now)
    assert move(cast, Stage.LOCATED, now) is None


def test_a_move_from_where_the_contact_no_longer_is_is_refused(cast: Cast, now: datetime) -> None:
    move(cast, Stage.AGREED, now)
    with pytest.raises(NotAllowed, match="was moved to Agreed meanwhile"):
        move(cast, Stage.INTERVIEWED, now, was=Stage.LOCATED)
    assert cast.ada.stage is Stage.AGREED


def test_a_move_from_where_the_contact_still_is_goes_through(cast: Cast, now: datetime) -> None:
    assert move(cast, Stage.AGREED, now, was=Stage.LOCATED) is not None


@pytest.mark.parametrize("to", [stage for stage in Stage if stage is not Stage.LOCATED])
def test_a_closed_contact_does_not_move(cast: Cast, now: datetime, to: Stage) -> None:
    contacts.change(cast.ada, {"closed": "no_answer"}, by=cast.alice, now=now)
    with pytest.raises(NotAllowed, match="Reopen the contact first"):
        move(cast, to, now)


def test_there_are_no_thanks_without_a_talk(cast: Cast, now: datetime) -> None:
    plan(cast, now + DAY, now)
    with pytest.raises(NotAllowed, match="nothing to thank for"):
        move(cast, Stage.THANKED, now)


def test_a_move_lies_never_in_the_future(cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        move(cast, Stage.AGREED, now, at=now + 2 * MINUTE)
    assert list(refused.value.errors) == ["at"]


def test_a_clock_that_is_seconds_ahead_is_forgiven(cast: Cast, now: datetime) -> None:
    move(cast, Stage.AGREED, now, at=now + timedelta(seconds=30))
    assert cast.ada.stage_since == now


def test_a_move_may_be_recorded_later(cast: Cast, now: datetime) -> None:
    move(cast, Stage.AGREED, now, at=now - 3 * DAY)
    assert cast.ada.stage_since == now - 3 * DAY
    assert owed(cast.ada, Kind.SET_DATE) == ["once 2026-03-10 10:00"]


def test_to_interviewed_completes_the_planned_talk(cast: Cast, now: datetime) -> None:
    interview = plan(cast, now + DAY, now)
    move(cast, Stage.INTERVIEWED, now + DAY + HOUR, at=now + DAY + 30 * MINUTE)
    assert (interview.state, interview.ended_at) == (InterviewState.COMPLETED, now + DAY + 30 * MINUTE)
    assert interviews.of(cast.ada) == [interview]


def test_to_interviewed_without_a_plan_records_a_talk_that_ended_then(cast: Cast, now: datetime) -> None:
    move(cast, Stage.INTERVIEWED, now, at=now - HOUR)
    (interview,) = interviews.of(cast.ada)
    assert (interview.state, interview.ended_at) == (InterviewState.COMPLETED, now - HOUR)
    assert (interview.starts_at, interview.ends_at) == (now - HOUR - 20 * MINUTE, now - HOUR)
    assert interview.timezone == "Europe/Stockholm"


def test_of_two_planned_talks_the_earlier_took_place(cast: Cast, now: datetime) -> None:
    first, second = plan(cast, now + DAY, now), plan(cast, now + 2 * DAY, now)
    move(cast, Stage.INTERVIEWED, now + 3 * DAY)
    assert (first.state, second.state) == (InterviewState.COMPLETED, InterviewState.PLANNED)
    assert owed(cast.ada, Kind.HOW_DID_IT_GO) == ["once 2026-03-12 11:20"]


@pytest.mark.parametrize("stage", WALK)
def test_a_talk_makes_interviewed_from_whatever_stage(cast: Cast, now: datetime, stage: Stage) -> None:
    for earlier in WALK[1 : stage.number + 1]:
        move(cast, earlier, now)
    interviews.complete(plan(cast, now + DAY, now), by=cast.alice, now=now + 2 * DAY)
    assert cast.ada.stage is Stage.INTERVIEWED
    assert "thank_you" in kinds(cast.ada)


def test_the_thanks_belong_to_the_talk_however_far_the_contact_went(cast: Cast, now: datetime) -> None:
    move(cast, Stage.INTERVIEWED, now)
    move(cast, Stage.RECONNECTED, now + HOUR)
    assert owed(cast.ada, Kind.THANK_YOU)[-1] == "overdue 2026-03-11 10:00"


def test_calling_off_leaves_the_stage_and_promises_a_date(cast: Cast, now: datetime) -> None:
    interview = plan(cast, now + DAY, now)
    interviews.cancel(interview, by=cast.alice, now=now, house=HOUSE)
    assert (cast.ada.stage, kinds(cast.ada)) == (Stage.AGREED, ["set_date"])


def test_to_thanked_thanks_for_the_talk(cast: Cast, now: datetime) -> None:
    move(cast, Stage.INTERVIEWED, now)
    move(cast, Stage.THANKED, now + 2 * HOUR, at=now + HOUR)
    (interview,) = interviews.of(cast.ada)
    assert interview.thanked_at == now + HOUR
    assert kinds(cast.ada) == ["stay_in_touch"]


def test_back_and_forth_does_not_thank_twice(cast: Cast, now: datetime) -> None:
    move(cast, Stage.INTERVIEWED, now)
    move(cast, Stage.THANKED, now)
    move(cast, Stage.AGREED, now, reason="There is a second talk.")
    move(cast, Stage.THANKED, now)
    assert stages.unthanked(cast.ada) == []
    assert cast.ada.stage is Stage.THANKED


@pytest.mark.parametrize("kind", ["message", "call", "meeting", "visit"])
def test_reaching_out_after_the_thanks_reconnects(cast: Cast, now: datetime, kind: str) -> None:
    move(cast, Stage.INTERVIEWED, now)
    move(cast, Stage.THANKED, now)
    logged = touches.log(cast.ada, kind, by=cast.alice, now=now + DAY)
    assert logged.moved is not None
    assert cast.ada.stage is Stage.RECONNECTED


@pytest.mark.parametrize(
    ("kind", "more"), [("note", {"text": "Likes tea."}), ("ask", {}), ("message", {"direction": "in"})]
)
def test_what_is_no_reaching_out_does_not_reconnect(
    cast: Cast, now: datetime, kind: str, more: dict[str, Any]
) -> None:
    move(cast, Stage.INTERVIEWED, now)
    move(cast, Stage.THANKED, now)
    touches.log(cast.ada, kind, by=cast.alice, now=now + DAY, **more)
    assert cast.ada.stage is Stage.THANKED


def test_a_message_before_the_thanks_does_not_reconnect(cast: Cast, now: datetime) -> None:
    move(cast, Stage.INTERVIEWED, now)
    move(cast, Stage.THANKED, now)
    touches.log(cast.ada, "message", by=cast.alice, now=now + DAY, at=now - HOUR)
    assert cast.ada.stage is Stage.THANKED
