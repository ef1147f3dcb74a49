"""What the harness writes and expects is right: letters of mail programs, and changes of the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from interop import talks
from interop.post import letters

START = datetime(2027, 3, 1, 9, tzinfo=UTC)
INVITED = letters.Invitation(
    uid="talk@fika.example",
    sequence=3,
    organizer="crm+i.abc@fika.example",
    attendee="zoe@people.example",
    start=START,
    end=START + timedelta(minutes=30),
    method="REQUEST",
)


def sent(letter: EmailMessage) -> EmailMessage:
    """As it arrives."""
    return message_from_bytes(letter.as_bytes(policy=policy.SMTP), policy=policy.default)


def test_an_answer_names_the_talk_and_whoever_was_asked_and_goes_to_the_organizer() -> None:
    letter = sent(letters.answer(INVITED, "ACCEPTED"))
    assert letter["To"] == INVITED.organizer
    assert letters.invitation(letter) == replace(INVITED, method="REPLY")
    assert b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:zoe@people.example" in letters.calendar_bytes(letter)


def test_a_counter_has_another_time_and_the_old_sequence() -> None:
    wished = INVITED.at(START + timedelta(days=1))
    letter = sent(letters.counter(wished, "Rather then"))
    assert letters.invitation(letter) == replace(wished, method="COUNTER")
    assert wished.end - wished.start == timedelta(minutes=30)


def test_a_reply_quotes_below_and_an_out_of_office_goes_to_the_return_path() -> None:
    original = EmailMessage()
    original["From"], original["To"] = "Ada <crm+m.1@fika.example>", "zoe@people.example"
    original["Return-Path"], original["Message-ID"] = "<crm+b.1@fika.example>", "<out.1@fika.example>"
    original.set_content("Have you time?")
    reply, away = letters.reply(original, "Yes."), letters.out_of_office(original, "I am away.")
    assert (reply["To"], away["To"]) == ("crm+m.1@fika.example", "crm+b.1@fika.example")
    assert reply.get_content().endswith("wrote:\n> Have you time?\n")
    assert (reply["In-Reply-To"], away["Auto-Submitted"]) == ("<out.1@fika.example>", "auto-replied")


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("Europe/Berlin", [date(2027, 3, 28), date(2027, 10, 31)]),
        ("America/New_York", [date(2027, 3, 14), date(2027, 11, 7)]),
        ("Australia/Sydney", [date(2027, 4, 4), date(2027, 10, 3)]),
    ],
)
def test_each_zone_changes_its_clock_twice_a_year(zone: str, days: list[date]) -> None:
    assert talks.changes(zone, date(2026, 11, 28)) == days
    assert talks.changes(zone, days[0]) != days  # the day after tomorrow at the earliest
