"""Invitations as they leave, whole and parsed back: who is asked what, by whom, in which order (RFC 5546)."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm.database import transaction
from crm.domain import interviews
from crm.domain.errors import NotAllowed
from crm.models import Rsvp
from tests.cast import Cast
from tests.domain.invitations.post import HOME, TALK, change, leaving, move_to, plan
from tests.domain.play import DAY, HOUR, HOUSE


def test_where_mail_is_read_it_comes_from_the_address_that_answers_go_to(cast: Cast, now: datetime) -> None:
    talk = plan(cast, now)
    (letter,) = leaving()
    sender = letter.mail["From"].addresses[0]
    assert sender.addr_spec == f"crm+i{talk.token}@fika.example.org" == talk.organizer
    assert sender.display_name == "Alice Ahlgren via Fika"
    assert letter.event["ORGANIZER"] == f"mailto:{talk.organizer}"
    assert "SENT-BY" not in letter.event["ORGANIZER"].params
    assert letter.mail["Reply-To"] is None
    assert letter.mail["Auto-Submitted"] is None
    attendee = letter.event["ATTENDEE"]
    assert attendee == "mailto:ada@example.com"
    assert dict(attendee.params) == {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
        "CN": "Ada Okafor",
    }


def test_elsewhere_answers_go_to_the_seeker(cast: Cast, now: datetime) -> None:
    plan(cast, now, house=HOUSE)
    (letter,) = leaving()
    assert letter.mail["From"].addresses[0].addr_spec == HOUSE.mail_from
    assert letter.mail["Reply-To"].addresses[0].addr_spec == "alice@example.org"
    assert letter.event["ORGANIZER"] == "mailto:alice@example.org"
    assert letter.event["ORGANIZER"].params["SENT-BY"] == f"mailto:{HOUSE.mail_from}"


def test_who_organises_a_talk_never_changes_for_it(cast: Cast, now: datetime) -> None:
    talk = plan(cast, now, house=HOUSE)
    leaving()
    change(cast, talk, now + HOUR, starts_at=TALK + DAY)
    (letter,) = leaving()
    assert letter.event["ORGANIZER"] == "mailto:alice@example.org"
    assert letter.mail["Reply-To"].addresses[0].addr_spec == "alice@example.org"


def test_mail_that_is_no_longer_read_is_answered_to_the_seeker(cast: Cast, now: datetime) -> None:
    talk = plan(cast, now)
    leaving()
    with transaction():
        values = {"starts_at": TALK + DAY}
        interviews.change(talk, values, by=cast.alice, now=now + HOUR, house=HOUSE)
    (letter,) = leaving()
    assert letter.event["ORGANIZER"] == f"mailto:{talk.organizer}"
    assert letter.mail["Reply-To"].addresses[0].addr_spec == "alice@example.org"


def test_a_move_a_place_and_a_cancellation_count_up(cast: Cast, now: datetime) -> None:
    talk = plan(cast, now)
    stamps = [leaving()[0]]
    change(cast, talk, now + HOUR, starts_at=TALK + DAY)
    stamps += leaving()
    change(cast, talk, now + 2 * HOUR, place="14 Marina Road")
    stamps += leaving()
    with transaction():
        interviews.cancel(talk, by=cast.alice, now=now + 3 * HOUR, house=HOME)
    stamps += leaving()
    assert [letter.sums_up for letter in stamps] == [
        ("ada@example.com", "REQUEST", 0, "CONFIRMED"),
        ("ada@example.com", "REQUEST", 1, "CONFIRMED"),
        ("ada@example.com", "REQUEST", 2, "CONFIRMED"),
        ("ada@example.com", "CANCEL", 3, "CANCELLED"),
    ]
    assert [letter.event["DTSTAMP"].dt for letter in stamps] == [now + n * HOUR for n in range(4)]
    assert {str(letter.event["UID"]) for letter in stamps} == {talk.uid}
    assert {str(letter.event["ORGANIZER"]) for letter in stamps} == {f"mailto:{talk.organizer}"}
    assert {letter.event["ATTENDEE"].params["PARTSTAT"] for letter in stamps} == {"NEEDS-ACTION"}
    assert all({"DTSTART", "DTEND", "SUMMARY"} <= set(letter.event) for letter in stamps)


def test_notes_are_nobodys_news(cast: Cast, now: datetime) -> None:
    talk = plan(cast, now)
    leaving()
    change(cast, talk, now + HOUR, notes="Ask about membranes.")
    assert leaving() == []
    assert talk.sequence == 0


def test_two_quick_changes_make_one_letter(cast: Cast, now: datetime) -> None:
    talk = plan(cast, now)
    leaving()
    change(cast, talk, now + HOUR, starts_at=TALK + DAY)
    change(cast, talk, now + HOUR, place="14 Marina Road")
    (letter,) = leaving()
    assert letter.sums_up == ("ada@example.com", "REQUEST", 2, "CONFIRMED")
    assert (letter.event["LOCATION"], letter.event["DTSTART"].dt) == ("14 Marina Road", TALK + DAY)


def test_at_another_address_the_old_one_is_uninvited(cast: Cast, now: datetime) -> None:
    talk = plan(cast, now)
    leaving()
    move_to(cast, "ada@new.example", now + HOUR)
    old, new = leaving()
    assert old.sums_up == ("ada@example.com", "CANCEL", 1, "")
    assert old.event["ATTENDEE"] == "mailto:ada@example.com"
    assert b"Our talk stands" in bytes(old.mail)
    assert new.sums_up == ("ada@new.example", "REQUEST", 1, "CONFIRMED")
    assert new.event["ATTENDEE"] == "mailto:ada@new.example"
    assert talk.rsvp is Rsvp.NEEDS_ACTION
    move_to(cast, "ADA@new.example", now + 2 * HOUR)
    assert leaving() == []
    with transaction():
        interviews.cancel(talk, by=cast.alice, now=now + 3 * HOUR, house=HOME)
    assert [letter.sums_up for letter in leaving()] == [("ada@new.example", "CANCEL", 2, "CANCELLED")]


def test_an_old_address_that_heard_nothing_hears_nothing(cast: Cast, now: datetime) -> None:
    talk = plan(cast, now)
    move_to(cast, "ada@new.example", now)
    (letter,) = leaving()
    assert letter.sums_up == ("ada@new.example", "REQUEST", 0, "CONFIRMED")
    assert talk.guest == "ada@new.example"


def test_back_at_the_first_address_it_is_invited_again(cast: Cast, now: datetime) -> None:
    plan(cast, now)
    leaving()
    for hours, email in ((1, "ada@new.example"), (2, "ada@example.com")):
        move_to(cast, email, now + hours * HOUR)
        letters = leaving()
    assert [letter.sums_up for letter in letters] == [
        ("ada@new.example", "CANCEL", 2, ""),
        ("ada@example.com", "REQUEST", 2, "CONFIRMED"),
    ]


def test_asking_again_is_no_other_date(cast: Cast, now: datetime) -> None:
    talk = plan(cast, now)
    leaving()
    with transaction():
        interviews.ask_again(talk, by=cast.alice, now=now + DAY, house=HOME)
    (letter,) = leaving(deliver=False)
    assert letter.sums_up == ("ada@example.com", "REQUEST", 0, "CONFIRMED")
    assert letter.event["DTSTAMP"].dt == now + DAY
    with pytest.raises(NotAllowed), transaction():
        interviews.ask_again(talk, by=cast.alice, now=now + DAY, house=HOME)


def test_what_was_asked_again_is_taken_back_alone(cast: Cast, now: datetime) -> None:
    talk = plan(cast, now)
    leaving()
    with transaction():
        letter = interviews.ask_again(talk, by=cast.alice, now=now + DAY, house=HOME)
        interviews.take_back(letter, by=cast.alice, now=now + DAY, house=HOME)
    assert (talk.starts_at, talk.sequence, talk.state) == (TALK, 0, "planned")
    assert leaving() == []
