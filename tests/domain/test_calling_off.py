"""Inviting later, calling a date off, and thinking better of both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from crm.database import transaction
from crm.domain import contacts, interviews, invitations, mail, reminders
from crm.domain.errors import NotAllowed
from crm.models import Interview, InterviewState, Kind, Medium, Message, MessageKind, MessageState
from tests.cast import Cast

HOUSE = mail.Letterhead("http://localhost:8000", "crm@localhost")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


@pytest.fixture
def interview(cast: Cast, now: datetime) -> Interview:
    """A date with Ada in two days; the invitation waits."""
    return interviews.plan(cast.ada, by=cast.alice, starts_at=now + 2 * DAY, now=now, house=HOUSE)


def deliver(interview: Interview, now: datetime) -> None:
    """The letters that wait reach the contact."""
    for letter in mail.claim(now=now + timedelta(seconds=11)):
        assert mail.transmitting(letter, now=now)
        mail.sent(letter, "250 OK", now=now)


def states(interview: Interview) -> list[tuple[MessageKind, MessageState]]:
    return [(letter.kind, letter.state) for letter in invitations.letters(interview)]


def latest(interview: Interview) -> Message:
    return invitations.letters(interview)[0]


def test_a_date_nobody_heard_of_stands_again_and_invites_anew(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    interviews.cancel(interview, by=cast.alice, now=now, house=HOUSE)
    interviews.reinstate(interview, by=cast.alice, now=now + timedelta(seconds=2), house=HOUSE)
    assert interview.state is InterviewState.PLANNED
    assert states(interview) == [
        (MessageKind.INVITATION, MessageState.WAITING),
        (MessageKind.INVITATION, MessageState.CANCELLED),
    ]
    assert [r.kind for r in reminders.open_of(cast.ada, [Kind.SET_DATE, Kind.PREPARE])] == [Kind.PREPARE]


def test_a_cancellation_under_way_is_taken_back_with_its_letter_alone(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    deliver(interview, now)
    interviews.cancel(interview, by=cast.alice, now=now + DAY, house=HOUSE)
    with pytest.raises(NotAllowed, match="no longer"):
        interviews.reinstate(interview, by=cast.alice, now=now + DAY, house=HOUSE)
    interviews.take_back(latest(interview), by=cast.alice, now=now + DAY, house=HOUSE)
    assert interview.state is InterviewState.PLANNED


def test_a_cancellation_taken_back_forgets_a_move_that_was_never_told(
    cast: Cast, interview: Interview, now: datetime
) -> None:
    deliver(interview, now)
    starts_at = interview.starts_at
    interviews.change(interview, {"starts_at": starts_at + DAY}, by=cast.alice, now=now + DAY, house=HOUSE)
    interviews.cancel(interview, by=cast.alice, now=now + DAY, house=HOUSE)
    interviews.take_back(latest(interview), by=cast.alice, now=now + DAY, house=HOUSE)
    assert (interview.state, interview.starts_at) == (InterviewState.PLANNED, starts_at)


def test_the_same_date_twice_is_found_and_refused(cast: Cast, interview: Interview, now: datetime) -> None:
    assert interviews.planned_at(cast.ada, interview.starts_at) is interview
    with pytest.raises(NotAllowed, match="planned already"):
        interviews.plan(cast.ada, by=cast.alice, starts_at=interview.starts_at, now=now, house=HOUSE)


def test_why_nobody_can_be_invited_is_said(cast: Cast, now: datetime) -> None:
    def why(medium: Medium, starts_at: datetime | None) -> str:
        return invitations.hindrance(cast.ada, medium, starts_at, now)

    assert why(Medium.PHONE, now + DAY) == why(Medium.PHONE, None) == ""
    assert "passed already" in why(Medium.PHONE, now)
    assert "no appointment" in why(Medium.EMAIL, now + DAY)
    contacts.change(cast.ada, {"email": None}, by=cast.alice, now=now)
    assert "No e-mail address is known of Ada Okafor" in why(Medium.PHONE, now + DAY)


def test_an_invitation_is_sent_later_once_and_taken_back_alone(cast: Cast, now: datetime) -> None:
    contacts.change(cast.ada, {"email": None}, by=cast.alice, now=now)
    interview = interviews.plan(cast.ada, by=cast.alice, starts_at=now + DAY, now=now, house=HOUSE)
    assert not interviews.may_invite(interview, now)
    contacts.change(cast.ada, {"email": "ada@example.com"}, by=cast.alice, now=now)
    letter = interviews.invite(interview, by=cast.alice, now=now, house=HOUSE)
    with pytest.raises(NotAllowed, match="under way already"):
        interviews.invite(interview, by=cast.alice, now=now, house=HOUSE)
    interviews.take_back(letter, by=cast.alice, now=now, house=HOUSE)
    assert (interview.state, interview.invited) == (InterviewState.PLANNED, False)
    assert interviews.may_invite(interview, now)
