"""Thanks: for every talk, by card or by letter, and within 24 hours (P-T1, P-T2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from crm.database import transaction
from crm.domain import contacts, interviews, pipeline, thanks, timeline
from crm.domain.errors import Invalid, NotAllowed
from crm.models import Interview, Stage, ThanksBy
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, kinds, plan, write


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def talk(cast: Cast, now: datetime) -> Interview:
    """A talk with Ada that ended right now."""
    interview = plan(cast, now - HOUR, now)
    interviews.complete(interview, by=cast.alice, now=now, ended_at=now)
    return interview


def thank(cast: Cast, now: datetime, **more: object) -> Stage:
    thanks.record(cast.ada, by_user=cast.alice, now=now, **more)  # type: ignore[arg-type]
    return cast.ada.stage


def test_thanks_make_thanked_and_silence_the_letters(cast: Cast, now: datetime) -> None:
    interview = talk(cast, now)
    assert thank(cast, now + HOUR, by=ThanksBy.CARD) is Stage.THANKED
    assert interview.thanked_at == now + HOUR
    assert kinds(cast.ada) == ["stay_in_touch"]
    assert write(now + 2 * DAY) == []


@pytest.mark.parametrize(
    ("by", "hours", "told"),
    [
        (ThanksBy.CARD, 24, "A card of thanks was posted, within 24 hours of the talk."),
        (ThanksBy.EMAIL, 24, "Thanks were sent by e-mail, within 24 hours of the talk."),
        (ThanksBy.EMAIL, 25, "Thanks were sent by e-mail."),
        (None, 1, "Thanks were said, within 24 hours of the talk."),
    ],
)
def test_the_timeline_tells_whether_they_came_in_time(
    cast: Cast, now: datetime, by: ThanksBy | None, hours: int, told: str
) -> None:
    interview = talk(cast, now)
    thank(cast, now + hours * HOUR, by=by)
    assert [entry.text for entry in timeline.of(cast.ada) if entry.kind == "thanks"] == [told]
    assert thanks.in_time(interview) is (hours <= 24)


def test_thanks_are_recorded_for_the_time_they_were_sent(cast: Cast, now: datetime) -> None:
    interview = talk(cast, now)
    thank(cast, now + 2 * DAY, sent_at=now + HOUR)
    assert interview.thanked_at == now + HOUR
    assert cast.ada.stage_since == now + HOUR
    with pytest.raises(Invalid) as refused:
        thank(cast, now, sent_at=now + HOUR, interview=interview)
    assert list(refused.value.errors) == ["sent_at"]


def test_without_a_talk_there_is_nothing_to_thank_for(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="no interview with Ada Okafor that still waits"):
        thank(cast, now)
    interview = plan(cast, now + DAY, now)
    with pytest.raises(NotAllowed, match="has not taken place yet"):
        thank(cast, now, interview=interview)


def test_of_two_talks_the_latest_is_thanked_for_first(cast: Cast, now: datetime) -> None:
    first, second = talk(cast, now), talk(cast, now + DAY)
    thank(cast, now + 2 * DAY)
    assert (first.thanked_at, second.thanked_at) == (None, now + 2 * DAY)
    assert kinds(cast.ada) == ["stay_in_touch", "thank_you"]
    thank(cast, now + 3 * DAY)
    assert first.thanked_at == now + 3 * DAY
    assert kinds(cast.ada) == ["stay_in_touch"]


def test_a_card_after_the_letter_is_kept_and_counts_no_later(cast: Cast, now: datetime) -> None:
    interview = talk(cast, now)
    thank(cast, now + HOUR, by=ThanksBy.EMAIL)
    thank(cast, now + 2 * DAY, by=ThanksBy.CARD, interview=interview)
    assert interview.thanked_at == now + HOUR
    assert [row.by for row in thanks.of(interview)] == [ThanksBy.EMAIL, ThanksBy.CARD]


def test_the_same_thanks_sent_twice_are_one(cast: Cast, now: datetime) -> None:
    interview = talk(cast, now)
    thank(cast, now, by=ThanksBy.CARD, interview=interview)
    thank(cast, now, by=ThanksBy.CARD, interview=interview)
    assert len(thanks.of(interview)) == 1


def test_a_card_after_the_letter_takes_nobody_back(cast: Cast, now: datetime) -> None:
    interview = talk(cast, now)
    thank(cast, now, by=ThanksBy.EMAIL)
    pipeline.move(cast.ada, Stage.RECONNECTED, by=cast.alice, now=now + DAY)
    assert thank(cast, now + 2 * DAY, by=ThanksBy.CARD, interview=interview) is Stage.RECONNECTED


def test_a_card_for_an_earlier_talk_leaves_the_later_one_unthanked(cast: Cast, now: datetime) -> None:
    first = talk(cast, now)
    thank(cast, now, by=ThanksBy.EMAIL)
    talk(cast, now + DAY)
    assert thank(cast, now + DAY, by=ThanksBy.CARD, interview=first) is Stage.INTERVIEWED
    assert kinds(cast.ada) == ["thank_you"]


def test_thanks_for_an_earlier_talk_make_thanked_from_wherever(cast: Cast, now: datetime) -> None:
    talk(cast, now)
    pipeline.move(cast.ada, Stage.RECONNECTED, by=cast.alice, now=now + DAY)
    assert thank(cast, now + DAY) is Stage.THANKED


@pytest.mark.parametrize(
    ("name", "address", "lacks"),
    [
        ("Ada Okafor", "14 Marina Road\nLagos Island", 0),
        ("Ada", "14 Marina Road, Lagos", 1),
        ("Ada Okafor", None, 1),
        ("Ada Okafor", "Lagos", 1),
        ("Ada", "", 2),
    ],
)
def test_a_card_needs_a_full_name_and_a_full_address(
    cast: Cast, now: datetime, name: str, address: str | None, lacks: int
) -> None:
    contacts.change(cast.ada, {"name": name, "postal_address": address}, by=cast.alice, now=now)
    assert len(thanks.card_lacks(cast.ada)) == lacks


def test_24_hours_are_24_hours(cast: Cast, now: datetime) -> None:
    interview = talk(cast, now)
    thank(cast, now + 24 * HOUR + timedelta(microseconds=1))
    assert not thanks.in_time(interview)
