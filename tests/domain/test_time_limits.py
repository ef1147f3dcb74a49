"""Too early, too late, not any more: what time and change do to a letter that is promised or waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import interviews, mail, reminders
from crm.domain.errors import Invalid
from crm.models import Kind, MessageKind, MessageState, Reminder, ReminderState
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, HOUSE, MINUTE, kinds, local, one, owed, plan, shown, subjects, write


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def test_edit_between_writing_and_sending_the_old_time_is_not_told(cast: Cast, now: datetime) -> None:
    start = local("2026-03-20 14:00")
    interview = plan(cast, start, now, invite=False)
    (prepare,) = write(start - 2 * DAY)
    later = {"starts_at": start + 30 * DAY}
    interviews.change(interview, later, by=cast.alice, now=start - 2 * DAY, house=HOUSE)
    assert mail.claim(now=start - 2 * DAY) == []
    db.session.refresh(prepare)
    assert prepare.state is MessageState.CANCELLED
    assert prepare.server_reply == "The talk was moved, so that this letter told an old time."


def test_edit_between_writing_and_sending_a_talk_called_off_is_not_told(cast: Cast, now: datetime) -> None:
    start = local("2026-03-20 14:00")
    interview = plan(cast, start, now, invite=False)
    (prepare,) = write(start - 2 * DAY)
    interviews.cancel(interview, by=cast.alice, now=start - 2 * DAY, house=HOUSE)
    assert mail.claim(now=start - 2 * DAY) == []
    db.session.refresh(prepare)
    assert prepare.state is MessageState.CANCELLED


def test_edit_between_writing_and_sending_what_is_done_is_not_told(cast: Cast, now: datetime) -> None:
    (ask,) = write(now + 3 * DAY)
    reminders.done(one(cast.ada, Kind.ASK), now=now + 3 * DAY)
    assert mail.claim(now=now + 3 * DAY) == []
    db.session.refresh(ask)
    assert (ask.state, ask.server_reply) == (
        MessageState.CANCELLED,
        "You had done this before the letter left.",
    )


def test_created_in_the_past_preparing_is_due_now(cast: Cast, now: datetime) -> None:
    plan(cast, now + DAY, now, invite=False)
    assert owed(cast.ada, Kind.PREPARE) == [f"once {shown(now)}"]
    assert "Prepare for Ada Okafor, tomorrow 10:00" in subjects(now)


def test_created_in_the_past_of_several_steps_the_latest_is_due_now(cast: Cast, now: datetime) -> None:
    plan(cast, now + HOUR, now, invite=False)
    assert owed(cast.ada, Kind.BRIEF) == [f"two_hours_before {shown(now)}"]


def test_created_in_the_past_what_is_of_no_use_is_not_promised(cast: Cast, now: datetime) -> None:
    plan(cast, now - 3 * DAY, now)
    assert kinds(cast.ada) == ["how_did_it_go"]
    assert owed(cast.ada, Kind.HOW_DID_IT_GO) == [f"once {shown(now + HOUR)}"]


def test_created_in_the_past_a_chosen_time_is_refused_in_words(cast: Cast, now: datetime) -> None:
    for past in (now, now - MINUTE, now - 400 * DAY):
        with pytest.raises(Invalid, match="still to come"):
            reminders.snooze(one(cast.ada, Kind.ASK), past, now=now)
    # And never silently next year.
    with pytest.raises(Invalid, match="within a year"):
        reminders.snooze(one(cast.ada, Kind.ASK), now + 367 * DAY, now=now)


def test_late_worker_an_interview_reminder_is_sent_until_the_talk_begins(cast: Cast, now: datetime) -> None:
    start = local("2026-03-20 14:00")
    plan(cast, start, now, invite=False)
    write(start - 2 * DAY)
    assert [letter.kind for letter in write(start - timedelta(seconds=1))] == [MessageKind.BRIEF]


def test_late_worker_an_interview_reminder_is_never_sent_afterwards(cast: Cast, now: datetime) -> None:
    start = local("2026-03-20 14:00")
    plan(cast, start, now, invite=False)
    assert write(start) == []
    briefs = db.session.scalars(select(Reminder.state).where(Reminder.kind == Kind.BRIEF)).all()
    assert briefs == [ReminderState.CANCELLED]


def test_late_worker_a_letter_that_waits_for_the_server_expires_as_the_talk_begins(
    cast: Cast, now: datetime
) -> None:
    start = local("2026-03-20 14:00")
    plan(cast, start, now, invite=False)
    briefs = [letter for letter in write(start - 2 * HOUR) if letter.kind is MessageKind.BRIEF]
    assert [brief.not_after for brief in briefs] == [start]
    assert mail.claim(now=start) == []
    db.session.refresh(briefs[0])
    assert (briefs[0].state, briefs[0].server_reply) == (
        MessageState.EXPIRED,
        "This letter was of no more use by now.",
    )
