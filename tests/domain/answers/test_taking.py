"""Answers by mail: found, believed, ordered, and told."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import interviews, reminders
from crm.models import (
    Activity,
    Answer,
    Happened,
    Interview,
    Kind,
    Message,
    MessageKind,
    MessageState,
    Notification,
    Rsvp,
)
from tests.cast import Cast
from tests.domain.answers.post import HOME, TALK, Hand, reply, stands
from tests.domain.play import DAY, HOUR, MINUTE


def lines() -> list[str]:
    """The timeline's answers, oldest first."""
    query = select(Activity.text).where(Activity.kind == Happened.RSVP).order_by(Activity.id)
    return list(db.session.scalars(query))


def is_owed(cast: Cast) -> bool:
    return bool(reminders.open_of(cast.ada, [Kind.SET_DATE]))


def deliver() -> None:
    """What waits for the contact is sent."""
    with transaction():
        for letter in db.session.scalars(select(Message).where(Message.to_contact.is_(True))):
            letter.state = MessageState.SENT


def test_yes_is_yes(talk: Interview, take: Hand, now: datetime) -> None:
    assert take.news(reply(talk.uid, at=now + MINUTE)) == "Ada Okafor accepted."
    assert (talk.rsvp, talk.rsvp_at) == (Rsvp.ACCEPTED, now + DAY)
    assert lines() == ["Ada Okafor accepted."]


def test_no_reminds_the_seeker_of_another_date(
    cast: Cast, talk: Interview, take: Hand, now: datetime
) -> None:
    said = take.news(reply(talk.uid, "DECLINED", at=now, more="COMMENT:At sea\\, sorry"))
    assert said == "Ada Okafor declined: “At sea, sorry”"
    assert (talk.rsvp, is_owed(cast)) == (Rsvp.DECLINED, True)
    take.news(reply(talk.uid, "ACCEPTED", at=now + HOUR))
    assert (talk.rsvp, is_owed(cast)) == (Rsvp.ACCEPTED, False)


def test_the_seeker_hears_of_it_at_once(cast: Cast, talk: Interview, take: Hand, now: datetime) -> None:
    take.news(reply(talk.uid, "TENTATIVE", at=now))
    told = db.session.scalars(select(Notification).where(Notification.kind == MessageKind.ANSWER)).one()
    assert told.user_id == cast.alice.id
    assert (told.title, told.path) == ("Ada Okafor answered “perhaps”.", f"/interviews/{talk.id}")
    letter = db.session.scalars(select(Message).where(Message.kind == MessageKind.ANSWER)).one()
    assert (letter.to, letter.to_contact, told.letter) == (cast.alice.email, False, letter)
    assert "List-Unsubscribe: <https://fika.example.org/u/" in (letter.raw or b"").decode()


def test_the_same_letter_twice_is_one_answer(talk: Interview, take: Hand, now: datetime) -> None:
    ics = reply(talk.uid, at=now)
    take.news(ics)
    again = take(ics, at=now + 2 * DAY)
    assert again is not None
    assert not again.is_news
    assert talk.rsvp_at == now + DAY
    assert len(lines()) == len(db.session.scalars(select(Answer)).all()) == 1


def test_an_older_answer_after_a_newer_one_changes_nothing(
    talk: Interview, take: Hand, now: datetime
) -> None:
    take.news(reply(talk.uid, "DECLINED", at=now + HOUR))
    late = take(reply(talk.uid, "ACCEPTED", at=now))
    assert late is not None
    assert not late.is_news
    assert stands(talk) is Rsvp.DECLINED
    assert lines()[-1] == "Ada Okafor accepted. A later answer came before this one, so nothing changed."


def test_an_answer_to_another_date_changes_nothing(
    cast: Cast, talk: Interview, take: Hand, now: datetime
) -> None:
    deliver()
    with transaction():
        later = {"starts_at": TALK + DAY}
        interviews.change(talk, later, by=cast.alice, now=now + HOUR, house=HOME)
    assert take(reply(talk.uid, at=now + 2 * HOUR)) is not None
    assert stands(talk) is Rsvp.NEEDS_ACTION
    assert lines()[-1].endswith("That was an answer to an older date, so nothing changed.")
    take.news(reply(talk.uid, at=now + 3 * HOUR, sequence=1))
    assert stands(talk) is Rsvp.ACCEPTED


def test_another_date_is_another_question(cast: Cast, talk: Interview, take: Hand, now: datetime) -> None:
    take.news(reply(talk.uid, at=now))
    deliver()
    with transaction():
        later = {"starts_at": TALK + DAY}
        interviews.change(talk, later, by=cast.alice, now=now + 2 * DAY, house=HOME)
    assert (talk.rsvp, talk.rsvp_at, talk.sequence) == (Rsvp.NEEDS_ACTION, None, 1)
    with transaction():
        letter = db.session.scalars(select(Message).where(Message.kind == MessageKind.UPDATE)).one()
        interviews.take_back(letter, by=cast.alice, now=now + 2 * DAY, house=HOME)
    assert (talk.rsvp, talk.rsvp_at, talk.sequence) == (Rsvp.ACCEPTED, now + DAY, 2)
    assert take.news(reply(talk.uid, "DECLINED", at=now + 2 * DAY)).startswith("Ada Okafor declined")


def test_whoever_counts_for_themselves_can_still_answer(
    cast: Cast, talk: Interview, take: Hand, now: datetime
) -> None:
    take.news(reply(talk.uid, at=now, sequence=7))
    take.news(reply(talk.uid, "DECLINED", at=now + HOUR, sequence=0))
    assert stands(talk) is Rsvp.DECLINED


@pytest.mark.parametrize("end", ["cancel", "complete"])
def test_once_it_is_over_an_answer_is_only_noted(
    cast: Cast, talk: Interview, take: Hand, now: datetime, end: str
) -> None:
    with transaction():
        if end == "cancel":
            interviews.cancel(talk, by=cast.alice, now=now, house=HOME)
        else:
            interviews.complete(talk, by=cast.alice, now=TALK + HOUR)
    taken = take(reply(talk.uid, at=now, sequence=talk.sequence))
    assert taken is not None
    assert not taken.is_news
    assert "no longer planned" in taken.sentence
    assert stands(talk) is Rsvp.NEEDS_ACTION


def test_refresh_sends_the_invitation_as_it_stands(talk: Interview, take: Hand, now: datetime) -> None:
    deliver()
    take(reply(talk.uid, at=now, method="REFRESH"), at=now + 2 * DAY)
    again = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert again is not None
    assert (again.kind, again.state, talk.sequence) == (MessageKind.INVITATION, MessageState.WAITING, 0)
    deliver()
    said = take(reply(talk.uid, at=now + MINUTE, method="REFRESH"), at=now + 2 * DAY + MINUTE)
    assert said is not None
    assert "a short while ago" in said.sentence


def test_nobody_but_us_refuses_a_proposal(talk: Interview, take: Hand, now: datetime) -> None:
    taken = take(reply(talk.uid, at=now, method="DECLINECOUNTER"))
    assert taken is not None
    assert not taken.is_news
    assert stands(talk) is Rsvp.NEEDS_ACTION


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH", "ADD", "", "PAGE"])
def test_what_is_no_answer_is_ordinary_mail(talk: Interview, take: Hand, now: datetime, method: str) -> None:
    assert take(reply(talk.uid, at=now, method=method)) is None
    assert len(db.session.scalars(select(Interview)).all()) == 1


@pytest.mark.parametrize(
    "more", ["RRULE:FREQ=DAILY", "RECURRENCE-ID:20260320T090000Z", "RDATE:20260320T090000Z"]
)
def test_a_series_is_refused(talk: Interview, take: Hand, now: datetime, more: str) -> None:
    assert take(reply(talk.uid, at=now, more=more)) is None


def test_of_a_contact_in_the_trash_nothing_is_taken(
    cast: Cast, talk: Interview, take: Hand, now: datetime
) -> None:
    with transaction():
        cast.ada.deleted_at = now
    assert take(reply(talk.uid, at=now)) is None


def test_of_two_in_one_second_the_latter_counts(talk: Interview, take: Hand, now: datetime) -> None:
    take.news(reply(talk.uid, "ACCEPTED", at=now))
    take.news(reply(talk.uid, "DECLINED", at=now))
    assert stands(talk) is Rsvp.DECLINED


def test_an_answer_without_its_own_time_counts_when_it_comes(
    talk: Interview, take: Hand, now: datetime
) -> None:
    ics = reply(talk.uid, at=now, sequence=None).replace(b"DTSTAMP", b"X-STAMP")
    take.news(ics)
    assert stands(talk) is Rsvp.ACCEPTED


def test_a_clock_that_runs_ahead_does_not_silence_its_owner(
    talk: Interview, take: Hand, now: datetime
) -> None:
    ahead = reply(talk.uid, at=now + 300 * DAY)
    take.news(ahead)
    again = take(ahead, at=now + 2 * DAY)
    assert again is not None
    assert not again.is_news
    taken = take(reply(talk.uid, "DECLINED", at=now + 3 * DAY), at=now + 3 * DAY)
    assert taken is not None
    assert taken.is_news
    assert stands(talk) is Rsvp.DECLINED


def test_an_answer_to_the_date_that_stands_again_counts(
    cast: Cast, talk: Interview, take: Hand, now: datetime
) -> None:
    deliver()
    with transaction():
        later = {"starts_at": TALK + DAY}
        interviews.change(talk, later, by=cast.alice, now=now + DAY, house=HOME)
    assert take(reply(talk.uid, at=now + DAY)) is not None
    assert stands(talk) is Rsvp.NEEDS_ACTION
    with transaction():
        letter = db.session.scalars(select(Message).where(Message.kind == MessageKind.UPDATE)).one()
        interviews.take_back(letter, by=cast.alice, now=now + DAY, house=HOME)
    assert (stands(talk), talk.starts_at, talk.sequence) == (Rsvp.ACCEPTED, TALK, 2)
