"""A talk that moves: what was told once is not told again, what lies ahead comes at its new time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from crm.database import transaction
from crm.domain import interviews, invitations, mail, reminders
from crm.domain.errors import NotAllowed
from crm.models import Interview, InterviewState, Kind, Message, ReminderState, Stage
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, HOUSE, MINUTE, kinds, local, one, owed, plan, shown, subjects, write

START = local("2026-03-20 14:00")
PREPARED = START - 2 * DAY


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


@pytest.fixture
def interview(cast: Cast, now: datetime) -> Interview:
    """A date with Ada in ten days, of which the contact has heard."""
    found = plan(cast, START, now)
    deliver(now)
    return found


def deliver(now: datetime) -> None:
    for letter in mail.claim(now=now + timedelta(seconds=11)):
        mail.transmitting(letter, now=now)
        mail.sent(letter, "250 taken", now=now)


def move(cast: Cast, interview: Interview, now: datetime, **values: Any) -> None:
    interviews.change(interview, values, by=cast.alice, now=now, house=HOUSE)


def take_back(cast: Cast, interview: Interview, now: datetime) -> Message:
    letter = invitations.letters(interview)[0]
    interviews.take_back(letter, by=cast.alice, now=now, house=HOUSE)
    return letter


def test_moved_by_an_hour_preparing_is_not_told_again(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    assert subjects(PREPARED) == ["Prepare for Ada Okafor, Friday 20 March 14:00"]
    move(cast, interview, PREPARED + HOUR, starts_at=START + HOUR)
    assert write(PREPARED + HOUR) == []
    assert one(cast.ada, Kind.PREPARE).state is ReminderState.SENT


def test_moved_to_next_month_preparing_is_told_again_in_time(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    write(PREPARED)
    move(cast, interview, PREPARED + HOUR, starts_at=local("2026-04-20 14:00"))
    assert owed(cast.ada, Kind.PREPARE) == ["once 2026-04-18 14:00"]


def test_moved_nearer_preparing_is_due_at_once(cast: Cast, interview: Interview, now: datetime) -> None:
    move(cast, interview, now + HOUR, starts_at=now + DAY)
    assert owed(cast.ada, Kind.PREPARE) == [f"once {shown(now + HOUR)}"]


def test_what_was_prepared_stays_prepared(cast: Cast, interview: Interview, now: datetime) -> None:
    reminders.done(one(cast.ada, Kind.PREPARE), now=PREPARED)
    move(cast, interview, PREPARED + HOUR, starts_at=START + HOUR)
    assert kinds(cast.ada) == ["brief", "how_did_it_go"]


def test_moved_within_the_day_the_brief_comes_again_before_the_talk(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    assert len(write(START - 20 * HOUR)) == 2
    assert len(write(START - 2 * HOUR)) == 1
    move(cast, interview, START - HOUR, starts_at=START + 4 * HOUR)
    assert owed(cast.ada, Kind.BRIEF) == [f"two_hours_before {shown(START + 2 * HOUR)}"]


def test_moved_by_minutes_the_brief_is_not_told_again(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    write(START - 2 * HOUR)
    move(cast, interview, START - HOUR, starts_at=START + 15 * MINUTE)
    assert write(START - HOUR) == []


def test_another_place_leaves_every_reminder_as_it_is(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    before = [reminder.id for reminder in reminders.open_of(cast.ada)]
    move(cast, interview, now + HOUR, place="Lobby")
    assert [reminder.id for reminder in reminders.open_of(cast.ada)] == before


def test_a_corrected_end_moves_the_limit_and_sends_no_second_letter(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    interviews.complete(interview, by=cast.alice, now=START + HOUR, ended_at=START + HOUR)
    assert subjects(START + HOUR) == ["Thank Ada Okafor by tomorrow 15:00"]
    interviews.complete(interview, by=cast.alice, now=START + 2 * HOUR, ended_at=START + 30 * MINUTE)
    assert write(START + 2 * HOUR) == []
    assert owed(cast.ada, Kind.THANK_YOU)[0] == f"in_the_day {shown(START + 4.5 * HOUR)}"
    assert owed(cast.ada, Kind.THANK_YOU)[-1] == f"overdue {shown(START + 24.5 * HOUR)}"


def test_thanks_that_were_called_done_stay_done_when_the_end_is_corrected(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    interviews.complete(interview, by=cast.alice, now=START + HOUR, ended_at=START + HOUR)
    reminders.done(one(cast.ada, Kind.THANK_YOU), now=START + HOUR)
    interviews.complete(interview, by=cast.alice, now=START + 2 * HOUR, ended_at=START + 30 * MINUTE)
    assert kinds(cast.ada) == []


def test_a_move_that_is_taken_back_never_reaches_the_contact(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    move(cast, interview, now + HOUR, starts_at=START + DAY, place="Lobby")
    letter = take_back(cast, interview, now + HOUR)
    assert letter.state == "cancelled"
    assert (interview.starts_at, interview.place) == (START, "")
    assert owed(cast.ada, Kind.PREPARE) == ["once 2026-03-18 14:00"]
    # Feeds may have shown the other date: only a higher number brings this one back.
    assert interview.sequence == 2


def test_two_moves_are_taken_back_to_what_the_contact_knows(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    move(cast, interview, now + HOUR, starts_at=START + DAY)
    move(cast, interview, now + HOUR, starts_at=START + 2 * DAY)
    take_back(cast, interview, now + HOUR)
    assert interview.starts_at == START


def test_a_cancellation_that_is_taken_back_leaves_the_date(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    interviews.cancel(interview, by=cast.alice, now=now + HOUR, house=HOUSE)
    take_back(cast, interview, now + HOUR)
    assert interview.state is InterviewState.PLANNED
    assert kinds(cast.ada) == ["brief", "how_did_it_go", "prepare"]


def test_an_invitation_that_is_taken_back_leaves_the_contact_located(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now)
    take_back(cast, interview, now)
    assert (interview.state, cast.ada.stage) == (InterviewState.CANCELLED, Stage.LOCATED)
    assert kinds(cast.ada) == ["ask"]


def test_another_date_keeps_the_contact_agreed(cast: Cast, now: datetime) -> None:
    first = plan(cast, START, now)
    plan(cast, START + DAY, now)
    take_back(cast, first, now)
    assert cast.ada.stage is Stage.AGREED
    assert kinds(cast.ada) == ["brief", "how_did_it_go", "prepare"]


def test_a_second_date_that_is_taken_back_leaves_one_to_be_set(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    interviews.cancel(interview, by=cast.alice, now=now + HOUR, house=HOUSE)
    second = plan(cast, START + DAY, now + 2 * HOUR)
    take_back(cast, second, now + 2 * HOUR)
    assert kinds(cast.ada) == ["set_date"]


def test_after_ten_seconds_nothing_is_taken_back(cast: Cast, interview: Interview, now: datetime) -> None:
    move(cast, interview, now, starts_at=START + DAY)
    with pytest.raises(NotAllowed, match="on its way already"):
        take_back(cast, interview, now + timedelta(seconds=10))
