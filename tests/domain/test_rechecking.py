"""Looked at once more under the claim: a letter to the user leaves while what it tells of is still so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from crm.database import db, transaction
from crm.domain import accounts, interviews, preferences, subscriptions
from crm.models import Closed, Interview, Message, MessageKind, Preference, Reminder, ReminderState, Rsvp, Way
from tests.cast import Cast
from tests.domain import play
from tests.domain.play import HOUR, HOUSE, MINUTE, local
from tests.domain.waiting import claim, put, state

NIGHT, MORNING = local("2026-03-10 23:00"), local("2026-03-11 08:00")


@pytest.fixture
def interview(cast: Cast, now: datetime) -> Interview:
    """A talk in two days: Alice is reminded to prepare for it at once."""
    with transaction():
        return play.plan(cast, now + 47 * HOUR, now, invite=False)


@pytest.fixture
def letter(interview: Interview, now: datetime) -> Message:
    with transaction():
        (letter,) = play.write(now)
    assert letter.kind is MessageKind.PREPARE
    return letter


def reminder_of(letter: Message) -> Reminder:
    found = db.session.get(Reminder, letter.reminder_id)
    assert found is not None
    return found


def test_nothing_changed_and_it_leaves(letter: Message, now: datetime) -> None:
    assert [claimed.id for claimed in claim(now)] == [letter.id]


def test_moved_talks_are_not_told_at_their_old_time(
    letter: Message, interview: Interview, cast: Cast, now: datetime
) -> None:
    with transaction():
        moved = {"starts_at": now + 30 * HOUR}
        interviews.change(interview, moved, by=cast.alice, now=now, house=HOUSE)
    assert letter.id not in [claimed.id for claimed in claim(now)]
    assert (state(letter), letter.server_reply) == (
        "cancelled",
        "The talk was moved, so that this letter told an old time.",
    )


def test_nobody_prepares_for_a_date_that_was_declined(
    letter: Message, interview: Interview, now: datetime
) -> None:
    with transaction():
        interview.rsvp = Rsvp.DECLINED
    assert claim(now) == []
    assert letter.server_reply == "This date was declined before the letter left."


def test_nobody_prepares_for_a_talk_that_was_called_off(
    letter: Message, interview: Interview, cast: Cast, now: datetime
) -> None:
    with transaction():
        interviews.cancel(interview, by=cast.alice, now=now, house=HOUSE)
    assert claim(now) == []
    assert (state(letter), letter.server_reply) == (
        "cancelled",
        "The talk was called off before the letter left.",
    )


def _done(reminder: Reminder) -> None:
    reminder.state = ReminderState.DONE


def _snoozed(reminder: Reminder) -> None:
    reminder.state = ReminderState.SNOOZED


def _cancelled(reminder: Reminder) -> None:
    reminder.state = ReminderState.CANCELLED


def _deleted(reminder: Reminder) -> None:
    reminder.contact.deleted_at = reminder.created_at


def _closed(reminder: Reminder) -> None:
    reminder.contact.closed = Closed.PARKED


def _off(reminder: Reminder) -> None:
    subscriptions.choose(
        reminder.owner, reminder.workspace_id, reminder.kind, Way.OFF, now=reminder.created_at
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_done, "You had done this before the letter left."),
        (_snoozed, "You put this off before the letter left."),
        (_cancelled, "What this letter reminds of was no longer needed."),
        (_deleted, "The contact was deleted before the letter left."),
        (_closed, "The contact was closed before the letter left."),
        (_off, "You switched letters of this kind off."),
    ],
)
def test_what_is_settled_or_unwanted_is_not_told(
    letter: Message, now: datetime, change: Callable[[Reminder], None], sentence: str
) -> None:
    with transaction():
        change(reminder_of(letter))
    assert claim(now) == []
    assert (state(letter), letter.server_reply, letter.attempts) == ("cancelled", sentence, 0)


def test_too_late_is_too_late(letter: Message, interview: Interview) -> None:
    assert claim(interview.starts_at) == []
    assert state(letter) == "expired"


def quiet(cast: Cast, **wishes: Any) -> None:
    with transaction():
        facts = {"quiet_from": "22:00", "quiet_until": "08:00", **wishes}
        db.session.add(Preference(workspace_id=cast.workspace.id, user_id=cast.alice.id, **facts))


def test_in_quiet_hours_a_letter_to_the_user_waits_and_nothing_is_charged(cast: Cast) -> None:
    quiet(cast)
    message = put(cast, NIGHT)
    assert claim(NIGHT) == []
    assert (state(message), message.next_try_at, message.attempts) == ("waiting", MORNING, 0)
    assert claim(MORNING - MINUTE) == []
    assert len(claim(MORNING)) == 1


def test_on_a_day_off_too(cast: Cast) -> None:
    quiet(cast, quiet_from=None, quiet_until=None, days_off=("tue",))
    message = put(cast, NIGHT)
    assert claim(NIGHT) == []
    assert (state(message), message.next_try_at) == ("waiting", MORNING)


def test_wishes_that_change_let_go_what_they_held(cast: Cast) -> None:
    quiet(cast)
    put(cast, NIGHT)
    assert claim(NIGHT) == []
    with transaction():
        nothing = {"quiet_from": None, "quiet_until": None}
        preferences.change(cast.alice, cast.workspace.id, nothing, now=NIGHT + MINUTE)
    assert len(claim(NIGHT + MINUTE)) == 1


def test_a_zone_that_changes_lets_go_what_the_old_one_held(cast: Cast) -> None:
    quiet(cast)
    put(cast, NIGHT)
    assert claim(NIGHT) == []
    with transaction():
        accounts.change(cast.alice, {"timezone": "America/New_York"}, now=NIGHT + MINUTE)
    assert len(claim(NIGHT + MINUTE)) == 1


def test_before_a_talk_days_off_hold_until_two_hours_before_it_at_most(
    letter: Message, interview: Interview, cast: Cast, now: datetime
) -> None:
    quiet(cast, quiet_from=None, quiet_until=None, days_off=("tue", "wed", "thu"))
    assert claim(now) == []
    assert (state(letter), letter.next_try_at) == ("waiting", interview.starts_at - 2 * HOUR)
    assert [claimed.id for claimed in claim(interview.starts_at - 2 * HOUR)] == [letter.id]


@pytest.mark.parametrize(
    "facts",
    [
        {"urgent": True},
        {"kind": MessageKind.ACCOUNT},
        {"kind": MessageKind.TEST},
        {"to_contact": True},
    ],
)
def test_what_is_urgent_and_what_was_asked_for_ignores_quiet_hours(cast: Cast, facts: dict[str, Any]) -> None:
    quiet(cast)
    put(cast, NIGHT, **facts)
    assert len(claim(NIGHT + MINUTE)) == 1


def test_one_row_that_cannot_be_sent_holds_up_no_other(cast: Cast, now: datetime) -> None:
    broken, good = put(cast, now, "broken"), put(cast, now, "good")
    with transaction():
        broken.to = "no address\nat all"
    assert [claimed.id for claimed in claim(now + timedelta(days=1))] == [good.id]
    assert (state(broken), broken.server_reply) == ("failed", "This letter cannot be sent as it stands.")
