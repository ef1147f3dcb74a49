"""Staying remembered (P-C4): three weeks after the thanks, then by interest, from the last touch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from crm.database import transaction
from crm.domain import contacts, interviews, pipeline, reminders, thanks, touches
from crm.models import Contact, Interest, Kind, ReminderState, Stage
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, kinds, one, owed, plan, shown, write

WEEK = 7 * DAY


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


@pytest.fixture
def ada(cast: Cast, now: datetime) -> Contact:
    """Ada, thanked just now."""
    interview = plan(cast, now - HOUR, now)
    interviews.complete(interview, by=cast.alice, now=now, ended_at=now)
    thanks.record(cast.ada, by_user=cast.alice, now=now)
    return cast.ada


def touch(cast: Cast, now: datetime, way: str = "out", at: datetime | None = None) -> None:
    touches.log(cast.ada, "call", by=cast.alice, now=now, direction=way, at=at)


def reconnected(cast: Cast, interest: Interest | None, now: datetime) -> None:
    contacts.change(cast.ada, {"interest": interest}, by=cast.alice, now=now)
    touch(cast, now)


@pytest.mark.parametrize(
    ("interest", "due"),
    [
        (Interest.CHAMPION, "2026-04-22 10:00"),
        (Interest.WARM, "2026-06-10 10:00"),
        (Interest.OTHER, "2026-09-09 10:00"),
        (None, "2026-09-09 10:00"),
    ],
)
def test_the_interest_sets_the_rhythm(
    cast: Cast, ada: Contact, now: datetime, interest: Interest | None, due: str
) -> None:
    reconnected(cast, interest, now + DAY)
    assert ada.stage is Stage.RECONNECTED
    assert owed(ada, Kind.STAY_IN_TOUCH) == [f"once {due}"]


def test_every_touch_starts_it_anew(cast: Cast, ada: Contact, now: datetime) -> None:
    reconnected(cast, Interest.CHAMPION, now)
    touch(cast, now + WEEK, "in")
    assert owed(ada, Kind.STAY_IN_TOUCH) == ["once 2026-04-28 10:00"]


def test_an_answer_to_the_thanks_leaves_three_weeks_and_suggests_a_move(
    cast: Cast, ada: Contact, now: datetime
) -> None:
    logged = touches.log(ada, "message", by=cast.alice, now=now + DAY, direction="in")
    assert (ada.stage, logged.suggests) == (Stage.THANKED, Stage.RECONNECTED)
    assert owed(ada, Kind.STAY_IN_TOUCH) == ["once 2026-04-01 10:00"]


def test_a_call_that_was_before_the_thanks_changes_nothing(cast: Cast, ada: Contact, now: datetime) -> None:
    touch(cast, now + HOUR, at=now - 3 * DAY)
    assert ada.stage is Stage.THANKED
    assert owed(ada, Kind.STAY_IN_TOUCH) == ["once 2026-03-31 10:00"]


def test_an_old_touch_does_not_wake_a_reminder_that_was_sent(cast: Cast, ada: Contact, now: datetime) -> None:
    reconnected(cast, Interest.CHAMPION, now)
    assert len(write(now + 6 * WEEK)) == 1
    touch(cast, now + 6 * WEEK, at=now - DAY)
    assert write(now + 6 * WEEK) == []


def test_done_in_time_it_goes_on_by_interest(cast: Cast, ada: Contact, now: datetime) -> None:
    contacts.change(ada, {"interest": Interest.WARM}, by=cast.alice, now=now)
    reminders.done(one(ada, Kind.STAY_IN_TOUCH), now=now + 3 * WEEK)
    assert owed(ada, Kind.STAY_IN_TOUCH) == ["once 2026-06-30 11:00"]
    assert ada.stage is Stage.THANKED


def test_a_touch_keeps_the_promise_that_was_due(cast: Cast, ada: Contact, now: datetime) -> None:
    reminder = one(ada, Kind.STAY_IN_TOUCH)
    write(now + 3 * WEEK)
    touch(cast, now + 3 * WEEK, "in")
    assert reminder.state is ReminderState.DONE
    assert owed(ada, Kind.STAY_IN_TOUCH) == ["once 2026-09-29 11:00"]


def test_another_interest_counts_at_once(cast: Cast, ada: Contact, now: datetime) -> None:
    reconnected(cast, None, now)
    contacts.change(ada, {"interest": Interest.CHAMPION}, by=cast.alice, now=now + WEEK)
    assert owed(ada, Kind.STAY_IN_TOUCH) == ["once 2026-04-21 10:00"]


def test_a_rhythm_that_is_past_is_due_now(cast: Cast, ada: Contact, now: datetime) -> None:
    reconnected(cast, None, now)
    later = now + 10 * WEEK
    contacts.change(ada, {"interest": Interest.CHAMPION}, by=cast.alice, now=later)
    assert owed(ada, Kind.STAY_IN_TOUCH) == [f"once {shown(later)}"]


def test_moved_by_hand_it_counts_from_the_move(cast: Cast, ada: Contact, now: datetime) -> None:
    contacts.change(ada, {"interest": Interest.CHAMPION}, by=cast.alice, now=now)
    pipeline.move(ada, Stage.RECONNECTED, by=cast.alice, now=now + WEEK)
    contacts.change(ada, {"interest": Interest.WARM}, by=cast.alice, now=now + WEEK)
    assert owed(ada, Kind.STAY_IN_TOUCH) == ["once 2026-06-16 10:00"]


def test_another_talk_ends_it_until_the_next_thanks(cast: Cast, ada: Contact, now: datetime) -> None:
    reconnected(cast, Interest.CHAMPION, now)
    interview = plan(cast, now + DAY, now)
    interviews.complete(interview, by=cast.alice, now=now + 2 * DAY)
    assert kinds(ada) == ["thank_you"]
    thanks.record(ada, by_user=cast.alice, now=now + 2 * DAY)
    assert owed(ada, Kind.STAY_IN_TOUCH) == ["once 2026-04-02 10:00"]
