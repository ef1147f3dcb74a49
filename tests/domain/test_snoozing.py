"""Putting off: the letter comes at the chosen time, and what lies near it gives way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from crm.database import transaction
from crm.domain import interviews, reminders, thanks
from crm.domain.errors import Invalid, NotAllowed
from crm.models import Kind, Reminder, ReminderState
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, MINUTE, local, one, owed, plan, subjects, write

#: Ada is talked with until noon on Thursday.
END = local("2026-03-12 12:00")


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


@pytest.fixture
def thank_you(cast: Cast) -> Reminder:
    """The ladder of thanks, its first letter written."""
    interviews.complete(plan(cast, END - HOUR, END), by=cast.alice, now=END, ended_at=END)
    assert len(write(END)) == 1
    return one(cast.ada, Kind.THANK_YOU)


def test_the_letter_comes_at_the_chosen_time_and_the_ladder_goes_on(cast: Cast, thank_you: Reminder) -> None:
    reminders.snooze(thank_you, END + 7 * HOUR, now=END)
    assert thank_you.state is ReminderState.SNOOZED
    assert owed(cast.ada, Kind.THANK_YOU) == [
        "snoozed 2026-03-12 19:00",
        "next_morning 2026-03-13 08:00",
        "two_hours_left 2026-03-13 10:00",
        "overdue 2026-03-13 12:00",
    ]
    assert write(END + 4 * HOUR) == []
    assert subjects(END + 7 * HOUR) == ["Thank Ada Okafor by tomorrow 12:00"]
    assert one(cast.ada, Kind.THANK_YOU).state is ReminderState.PENDING


def test_a_step_less_than_two_hours_after_it_gives_way(cast: Cast, thank_you: Reminder) -> None:
    reminders.snooze(thank_you, local("2026-03-13 07:00"), now=END)
    assert owed(cast.ada, Kind.THANK_YOU) == [
        "snoozed 2026-03-13 07:00",
        "two_hours_left 2026-03-13 10:00",
        "overdue 2026-03-13 12:00",
    ]


def test_overdue_gives_way_to_nothing_but_the_limit_itself(cast: Cast, thank_you: Reminder) -> None:
    reminders.snooze(thank_you, END + 23 * HOUR, now=END)
    assert owed(cast.ada, Kind.THANK_YOU) == ["snoozed 2026-03-13 11:00", "overdue 2026-03-13 12:00"]
    reminders.snooze(thank_you, END + 25 * HOUR, now=END)
    assert owed(cast.ada, Kind.THANK_YOU) == ["snoozed 2026-03-13 13:00"]
    assert subjects(END + 25 * HOUR) == ["Your thank-you to Ada Okafor is overdue"]


def test_what_was_sent_can_be_put_off_and_is_sent_again(cast: Cast, now: datetime) -> None:
    reminder = one(cast.ada, Kind.ASK)
    write(now + 4 * DAY)
    for week in (1, 2):
        reminders.snooze(reminder, now + week * 7 * DAY, now=now + 4 * DAY)
        assert len(write(now + week * 7 * DAY)) == 1
        assert reminder.state is ReminderState.SENT


def test_nothing_is_put_off_into_the_talk_that_it_is_for(cast: Cast, now: datetime) -> None:
    plan(cast, now + 5 * DAY, now)
    for kind in (Kind.PREPARE, Kind.BRIEF):
        with pytest.raises(Invalid, match="will have begun by then"):
            reminders.snooze(one(cast.ada, kind), now + 5 * DAY, now=now)
    reminders.snooze(one(cast.ada, Kind.PREPARE), now + 5 * DAY - MINUTE, now=now)


def test_thanks_end_what_was_put_off(cast: Cast, thank_you: Reminder) -> None:
    reminders.snooze(thank_you, END + 7 * HOUR, now=END)
    thanks.record(cast.ada, by_user=cast.alice, now=END + HOUR)
    assert write(END + 7 * HOUR) == []
    with pytest.raises(NotAllowed, match="finished already"):
        reminders.snooze(thank_you, END + 9 * HOUR, now=END + HOUR)


def test_a_snooze_to_an_earlier_time_brings_the_letter_forward_and_adds_none(
    cast: Cast, now: datetime
) -> None:
    reminder = one(cast.ada, Kind.ASK)
    reminders.snooze(reminder, now + HOUR, now=now)
    assert len(write(now + HOUR)) == 1
    assert reminder.state is ReminderState.SENT
    assert write(now + 7 * DAY) == []


def test_the_same_time_twice_is_once_and_is_taken_back_whole(cast: Cast, thank_you: Reminder) -> None:
    before = owed(cast.ada, Kind.THANK_YOU)
    for _ in range(2):
        reminders.snooze(thank_you, END + 7 * HOUR, now=END)
    assert owed(cast.ada, Kind.THANK_YOU)[0] == "snoozed 2026-03-12 19:00"
    reminders.take_back(thank_you, now=END)
    assert owed(cast.ada, Kind.THANK_YOU) == before
