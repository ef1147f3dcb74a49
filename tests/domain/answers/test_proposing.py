"""Another time: proposed by a calendar program or on the page, accepted with one click, or declined."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import answers, interviews
from crm.domain.errors import NotAllowed, NotFound
from crm.models import Interview, Message, MessageKind, MessageState, ProposalState, Rsvp
from tests.cast import Cast
from tests.domain.answers.post import HOME, TALK, Hand, reply
from tests.domain.play import DAY, HOUR, MINUTE

OTHER = TALK + DAY


def counter(talk: Interview, at: datetime, start: datetime = OTHER, minutes: int = 20) -> bytes:
    """As Google and Outlook write it: with a Maybe, and the whole talk at another time."""
    times = f"DTSTART:{start:%Y%m%dT%H%M%SZ}\nDTEND:{start + minutes * MINUTE:%Y%m%dT%H%M%SZ}"
    more = f"{times}\nCOMMENT:Rather then?"
    return reply(talk.uid, "TENTATIVE", at=at, method="COUNTER", more=more)


def latest(kind: MessageKind) -> Message:
    found = db.session.scalars(
        select(Message).where(Message.kind == kind).order_by(Message.id.desc())
    ).first()
    assert found is not None
    return found


def deliver() -> None:
    with transaction():
        for letter in db.session.scalars(select(Message)):
            letter.state = MessageState.SENT


def event_of(letter: Message) -> tuple[str, Any]:
    """The method and the calendar of a whole letter, parsed back."""
    parts = message_from_bytes(letter.raw or b"", policy=policy.default).walk()
    part = next(part for part in parts if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == str(calendar["METHOD"])
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


@pytest.fixture
def proposed(talk: Interview, take: Hand, now: datetime) -> Interview:
    """Ada was invited, and would rather meet a day later."""
    deliver()
    take.news(counter(talk, now + HOUR))
    return talk


def test_a_counter_is_a_perhaps_with_a_time(proposed: Interview) -> None:
    (one,) = answers.open_of(proposed)
    assert proposed.rsvp is Rsvp.TENTATIVE
    assert (one.number, one.starts_at, one.minutes, one.comment) == (1, OTHER, None, "Rather then?")
    assert one.by_counter


def test_accepted_it_moves_the_talk_and_asks_anew(proposed: Interview, cast: Cast, now: datetime) -> None:
    with transaction():
        one = answers.get(proposed, 1)
        answers.accept(proposed, one, by=cast.alice, now=now + 2 * DAY, house=HOME)
        answers.accept(proposed, one, by=cast.alice, now=now + 2 * DAY, house=HOME)
    assert (proposed.starts_at, proposed.sequence, one.state) == (OTHER, 1, ProposalState.ACCEPTED)
    assert proposed.rsvp is Rsvp.NEEDS_ACTION
    method, event = event_of(latest(MessageKind.UPDATE))
    assert (method, event["SEQUENCE"], event["DTSTART"].dt) == ("REQUEST", 1, OTHER.astimezone(UTC))
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["DTSTAMP"].dt == now + 2 * DAY
    assert "Thank you for proposing this time" in (latest(MessageKind.UPDATE).text or "")


def test_declined_the_calendar_that_asked_is_told(proposed: Interview, cast: Cast, now: datetime) -> None:
    with transaction():
        answers.decline(proposed, answers.get(proposed, 1), by=cast.alice, now=now + 2 * DAY, house=HOME)
    assert (proposed.starts_at, proposed.sequence, answers.open_of(proposed)) == (TALK, 0, [])
    method, event = event_of(latest(MessageKind.DECLINE_COUNTER))
    assert (method, event["SEQUENCE"], event["UID"]) == ("DECLINECOUNTER", 0, proposed.uid)
    assert event["ORGANIZER"] == f"mailto:{proposed.organizer}"
    assert event["ATTENDEE"] == "mailto:ada@example.com"
    assert "STATUS" not in event


def test_another_length_is_a_proposal_too(proposed: Interview, take: Hand, cast: Cast, now: datetime) -> None:
    take.news(counter(proposed, now + 2 * HOUR, TALK, minutes=45))
    (one,) = answers.open_of(proposed)
    assert (one.number, one.starts_at, one.minutes) == (2, TALK, 45)
    with transaction():
        answers.accept(proposed, one, by=cast.alice, now=now + 2 * DAY, house=HOME)
    assert (proposed.minutes, proposed.starts_at) == (45, TALK)


def test_the_time_that_stands_is_no_proposal(talk: Interview, take: Hand, now: datetime) -> None:
    take.news(counter(talk, now, TALK))
    assert answers.open_of(talk) == []
    assert talk.rsvp is Rsvp.TENTATIVE


def test_a_time_that_has_passed_is_none_either(talk: Interview, take: Hand, now: datetime) -> None:
    take.news(counter(talk, now, now - DAY))
    assert answers.open_of(talk) == []


def test_a_yes_takes_the_proposal_back(proposed: Interview, take: Hand, now: datetime) -> None:
    take.news(reply(proposed.uid, at=now + 2 * HOUR))
    assert answers.open_of(proposed) == []
    assert proposed.rsvp is Rsvp.ACCEPTED


def test_the_perhaps_beside_it_leaves_it(proposed: Interview, take: Hand, now: datetime) -> None:
    take.news(reply(proposed.uid, "TENTATIVE", at=now + HOUR))
    assert len(answers.open_of(proposed)) == 1


def test_moved_meanwhile_nothing_is_open_any_more(proposed: Interview, cast: Cast, now: datetime) -> None:
    with transaction():
        values = {"starts_at": TALK + 3 * DAY}
        interviews.change(proposed, values, by=cast.alice, now=now + DAY, house=HOME)
    assert answers.open_of(proposed) == []
    with pytest.raises(NotAllowed, match="no longer open"), transaction():
        answers.accept(proposed, answers.get(proposed, 1), by=cast.alice, now=now, house=HOME)


def test_nobody_meets_in_the_past(proposed: Interview, cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="passed already"), transaction():
        answers.accept(proposed, answers.get(proposed, 1), by=cast.alice, now=OTHER + DAY, house=HOME)
    with pytest.raises(NotFound):
        answers.get(proposed, 99)


def test_a_floating_time_is_one_where_the_contact_lives(talk: Interview, take: Hand, now: datetime) -> None:
    more = "DTSTART:20260321T150000\nDURATION:PT20M"
    take.news(reply(talk.uid, "TENTATIVE", at=now, method="COUNTER", more=more))
    (one,) = answers.open_of(talk)
    assert one.starts_at == datetime(2026, 3, 21, 14, 0, tzinfo=UTC)


def test_a_yes_that_is_taken_back_leaves_it_open(cast: Cast, proposed: Interview, now: datetime) -> None:
    deliver()
    accept(cast, proposed, now)
    with transaction():
        interviews.take_back(latest(MessageKind.UPDATE), by=cast.alice, now=now + DAY, house=HOME)
    assert (proposed.starts_at, proposed.rsvp) == (TALK, Rsvp.TENTATIVE)
    (again,) = answers.open_of(proposed)
    assert again.starts_at == OTHER
    accept(cast, proposed, now)
    assert proposed.starts_at == OTHER


def test_a_move_that_is_taken_back_leaves_it_open_too(cast: Cast, proposed: Interview, now: datetime) -> None:
    deliver()
    with transaction():
        later = {"starts_at": TALK + 2 * DAY}
        interviews.change(proposed, later, by=cast.alice, now=now + DAY, house=HOME)
    assert not answers.open_of(proposed)
    with transaction():
        interviews.take_back(latest(MessageKind.UPDATE), by=cast.alice, now=now + DAY, house=HOME)
    assert [one.starts_at for one in answers.open_of(proposed)] == [OTHER]


def accept(cast: Cast, talk: Interview, now: datetime) -> None:
    with transaction():
        (proposal,) = answers.open_of(talk)
        answers.accept(talk, proposal, by=cast.alice, now=now + DAY, house=HOME)


def test_a_yes_to_another_time_is_none_to_this_one(talk: Interview, take: Hand, now: datetime) -> None:
    deliver()
    take.news(counter(talk, now + HOUR).replace(b"TENTATIVE", b"ACCEPTED"))
    assert talk.rsvp is Rsvp.TENTATIVE
    assert len(answers.open_of(talk)) == 1


def test_a_cancellation_that_is_taken_back_opens_nothing_anew(
    cast: Cast, proposed: Interview, now: datetime
) -> None:
    deliver()
    accept(cast, proposed, now)
    deliver()
    with transaction():
        interviews.cancel(proposed, by=cast.alice, now=now + DAY, house=HOME)
    with transaction():
        interviews.take_back(latest(MessageKind.CANCELLATION), by=cast.alice, now=now + DAY, house=HOME)
    assert proposed.starts_at == OTHER
    assert not answers.open_of(proposed)
