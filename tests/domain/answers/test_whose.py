"""Whose answer it is: aliases, assistants and delegates speak for the guest, strangers do not."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm.domain import reminders
from crm.models import Interview, Kind, Rsvp
from tests.cast import Cast
from tests.domain.answers.post import Hand, reply, stands
from tests.domain.play import HOUR

ELSEWHERE = "crm@fika.example.org"


@pytest.mark.parametrize(
    ("who", "about", "sender"),
    [
        ("ADA@Example.com", "", "ada@example.com"),
        ("ada@example.com", "", "ada.okafor@work.example"),
        ("ada@example.com", ';SENT-BY="mailto:desk@example.com"', "desk@example.com"),
        ("desk@example.com", ';SENT-BY="mailto:ada@example.com"', "desk@example.com"),
        ("ada.okafor@work.example", "", "ada@example.com"),
        ("a.okafor@work.example", ';CN="Ada Okafor"', "a.okafor@work.example"),
        ("ada@work.example", "", "ada@work.example"),
        ("ada+talks@example.com", "", "ada+talks@example.com"),
    ],
)
def test_an_alias_is_whom_it_stands_for(
    talk: Interview, take: Hand, now: datetime, who: str, about: str, sender: str
) -> None:
    take.news(reply(talk.uid, at=now, who=who, about=about), sender)
    assert stands(talk) is Rsvp.ACCEPTED


def test_a_stranger_is_heard_and_changes_nothing(talk: Interview, take: Hand, now: datetime) -> None:
    crasher = reply(talk.uid, at=now, who="zed@elsewhere.example", about=';CN="Zed"')
    said = take.news(crasher, "zed@elsewhere.example")
    assert said.startswith("Zed accepted. They were not invited at this address, so nothing changed.")
    assert stands(talk) is Rsvp.NEEDS_ACTION


def test_without_the_token_the_sender_has_to_be_the_guest(talk: Interview, take: Hand, now: datetime) -> None:
    forged = reply(talk.uid, "DECLINED", at=now)
    assert "nothing changed" in take.news(forged, "mallory@elsewhere.example", to=ELSEWHERE)
    assert stands(talk) is Rsvp.NEEDS_ACTION
    take.news(reply(talk.uid, at=now + HOUR), "Ada <ada@example.com>", to=ELSEWHERE)
    assert stands(talk) is Rsvp.ACCEPTED


def test_a_uid_that_was_lost_is_made_good_by_the_token(talk: Interview, take: Hand, now: datetime) -> None:
    take.news(reply("something-else", at=now))
    assert stands(talk) is Rsvp.ACCEPTED
    assert take(reply("something-else", at=now), to=ELSEWHERE) is None


def test_somebody_else_comes_instead(cast: Cast, talk: Interview, take: Hand, now: datetime) -> None:
    to = ';DELEGATED-TO="mailto:bea@example.com"'
    said = take.news(reply(talk.uid, "DELEGATED", at=now, about=to))
    assert said == "Ada Okafor asked somebody else to come instead (bea@example.com)."
    assert stands(talk) is Rsvp.DELEGATED
    by = ';DELEGATED-FROM="mailto:ada@example.com";CN="Bea"'
    said = take.news(reply(talk.uid, at=now + HOUR, who="bea@example.com", about=by), "bea@example.com")
    assert said == "Bea, in place of Ada Okafor, accepted."
    assert stands(talk) is Rsvp.DELEGATED
    refusal = reply(talk.uid, "DECLINED", at=now + 2 * HOUR, who="bea@example.com", about=by)
    assert "a new date is needed" in take.news(refusal, "bea@example.com")
    assert reminders.open_of(cast.ada, [Kind.SET_DATE])


def test_what_the_seekers_own_program_says_is_nothing(talk: Interview, take: Hand, now: datetime) -> None:
    taken = take(reply(talk.uid, "DECLINED", at=now, who="alice@example.org"), "Alice <alice@example.org>")
    assert taken is not None
    assert not taken.is_news
    assert stands(talk) is Rsvp.NEEDS_ACTION
