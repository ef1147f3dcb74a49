"""Answers on the page of the invitation: yes, no, another time, and all of it taken back."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import answers, interviews, reminders
from crm.domain.answers import by_page
from crm.domain.errors import Invalid, NotAllowed
from crm.models import Activity, Answer, Happened, Interview, Kind, Message, MessageKind, Rsvp
from tests.cast import Cast
from tests.domain.answers.post import HOME, TALK, Hand, reply, stands
from tests.domain.play import DAY, HOUR, MINUTE


def say(talk: Interview, rsvp: Rsvp, now: datetime, comment: str = "") -> None:
    with transaction():
        by_page.say(talk, rsvp, comment=comment, now=now, house=HOME)


def wish(talk: Interview, now: datetime, *times: datetime, comment: str = "") -> None:
    with transaction():
        by_page.wish(talk, times, comment=comment, now=now, house=HOME)


def test_a_mind_can_be_changed(cast: Cast, talk: Interview, now: datetime) -> None:
    say(talk, Rsvp.ACCEPTED, now)
    say(talk, Rsvp.DECLINED, now + MINUTE, "At sea.\x00 Sorry")
    assert (talk.rsvp, talk.rsvp_at) == (Rsvp.DECLINED, now + MINUTE)
    assert reminders.open_of(cast.ada, [Kind.SET_DATE])
    say(talk, Rsvp.ACCEPTED, now + 2 * MINUTE)
    assert not reminders.open_of(cast.ada, [Kind.SET_DATE])
    texts = db.session.scalars(select(Activity.text).where(Activity.kind == Happened.RSVP))
    assert set(texts) == {"Ada Okafor accepted.", "Ada Okafor declined: “At sea. Sorry”"}


def test_said_twice_it_is_said_once(talk: Interview, now: datetime) -> None:
    say(talk, Rsvp.ACCEPTED, now)
    say(talk, Rsvp.ACCEPTED, now + MINUTE)
    assert len(db.session.scalars(select(Answer)).all()) == 1
    assert len(db.session.scalars(select(Message).where(Message.kind == MessageKind.ANSWER)).all()) == 1


def test_up_to_three_times_are_wished_for(talk: Interview, now: datetime) -> None:
    wish(talk, now, *(TALK + n * DAY for n in (1, 2, 2, 3, 4)), comment="After lunch")
    found = answers.open_of(talk)
    assert [one.starts_at for one in found] == [TALK + n * DAY for n in (1, 2, 3)]
    assert {one.comment for one in found} == {"After lunch"}
    assert stands(talk) is Rsvp.TENTATIVE
    wish(talk, now + MINUTE, TALK + 5 * DAY)
    assert [(one.number, one.starts_at) for one in answers.open_of(talk)] == [(4, TALK + 5 * DAY)]


def test_all_times_are_told_in_one_sentence_under_a_short_subject(talk: Interview, now: datetime) -> None:
    wish(talk, now, TALK + DAY, TALK + 2 * DAY, comment="After lunch")
    text = db.session.scalars(select(Activity.text).where(Activity.kind == Happened.RSVP)).one()
    assert text.startswith("Ada Okafor would rather meet at another time: ")
    assert text.endswith("). “After lunch”")
    assert text.count("; or ") == 1
    letter = db.session.scalars(select(Message).where(Message.kind == MessageKind.ANSWER)).one()
    assert letter.subject == "Ada Okafor would rather meet at another time"


def test_a_page_that_proposed_is_told_of_no_refusal(cast: Cast, talk: Interview, now: datetime) -> None:
    wish(talk, now, TALK + DAY)
    with transaction():
        answers.decline(talk, answers.get(talk, 1), by=cast.alice, now=now + HOUR, house=HOME)
    kinds = [letter.kind for letter in db.session.scalars(select(Message))]
    assert MessageKind.DECLINE_COUNTER not in kinds
    assert answers.open_of(talk) == []


@pytest.mark.parametrize("days", [-20, 0, 800])
def test_nobody_can_come_then(talk: Interview, now: datetime, days: int) -> None:
    with pytest.raises(Invalid):
        wish(talk, now, TALK + days * DAY)
    with pytest.raises(Invalid, match="at least one"):
        wish(talk, now)


def test_the_later_answer_counts_by_whichever_way_it_came(talk: Interview, take: Hand, now: datetime) -> None:
    say(talk, Rsvp.ACCEPTED, now + HOUR)
    take(reply(talk.uid, "DECLINED", at=now))
    assert stands(talk) is Rsvp.ACCEPTED
    take(reply(talk.uid, "DECLINED", at=now + 2 * HOUR))
    assert stands(talk) is Rsvp.DECLINED


def test_once_it_has_begun_nothing_is_answered(cast: Cast, talk: Interview, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="begun already"):
        say(talk, Rsvp.DECLINED, TALK)
    with transaction():
        interviews.cancel(talk, by=cast.alice, now=now, house=HOME)
    with pytest.raises(NotAllowed, match="called off"):
        say(talk, Rsvp.ACCEPTED, now)


def test_whoever_presses_for_ever_is_stopped(talk: Interview, now: datetime) -> None:
    with transaction():
        for number in range(by_page.AT_MOST):
            rsvp = (Rsvp.ACCEPTED, Rsvp.DECLINED)[number % 2]
            by_page.say(talk, rsvp, now=now + number * MINUTE, house=HOME)
    with pytest.raises(NotAllowed, match="very often"):
        say(talk, Rsvp.ACCEPTED, now + DAY)


def test_a_zone_can_be_given(cast: Cast, talk: Interview, now: datetime) -> None:
    with transaction():
        by_page.choose_zone(talk, "Asia/Tokyo", now=now)
    assert cast.ada.timezone == "Asia/Tokyo"
    with pytest.raises(Invalid):
        by_page.choose_zone(talk, "Mars/Phobos", now=now)
