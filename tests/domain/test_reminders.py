"""What each step of the way promises, and what ends a promise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from crm.database import transaction
from crm.domain import accounts, contacts, interviews, pipeline, reminders, thanks, touches
from crm.models import Closed, Kind, ReminderState, Stage
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, HOUSE, kinds, local, one, owed, plan, shown, write


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    """All of a test is one unit of work; it begins on Tuesday 10 March 2026, 10:00 in Stockholm."""
    with transaction():
        yield


def ask(cast: Cast, now: datetime) -> None:
    touches.log(cast.ada, "ask", by=cast.alice, now=now)


def move(cast: Cast, to: Stage, now: datetime, reason: str = "") -> None:
    pipeline.move(cast.ada, to, by=cast.alice, now=now, reason=reason)


def thanked(cast: Cast, now: datetime) -> None:
    """Ada was talked with and thanked, right now."""
    interviews.complete(plan(cast, now - HOUR, now), by=cast.alice, now=now, ended_at=now)
    thanks.record(cast.ada, by_user=cast.alice, now=now)


def test_a_new_contact_is_to_be_asked_in_three_days(cast: Cast) -> None:
    assert kinds(cast.ada) == ["ask"]
    assert owed(cast.ada, Kind.ASK) == ["once 2026-03-13 08:00"]


def test_an_ask_is_followed_up_twice_and_then_let_go(cast: Cast, now: datetime) -> None:
    ask(cast, now)
    assert owed(cast.ada, Kind.FOLLOW_UP) == ["round_1 2026-03-17 08:00", "round_2 2026-03-24 08:00"]
    assert owed(cast.ada, Kind.CLOSE) == ["once 2026-03-31 08:00"]
    assert kinds(cast.ada) == ["close", "follow_up"]


def test_asking_keeps_the_promise_to_ask(cast: Cast, now: datetime) -> None:
    reminder = one(cast.ada, Kind.ASK)
    ask(cast, now)
    assert reminder.state is ReminderState.DONE


def test_a_follow_up_that_was_sent_is_followed_up_once_more(cast: Cast, now: datetime) -> None:
    ask(cast, now)
    ask(cast, now + 7 * DAY)
    assert owed(cast.ada, Kind.FOLLOW_UP) == ["round_2 2026-03-24 08:00"]
    assert owed(cast.ada, Kind.CLOSE) == ["once 2026-03-31 08:00"]


def test_after_two_follow_ups_only_letting_go_is_left(cast: Cast, now: datetime) -> None:
    for week in (0, 7, 14):
        ask(cast, now + week * DAY)
    assert owed(cast.ada, Kind.FOLLOW_UP) == []
    assert owed(cast.ada, Kind.CLOSE) == ["once 2026-03-31 08:00"]


def test_a_message_after_the_ask_is_a_follow_up_too(cast: Cast, now: datetime) -> None:
    ask(cast, now)
    touches.log(cast.ada, "message", by=cast.alice, now=now + DAY)
    assert owed(cast.ada, Kind.FOLLOW_UP) == ["round_2 2026-03-18 08:00"]


def test_a_note_changes_nothing(cast: Cast, now: datetime) -> None:
    ask(cast, now)
    touches.log(cast.ada, "note", by=cast.alice, now=now + DAY, text="Likes tea.")
    assert owed(cast.ada, Kind.FOLLOW_UP)[0] == "round_1 2026-03-17 08:00"


def test_an_ask_logged_long_after_is_followed_up_now_and_let_go_a_week_later(
    cast: Cast, now: datetime
) -> None:
    touches.log(cast.ada, "ask", by=cast.alice, now=now, at=now - 60 * DAY)
    assert owed(cast.ada, Kind.FOLLOW_UP) == ["round_2 2026-03-10 10:00"]
    assert owed(cast.ada, Kind.CLOSE) == ["once 2026-03-17 08:00"]


def test_an_earlier_ask_logged_later_does_not_hurry_the_follow_up(cast: Cast, now: datetime) -> None:
    ask(cast, now)
    touches.log(cast.ada, "ask", by=cast.alice, now=now, at=now - 30 * DAY)
    assert owed(cast.ada, Kind.FOLLOW_UP) == ["round_2 2026-03-17 08:00"]


def test_an_answer_ends_the_following_up(cast: Cast, now: datetime) -> None:
    ask(cast, now)
    logged = touches.log(cast.ada, "message", by=cast.alice, now=now + DAY, direction="in")
    assert kinds(cast.ada) == []
    assert logged.suggests is Stage.AGREED


def test_agreed_without_a_date_one_is_to_be_set_in_two_working_days(cast: Cast, now: datetime) -> None:
    move(cast, Stage.AGREED, now + 3 * DAY)
    assert kinds(cast.ada) == ["set_date"]
    assert owed(cast.ada, Kind.SET_DATE) == ["once 2026-03-17 08:00"]


def test_a_date_promises_preparation_a_brief_and_the_question_how_it_went(cast: Cast, now: datetime) -> None:
    plan(cast, local("2026-03-20 14:00"), now, minutes=20)
    assert kinds(cast.ada) == ["brief", "how_did_it_go", "prepare"]
    assert owed(cast.ada, Kind.PREPARE) == ["once 2026-03-18 14:00"]
    assert owed(cast.ada, Kind.BRIEF) == [
        "evening_before 2026-03-19 18:00",
        "two_hours_before 2026-03-20 12:00",
    ]
    assert owed(cast.ada, Kind.HOW_DID_IT_GO) == ["once 2026-03-20 15:20"]


def test_questions_by_letter_need_no_brief(cast: Cast, now: datetime) -> None:
    plan(cast, now + 9 * DAY, now, medium="email")
    assert kinds(cast.ada) == ["how_did_it_go", "prepare"]


def test_a_date_entered_after_its_start_is_asked_about_an_hour_later(cast: Cast, now: datetime) -> None:
    plan(cast, now - 3 * DAY, now)
    assert kinds(cast.ada) == ["how_did_it_go"]
    assert owed(cast.ada, Kind.HOW_DID_IT_GO) == ["once 2026-03-10 11:00"]


def test_called_off_a_new_date_is_to_be_set(cast: Cast, now: datetime) -> None:
    interview = plan(cast, now + 9 * DAY, now)
    interviews.cancel(interview, by=cast.alice, now=now + DAY, house=HOUSE)
    assert owed(cast.ada, Kind.SET_DATE) == ["once 2026-03-13 08:00"]
    assert kinds(cast.ada) == ["set_date"]


def test_a_talk_promises_thanks_within_24_hours_of_its_actual_end(cast: Cast, now: datetime) -> None:
    interview = plan(cast, now + DAY, now)
    ended = interview.ends_at + 12 * HOUR / 60
    interviews.complete(interview, by=cast.alice, now=ended + HOUR, ended_at=ended)
    assert kinds(cast.ada) == ["thank_you"]
    assert owed(cast.ada, Kind.THANK_YOU) == [
        f"at_once {shown(ended + HOUR)}",
        f"in_the_day {shown(ended + 4 * HOUR)}",
        "next_morning 2026-03-12 08:00",
        f"overdue {shown(ended + 24 * HOUR)}",
    ]


def test_what_a_talk_asked_for_is_done_once_it_is_recorded(cast: Cast, now: datetime) -> None:
    interview = plan(cast, now + DAY, now)
    question = one(cast.ada, Kind.HOW_DID_IT_GO)
    interviews.complete(interview, by=cast.alice, now=interview.ends_at)
    assert question.state is ReminderState.DONE


def test_thanks_silence_the_rest_and_start_the_rhythm(cast: Cast, now: datetime) -> None:
    move(cast, Stage.INTERVIEWED, now)
    reminder = one(cast.ada, Kind.THANK_YOU)
    thanks.record(cast.ada, by_user=cast.alice, now=now + HOUR)
    assert reminder.state is ReminderState.DONE
    assert owed(cast.ada, Kind.STAY_IN_TOUCH) == ["once 2026-03-31 11:00"]


def test_whoever_referred_them_is_told_two_days_after_the_thanks(cast: Cast, now: datetime) -> None:
    greta = contacts.add(cast.workspace, {"name": "Greta"}, by=cast.alice, now=now)
    contacts.change(cast.ada, {"referred_by": greta.id}, by=cast.alice, now=now)
    thanked(cast, now)
    assert owed(cast.ada, Kind.TELL_REFERRER) == ["once 2026-03-12 10:00"]


def test_the_referrer_is_told_once_however_often_they_are_thanked(cast: Cast, now: datetime) -> None:
    greta = contacts.add(cast.workspace, {"name": "Greta"}, by=cast.alice, now=now)
    contacts.change(cast.ada, {"referred_by": greta.id}, by=cast.alice, now=now)
    thanked(cast, now)
    reminders.done(one(cast.ada, Kind.TELL_REFERRER), now=now + DAY)
    thanked(cast, now + 2 * DAY)
    assert kinds(cast.ada) == ["stay_in_touch"]


def test_a_move_back_drops_what_the_stage_owed(cast: Cast, now: datetime) -> None:
    move(cast, Stage.INTERVIEWED, now)
    move(cast, Stage.AGREED, now + HOUR, reason="It was somebody else.")
    assert kinds(cast.ada) == ["set_date"]


def test_going_on_leaves_the_thanks_owed(cast: Cast, now: datetime) -> None:
    move(cast, Stage.INTERVIEWED, now)
    move(cast, Stage.RECONNECTED, now + HOUR)
    assert kinds(cast.ada) == ["stay_in_touch", "thank_you"]


@pytest.mark.parametrize("reason", list(Closed))
def test_closing_stops_everything(cast: Cast, now: datetime, reason: Closed) -> None:
    plan(cast, now + 9 * DAY, now)
    contacts.change(cast.ada, {"closed": reason}, by=cast.alice, now=now)
    assert kinds(cast.ada) == []
    assert write(now + 30 * DAY) == []


def test_a_closed_contact_makes_no_promise(cast: Cast, now: datetime) -> None:
    contacts.change(cast.ada, {"closed": Closed.PARKED}, by=cast.alice, now=now)
    ask(cast, now)
    assert kinds(cast.ada) == []


def test_a_promise_switched_off_is_not_made(cast: Cast, now: datetime) -> None:
    accounts.set_promise(cast.workspace, Kind.FOLLOW_UP, off=True, days=None)
    ask(cast, now)
    assert kinds(cast.ada) == ["close"]
    assert owed(cast.ada, Kind.CLOSE) == ["once 2026-03-17 08:00"]


def test_a_promise_switched_off_after_it_was_made_is_not_written_about(cast: Cast, now: datetime) -> None:
    accounts.set_promise(cast.workspace, Kind.ASK, off=True, days=None)
    assert write(now + 4 * DAY) == []
    assert kinds(cast.ada) == []


def test_a_workspace_has_its_own_delays(cast: Cast, now: datetime) -> None:
    accounts.set_promise(cast.workspace, Kind.FOLLOW_UP, off=False, days=10)
    accounts.set_promise(cast.workspace, Kind.CLOSE, off=False, days=1)
    ask(cast, now)
    assert owed(cast.ada, Kind.FOLLOW_UP) == ["round_1 2026-03-24 08:00", "round_2 2026-04-07 08:00"]
    assert owed(cast.ada, Kind.CLOSE) == ["once 2026-04-08 08:00"]


def test_promises_go_by_the_clock_of_the_owner(cast: Cast, now: datetime) -> None:
    accounts.change(cast.alice, {"timezone": "America/New_York"}, now=now)
    grace = contacts.add(cast.workspace, {"name": "Grace"}, by=cast.alice, now=now)
    assert owed(grace, Kind.ASK, "America/New_York") == ["once 2026-03-13 08:00"]
