"""Saying thank you: what helps, and what is recorded (P-T1, P-T2, P-T3)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from crm.database import db, transaction, utcnow
from crm.domain import contacts, interviews, reminders, thanks
from crm.models import Contact, Interview, Kind, Stage, Thanks, ThanksBy
from tests.cast import Cast
from tests.views.visitor import Visitor


def held(cast: Cast, ended_at: datetime, notes: str = "") -> int:
    """A talk with Ada that ended then; its number."""
    with transaction():
        ada = contacts.get(cast.workspace, cast.ada.id, lock=True)
        interview = interviews.held_at(ada, by=cast.alice, ended_at=ended_at, now=utcnow())
        interviews.complete(interview, by=cast.alice, now=utcnow(), ended_at=ended_at, notes=notes)
        return interview.id


@pytest.fixture
def talk(cast: Cast) -> int:
    """The talk ended three hours ago."""
    return held(cast, utcnow() - timedelta(hours=3), "Shifts are the hardest part.")


def ada(cast: Cast) -> Contact:
    db.session.rollback()
    return contacts.get(cast.workspace, cast.ada.id)


def thank(alice: Visitor, cast: Cast, **form: str) -> TestResponse:
    return alice.post(f"/contacts/{cast.ada.id}/thanks", data=form)


def page_of(alice: Visitor, cast: Cast) -> str:
    return alice.get(f"/contacts/{cast.ada.id}/thanks").get_data(as_text=True)


def test_what_was_said_and_the_address_stand_beside_it(cast: Cast, alice: Visitor, talk: int) -> None:
    page = page_of(alice, cast)
    assert "21 hours left" in page
    assert "Shifts are the hardest part." in page
    assert "No postal address is noted." in page
    assert 'href="mailto:ada@example.com?subject=Thank%20you"' in page


def test_thanks_by_mail_silence_the_reminders_and_can_be_undone(
    cast: Cast, alice: Visitor, talk: int
) -> None:
    answer = thank(alice, cast, by="email", interview=str(talk))
    assert answer.headers["Location"] == f"/contacts/{cast.ada.id}"
    assert ada(cast).stage is Stage.THANKED
    assert reminders.open_of(ada(cast), [Kind.THANK_YOU]) == []
    with alice.session_transaction() as session:
        said = session["_flashes"][0][1]
    assert said["text"] == "Ada is thanked, within 24 hours of the talk."
    alice.post(said["undo"])
    assert ada(cast).stage is Stage.INTERVIEWED
    assert len(reminders.open_of(ada(cast), [Kind.THANK_YOU])) == 1


def test_the_form_sent_twice_thanks_once(cast: Cast, alice: Visitor, talk: int) -> None:
    for _ in range(2):
        assert thank(alice, cast, by="card", interview=str(talk)).status_code == 303
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Thanks)) == 1


def test_a_card_may_follow_the_mail(cast: Cast, alice: Visitor, talk: int) -> None:
    thank(alice, cast, by="email", interview=str(talk))
    page = page_of(alice, cast)
    assert "And once more, the other way" in page
    assert 'value="email"' not in page
    thank(alice, cast, by="card", interview=str(talk))
    db.session.rollback()
    ways = [row.by for row in thanks.of(interviews.get(cast.workspace, talk))]
    assert ways == [ThanksBy.EMAIL, ThanksBy.CARD]


def test_of_several_talks_one_is_chosen(cast: Cast, alice: Visitor, talk: int) -> None:
    earlier = held(cast, utcnow() - timedelta(days=9))
    page = page_of(alice, cast)
    assert "For which talk?" in page
    assert "8 days late" in page
    thank(alice, cast, by="card", interview=str(earlier))
    db.session.rollback()
    unthanked = db.session.scalars(select(Interview.id).where(Interview.thanked_at.is_(None)))
    assert list(unthanked) == [talk]


def test_a_wrong_time_is_said_beside_the_field_and_nothing_is_recorded(
    cast: Cast, alice: Visitor, talk: int
) -> None:
    for typed, sentence in (
        ("2099-01-01T10:00", "This lies in the future"),
        ("soon", "not a day and a time"),
    ):
        answer = thank(alice, cast, by="card", sent_at=typed, interview=str(talk))
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
        assert typed in answer.get_data(as_text=True)
    assert ada(cast).stage is Stage.INTERVIEWED


def test_before_any_talk_there_is_nothing_to_thank_for(cast: Cast, alice: Visitor) -> None:
    page = page_of(alice, cast)
    assert "No talk with Ada yet" in page
    assert f'href="/contacts/{cast.ada.id}/interviews/new"' in page
    assert thank(alice, cast, by="card").status_code == 409
