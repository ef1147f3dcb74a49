"""Moves taken back: nothing is left of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from crm.database import db, transaction
from crm.domain import contacts, interviews, mail, pipeline, reminders, stages, timeline, touches
from crm.domain.errors import NotAllowed, NotFound
from crm.domain.reminders import writing
from crm.models import (
    Contact,
    Happened,
    Interview,
    InterviewState,
    Kind,
    Message,
    MessageState,
    Stage,
    StageChange,
    Thanks,
)
from tests.cast import Cast

HOUSE = mail.Letterhead("http://localhost:8000", "crm@example.net")
MINUTE = timedelta(minutes=1)


def move(cast: Cast, to: Stage, now: datetime, **more: Any) -> int:
    """One move of Ada's; its number."""
    with transaction():
        change = pipeline.move(ada(cast), to, by=cast.alice, now=now, **more)
        assert change is not None
        db.session.flush()
        return change.id


def undo(cast: Cast, change_id: int, now: datetime) -> None:
    with transaction():
        pipeline.undo(ada(cast), change_id, now=now)


def ada(cast: Cast) -> Contact:
    return contacts.get(cast.workspace, cast.ada.id, lock=True)


def owed(contact: Contact) -> dict[Kind, datetime]:
    return {reminder.kind: reminder.due_at for reminder in reminders.open_of(contact)}


def count(model: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_an_undone_move_leaves_the_contact_as_it_was(cast: Cast, now: datetime) -> None:
    before, entries = owed(ada(cast)), len(timeline.of(ada(cast)))
    undo(cast, move(cast, Stage.AGREED, now + MINUTE), now + 2 * MINUTE)
    contact = ada(cast)
    assert (contact.stage, contact.stage_since) == (Stage.LOCATED, now)
    assert owed(contact) == before
    assert len(timeline.of(contact)) == entries
    assert count(StageChange) == 0


def test_an_undone_move_to_interviewed_leaves_no_interview(cast: Cast, now: datetime) -> None:
    change = move(cast, Stage.INTERVIEWED, now + MINUTE)
    assert count(Interview) == 1
    undo(cast, change, now + 2 * MINUTE)
    assert count(Interview) == 0
    assert Kind.THANK_YOU not in owed(ada(cast))
    assert ada(cast).touched_at is None


def test_a_letter_about_an_undone_move_is_kept_back(cast: Cast, now: datetime) -> None:
    change = move(cast, Stage.INTERVIEWED, now + MINUTE)
    with transaction():
        assert writing.write_due(house=HOUSE, now=now + MINUTE) == 1
    undo(cast, change, now + 2 * MINUTE)
    letter = db.session.scalars(select(Message)).one()
    assert (letter.state, letter.interview_id) == (MessageState.CANCELLED, None)


def test_a_planned_interview_is_planned_again_with_all_that_it_owes(cast: Cast, now: datetime) -> None:
    with transaction():
        start = now + timedelta(days=4)
        interviews.plan(ada(cast), by=cast.alice, starts_at=start, now=now, house=HOUSE)
    before = owed(ada(cast))
    undo(cast, move(cast, Stage.INTERVIEWED, now + MINUTE), now + 2 * MINUTE)
    interview = stages.planned(ada(cast))[0]
    assert (interview.state, interview.ended_at, interview.sequence) == (InterviewState.PLANNED, None, 0)
    assert owed(ada(cast)) == before
    invitation = db.session.scalars(select(Message)).one()
    assert (invitation.state, invitation.server_reply) == (MessageState.WAITING, None)


def test_undone_thanks_are_owed_again_at_the_same_hours(cast: Cast, now: datetime) -> None:
    move(cast, Stage.INTERVIEWED, now)
    before = owed(ada(cast))
    change = move(cast, Stage.THANKED, now + MINUTE)
    assert count(Thanks) == 1
    undo(cast, change, now + 2 * MINUTE)
    assert count(Thanks) == 0
    assert stages.unthanked(ada(cast))
    assert owed(ada(cast)) == before


def test_a_reminder_that_was_sent_is_not_sent_again(cast: Cast, now: datetime) -> None:
    later = now + timedelta(days=10)
    with transaction():
        writing.write_due(house=HOUSE, now=later)
    undo(cast, move(cast, Stage.AGREED, later), later + MINUTE)
    with transaction():
        assert writing.write_due(house=HOUSE, now=later + MINUTE) == 0


def test_a_move_back_can_be_undone(cast: Cast, now: datetime) -> None:
    move(cast, Stage.AGREED, now)
    change = move(cast, Stage.LOCATED, now + MINUTE, reason="It was somebody else.")
    undo(cast, change, now + 2 * MINUTE)
    assert ada(cast).stage is Stage.AGREED


def test_only_the_latest_move_can_be_undone(cast: Cast, now: datetime) -> None:
    first = move(cast, Stage.AGREED, now)
    second = move(cast, Stage.INTERVIEWED, now + MINUTE)
    with pytest.raises(NotAllowed, match="moved again"):
        undo(cast, first, now + MINUTE)
    undo(cast, second, now + MINUTE)
    undo(cast, first, now + MINUTE)
    assert ada(cast).stage is Stage.LOCATED


def test_a_move_cannot_be_undone_once_something_else_happened(cast: Cast, now: datetime) -> None:
    change = move(cast, Stage.AGREED, now)
    with transaction():
        touches.log(ada(cast), "call", by=cast.alice, now=now + MINUTE)
    with pytest.raises(NotAllowed, match="Something else has happened"):
        undo(cast, change, now + MINUTE)


def test_a_note_does_not_stand_in_the_way_and_stays(cast: Cast, now: datetime) -> None:
    change = move(cast, Stage.AGREED, now)
    with transaction():
        touches.log(ada(cast), "note", by=cast.alice, now=now + MINUTE, text="Likes tea.")
    undo(cast, change, now + 2 * MINUTE)
    assert timeline.of(ada(cast))[0].kind is Happened.NOTE


def test_an_undone_move_is_gone(cast: Cast, now: datetime) -> None:
    change = move(cast, Stage.AGREED, now)
    undo(cast, change, now)
    with pytest.raises(NotFound):
        undo(cast, change, now)


def test_a_move_of_somebody_else_cannot_be_undone_through_this_contact(cast: Cast, now: datetime) -> None:
    change = move(cast, Stage.AGREED, now)
    with transaction():
        other = contacts.add(cast.workspace, {"name": "Grace"}, by=cast.alice, now=now)
        with pytest.raises(NotFound):
            pipeline.undo(other, change, now=now)
