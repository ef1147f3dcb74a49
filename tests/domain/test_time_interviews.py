"""Talks in time: the wall clock that was agreed on, the instant that follows, and what moves with both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import accounts, interviews, mail
from crm.domain.errors import Invalid
from crm.models import Interview, Kind, Message, MessageKind, MessageState, Reminder
from tests.cast import Cast
from tests.domain import zones
from tests.domain.play import DAY, HOUR, HOUSE, local, owed, plan, shown, write

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
SUMMER = local("2026-07-15 14:00", BERLIN)


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def move(cast: Cast, interview: Interview, starts_at: datetime, now: datetime) -> None:
    interviews.change(interview, {"starts_at": starts_at}, by=cast.alice, now=now, house=HOUSE)


def of_kind(kind: Kind) -> list[tuple[str, str]]:
    """Every promise of a kind, whatever became of it: its state and the time of its talk."""
    found = db.session.scalars(select(Reminder).where(Reminder.kind == kind).order_by(Reminder.id))
    return [(reminder.state.value, shown(reminder.anchor_at)) for reminder in found]


def deliver(now: datetime) -> None:
    """What waits for the contact reaches them."""
    for letter in mail.claim(now=now + 11 * timedelta(seconds=1)):
        mail.transmitting(letter, now=now)
        mail.sent(letter, "250 taken", now=now)


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        (BERLIN, "2027-03-28 03:00", "2027-03-28T01:00:00+00:00"),
        (NEW_YORK, "2027-03-14 09:00", "2027-03-14T13:00:00+00:00"),
        (NEW_YORK, "2027-11-07 09:00", "2027-11-07T14:00:00+00:00"),
        ("Australia/Lord_Howe", "2027-04-04 09:00", "2027-04-03T22:30:00+00:00"),
        ("Asia/Kathmandu", "2027-01-04 09:00", "2027-01-04T03:15:00+00:00"),
        ("Pacific/Kiritimati", "2027-01-04 09:00", "2027-01-03T19:00:00+00:00"),
        ("Pacific/Apia", "2027-01-04 09:00", "2027-01-03T20:00:00+00:00"),
        ("Europe/Dublin", "2027-07-05 09:00", "2027-07-05T08:00:00+00:00"),
        ("Africa/Casablanca", "2027-07-05 09:00", "2027-07-05T08:00:00+00:00"),
        ("Africa/Cairo", "2027-04-30 09:00", "2027-04-30T06:00:00+00:00"),
    ],
)
def test_store_an_interview_as_instant_wall_clock_and_zone(
    cast: Cast, now: datetime, zone: str, wall: str, instant: str
) -> None:
    interview = plan(cast, local(wall, zone), now, timezone=zone)
    db.session.flush()
    db.session.refresh(interview)
    assert interview.starts_at.isoformat() == instant
    assert (f"{interview.wall_start:%Y-%m-%d %H:%M}", interview.timezone) == (wall, zone)


def test_gap_a_talk_at_a_time_that_clocks_leave_out_is_moved_forward(cast: Cast, now: datetime) -> None:
    interview = plan(cast, local("2027-03-28 02:30", BERLIN), now, timezone=BERLIN)
    assert interview.starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert f"{interview.wall_start:%H:%M}" == "03:30"


def test_overlap_a_talk_at_a_time_that_comes_twice_is_at_the_first(cast: Cast, now: datetime) -> None:
    interview = plan(cast, local("2027-10-31 02:30", BERLIN), now, timezone=BERLIN)
    assert interview.starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    # Looked at again it stays: both readings of the wall are the same talk.
    interviews.realign(house=HOUSE, now=now)
    assert (interview.starts_at, interview.sequence) == (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), 0)


def test_overlap_a_talk_at_the_second_of_two_is_left_where_it_was_put(cast: Cast, now: datetime) -> None:
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    interview = plan(cast, second, now, timezone=BERLIN)
    interviews.realign(house=HOUSE, now=now)
    assert (interview.starts_at, interview.sequence) == (second, 0)


def test_remind_two_hours_before_counts_from_the_instant(cast: Cast, now: datetime) -> None:
    accounts.change(cast.alice, {"timezone": BERLIN}, now=now)
    plan(cast, local("2027-03-28 04:00", BERLIN), now)
    # Clocks show three hours less, since one of them is left out that night.
    assert owed(cast.ada, Kind.BRIEF, BERLIN) == [
        "evening_before 2027-03-27 18:00",
        "two_hours_before 2027-03-28 01:00",
    ]


def test_24_hours_are_real_hours_and_a_day_before_is_the_same_time_of_day(cast: Cast, now: datetime) -> None:
    accounts.change(cast.alice, {"timezone": BERLIN}, now=now)
    start = local("2027-03-28 14:00", BERLIN)
    talk = plan(cast, start, now)
    assert owed(cast.ada, Kind.PREPARE, BERLIN) == ["once 2027-03-26 14:00"]
    move(cast, talk, local("2027-03-27 13:00", BERLIN), now)
    end = local("2027-03-27 14:00", BERLIN)
    interviews.complete(talk, by=cast.alice, now=end, ended_at=end)
    assert owed(cast.ada, Kind.THANK_YOU, BERLIN)[-1] == "overdue 2027-03-28 15:00"


def test_tzdata_update_the_wall_time_stays_and_everybody_hears(
    cast: Cast, now: datetime, tmp_path: Path
) -> None:
    """Berlin gives summer time up: 14:00 stays 14:00, which is an hour later than it was."""
    interview = plan(cast, SUMMER, now, timezone=BERLIN)
    deliver(now)
    with zones.update(tmp_path, BERLIN, like="Africa/Algiers"):
        interviews.realign(house=HOUSE, now=now + DAY)
        assert interview.starts_at == local("2026-07-15 14:00", BERLIN) == SUMMER + HOUR
    assert (f"{interview.wall_start:%H:%M}", interview.timezone, interview.sequence) == ("14:00", BERLIN, 1)
    told = db.session.scalars(select(Message).where(Message.to_contact.is_(True)).order_by(Message.id)).all()
    assert [letter.kind for letter in told] == [MessageKind.INVITATION, MessageKind.UPDATE]


def test_tzdata_update_pending_reminders_move_with_the_talk(
    cast: Cast, now: datetime, tmp_path: Path
) -> None:
    plan(cast, SUMMER, now, timezone=BERLIN)
    with zones.update(tmp_path, BERLIN, like="Africa/Algiers"):
        interviews.realign(house=HOUSE, now=now + DAY)
    # Alice's clocks have not changed: the talk is at 15:00 for her now.
    assert owed(cast.ada, Kind.BRIEF)[-1] == "two_hours_before 2026-07-15 13:00"
    assert owed(cast.ada, Kind.HOW_DID_IT_GO) == ["once 2026-07-15 16:20"]
    assert owed(cast.ada, Kind.PREPARE) == ["once 2026-07-13 15:00"]


def test_reminder_moved_with_the_interview_old_rows_end_in_the_same_unit_of_work(
    cast: Cast, now: datetime
) -> None:
    start = local("2026-03-20 14:00")
    interview = plan(cast, start, now)
    move(cast, interview, start + DAY, now + HOUR)
    assert of_kind(Kind.BRIEF) == [("cancelled", "2026-03-20 14:00"), ("pending", "2026-03-21 14:00")]
    assert of_kind(Kind.HOW_DID_IT_GO) == [("cancelled", "2026-03-20 14:20"), ("pending", "2026-03-21 14:20")]
    assert [letter.kind for letter in write(start - 2 * HOUR)] == [MessageKind.PREPARE]


def test_reminder_moved_with_the_interview_what_was_sent_stays(cast: Cast, now: datetime) -> None:
    start = local("2026-03-20 14:00")
    interview = plan(cast, start, now)
    deliver(now)
    letters = [letter for letter in write(start - 2 * HOUR) if letter.kind is MessageKind.BRIEF]
    deliver(start - 2 * HOUR)
    move(cast, interview, start + 2 * DAY, start - HOUR)
    (brief,) = letters
    db.session.refresh(brief)
    assert (brief.state, brief.server_reply) == (MessageState.SENT, "250 taken")
    assert owed(cast.ada, Kind.BRIEF) == [
        "evening_before 2026-03-21 18:00",
        "two_hours_before 2026-03-22 12:00",
    ]


def test_reminder_moved_with_the_interview_nothing_moves_when_the_unit_of_work_fails(
    cast: Cast, now: datetime
) -> None:
    interview = plan(cast, local("2026-03-20 14:00"), now)
    before = of_kind(Kind.BRIEF)
    with pytest.raises(Invalid), db.session.begin_nested():
        move(cast, interview, now + 6 * 366 * DAY, now + HOUR)
    assert of_kind(Kind.BRIEF) == before
