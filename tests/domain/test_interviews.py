"""Dates: set, moved and held, with every calendar in step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import contacts, interviews, mail, timeline
from crm.domain.errors import Invalid, NotAllowed, NotFound
from crm.models import (
    Interview,
    InterviewState,
    Kind,
    Medium,
    Message,
    Stage,
)
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, HOUSE, MINUTE, local, owed, plan

START = local("2026-03-20 14:00")


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def change(cast: Cast, interview: Interview, now: datetime, **values: Any) -> None:
    interviews.change(interview, values, by=cast.alice, now=now, house=HOUSE)


def letters() -> list[str]:
    """Every letter to a contact, with what became of it."""
    found = db.session.scalars(select(Message).where(Message.to_contact.is_(True)).order_by(Message.id))
    return [f"{letter.kind} {letter.state}" for letter in found]


def deliver(now: datetime) -> None:
    """What waits for the contact reaches them."""
    for letter in mail.claim(now=now + 11 * timedelta(seconds=1)):
        mail.transmitting(letter, now=now)
        mail.sent(letter, "250 taken", now=now)


def test_a_date_makes_a_located_contact_agreed(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now, place="12 Marina Road")
    assert cast.ada.stage is Stage.AGREED
    assert (interview.minutes, interview.medium, interview.sequence) == (20, Medium.IN_PERSON, 0)
    assert interview.ends_at - interview.starts_at == 20 * MINUTE
    assert interview.wall_start.isoformat() == "2026-03-20T14:00:00"
    assert letters() == ["invitation waiting"]


def test_the_wall_clock_is_read_in_the_zone_that_was_meant(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now, timezone="Africa/Lagos")
    assert interview.wall_start.isoformat() == "2026-03-20T14:00:00"
    change(cast, interview, now, timezone="America/New_York")
    assert interview.wall_start.isoformat() == "2026-03-20T09:00:00"
    assert interview.sequence == 0


def test_an_invitation_waits_ten_seconds(cast: Cast, now: datetime) -> None:
    plan(cast, START, now)
    assert mail.claim(now=now + timedelta(seconds=9)) == []
    assert len(mail.claim(now=now + timedelta(seconds=10))) == 1


@pytest.mark.parametrize(
    ("facts", "more"),
    [
        ({"email": None}, {}),
        ({}, {"invite": False}),
        ({}, {"medium": "email"}),
    ],
)
def test_who_cannot_or_need_not_be_invited_is_not(
    cast: Cast, now: datetime, facts: dict[str, Any], more: dict[str, Any]
) -> None:
    contacts.change(cast.ada, facts, by=cast.alice, now=now)
    interview = plan(cast, START, now, **more)
    change(cast, interview, now + HOUR, starts_at=START + DAY)
    interviews.cancel(interview, by=cast.alice, now=now + 2 * HOUR, house=HOUSE)
    assert letters() == []


def test_entered_after_its_start_nobody_is_invited(cast: Cast, now: datetime) -> None:
    plan(cast, now - HOUR, now)
    assert letters() == []
    assert cast.ada.stage is Stage.AGREED


@pytest.mark.parametrize(
    ("field", "value"), [("minutes", 4), ("minutes", 481), ("medium", "pigeon"), ("timezone", "Mars/Base")]
)
def test_what_cannot_be_meant_is_refused(cast: Cast, now: datetime, field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        plan(cast, START, now, **{field: value})
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize("years", [-6, 6])
def test_a_date_in_another_age_is_refused(cast: Cast, now: datetime, years: int) -> None:
    with pytest.raises(Invalid, match="Check the year"):
        plan(cast, now + years * 366 * DAY, now)


def test_the_same_date_twice_is_refused(cast: Cast, now: datetime) -> None:
    plan(cast, START, now)
    with pytest.raises(NotAllowed, match="is planned already"):
        plan(cast, START, now)


def test_a_closed_contact_gets_no_date(cast: Cast, now: datetime) -> None:
    contacts.change(cast.ada, {"closed": "declined"}, by=cast.alice, now=now)
    with pytest.raises(NotAllowed, match="is closed"):
        plan(cast, START, now)


def test_moved_before_the_letter_left_only_the_last_date_is_told(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now)
    change(cast, interview, now, starts_at=START + DAY)
    assert letters() == ["invitation cancelled", "invitation waiting"]


def test_moved_afterwards_the_contact_hears_of_it(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now)
    deliver(now)
    change(cast, interview, now + HOUR, starts_at=START + DAY)
    assert (interview.sequence, interview.ends_at) == (1, START + DAY + 20 * MINUTE)
    assert letters() == ["invitation sent", "update waiting"]
    assert owed(cast.ada, Kind.PREPARE) == ["once 2026-03-19 14:00"]
    assert owed(cast.ada, Kind.HOW_DID_IT_GO) == ["once 2026-03-21 15:20"]


@pytest.mark.parametrize(
    "values", [{"starts_at": START + HOUR}, {"minutes": 30}, {"place": "Lobby"}, {"medium": "phone"}]
)
def test_what_matters_to_others_raises_the_sequence(
    cast: Cast, now: datetime, values: dict[str, Any]
) -> None:
    interview = plan(cast, START, now)
    change(cast, interview, now, **values)
    assert interview.sequence == 1
    change(cast, interview, now, **values)
    assert interview.sequence == 1


def test_notes_are_nobody_elses_business(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now)
    deliver(now)
    change(cast, interview, now, notes="Ask about pay.")
    assert interview.sequence == 0
    assert letters() == ["invitation sent"]


def test_from_a_talk_to_a_letter_the_date_leaves_the_contacts_calendar(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now)
    deliver(now)
    change(cast, interview, now, medium="email")
    assert letters() == ["invitation sent", "cancellation waiting"]
    deliver(now)
    change(cast, interview, now, minutes=10)
    change(cast, interview, now, medium="video")
    assert letters() == ["invitation sent", "cancellation sent", "update waiting"]


def test_called_off_before_anybody_heard_of_it_nobody_hears(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now)
    interviews.cancel(interview, by=cast.alice, now=now, house=HOUSE)
    assert letters() == ["invitation cancelled"]


def test_called_off_the_contact_hears_of_it_and_stays_agreed(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now)
    deliver(now)
    interviews.cancel(interview, by=cast.alice, now=now + HOUR, house=HOUSE)
    interviews.cancel(interview, by=cast.alice, now=now + HOUR, house=HOUSE)
    assert (interview.state, interview.sequence) == (InterviewState.CANCELLED, 1)
    assert letters() == ["invitation sent", "cancellation waiting"]
    assert cast.ada.stage is Stage.AGREED


def test_what_was_called_off_cannot_be_moved_or_held(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now)
    interviews.cancel(interview, by=cast.alice, now=now, house=HOUSE)
    with pytest.raises(NotAllowed, match="no longer planned"):
        change(cast, interview, now, minutes=30)
    with pytest.raises(NotAllowed, match="was called off"):
        interviews.complete(interview, by=cast.alice, now=now)


def test_the_timeline_tells_what_happened(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now, medium="phone")
    change(cast, interview, now + HOUR, starts_at=START + DAY)
    change(cast, interview, now + 2 * HOUR, minutes=15)
    interviews.cancel(interview, by=cast.alice, now=now + 3 * HOUR, house=HOUSE)
    told = [entry.text.split(" CET")[0] for entry in timeline.of(cast.ada) if entry.kind == "interview"]
    assert told == [
        "Called off: interview by phone, Sat 21 Mar 2026, 14:00",
        "Changed: interview by phone, Sat 21 Mar 2026, 14:00",
        "Moved: interview by phone, Sat 21 Mar 2026, 14:00",
        "Planned: interview by phone, Fri 20 Mar 2026, 14:00",
    ]


def test_another_workspace_finds_nothing(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now)
    with pytest.raises(NotFound):
        interviews.get(cast.bobs_workspace, interview.id)
    assert interviews.coming(cast.bobs_workspace, cast.bob, since=now) == []


def test_where_countries_change_their_clocks_the_time_on_the_wall_stays(cast: Cast, now: datetime) -> None:
    interview = plan(cast, START, now)
    deliver(now)
    assert interviews.realign(house=HOUSE, now=now) == 0
    assert interview.sequence == 0
    # As if it had been planned under rules by which 15:00 was that instant.
    interview.wall_start += HOUR
    assert interviews.realign(house=HOUSE, now=now) == 0
    assert (interview.starts_at, interview.sequence) == (START + HOUR, 1)
    assert letters() == ["invitation sent", "update waiting"]
