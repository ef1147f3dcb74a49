"""The mail worker, with a real mail server and both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import vobject
from flask import Flask

from crm.database import transaction, utcnow
from crm.domain import contacts, mail
from crm.models import Message, MessageState
from tests.cast import Cast
from tests.services.run import free_port
from tests.services.smtp import SmtpServer
from tests.workers.conftest import fresh, ledger
from workers.mail import drain

Invite = Callable[..., Message]


def test_an_invitation_leaves_as_it_was_written(
    posting: Flask, invite: Invite, smtp_server: SmtpServer
) -> None:
    message = invite()
    assert drain() == 1
    (letter,) = smtp_server.letters
    assert letter.recipients == ("grace@example.com",)
    assert letter.content.rstrip() == (fresh(message).raw or b"").rstrip()
    assert message.state is MessageState.SENT
    assert message.server_reply == "250 taken"
    assert message.attempts == 1


def test_programs_can_read_the_calendar_in_it(
    posting: Flask, invite: Invite, smtp_server: SmtpServer
) -> None:
    invite()
    drain()
    parts = list(smtp_server.letters[0].message.walk())
    (calendar,) = [part for part in parts if part.get_content_type() == "text/calendar"]
    event = vobject.readOne(calendar.get_content()).vevent
    assert calendar.get_param("method") == "REQUEST"
    assert event.attendee.value == "mailto:grace@example.com"
    assert event.organizer.value == "mailto:alice@example.org"
    assert event.organizer.params["SENT-BY"] == ["mailto:crm@fika.example"]


def test_nothing_is_sent_twice(posting: Flask, invite: Invite, smtp_server: SmtpServer) -> None:
    for number in range(5):
        invite(f"Person {number}", f"p{number}@example.com")
    assert drain() + drain() + drain() == 5
    assert len(smtp_server.letters) == 5


def test_a_letter_to_a_contact_waits_ten_seconds(
    posting: Flask, invite: Invite, smtp_server: SmtpServer
) -> None:
    message = invite()
    with transaction():
        message.next_try_at = utcnow() + timedelta(seconds=9)
    assert drain() == 0
    assert fresh(message).state is MessageState.WAITING


def test_a_refused_address_marks_that_letter_and_that_address_alone(
    posting: Flask, invite: Invite, cast: Cast, smtp_server: SmtpServer
) -> None:
    bad, good = invite("Bad", "bad@example.com"), invite("Good", "good@example.com")
    smtp_server.answers["RCPT bad@example.com"] = "550 5.1.1 no such mailbox"
    assert drain() == 1
    assert fresh(bad).state is MessageState.FAILED
    assert bad.server_reply == "550 5.1.1 no such mailbox"
    assert fresh(good).state is MessageState.SENT
    again = invite("Bad again", "bad@example.com")
    assert again.state is MessageState.SUPPRESSED


def test_a_busy_server_is_asked_again_later(posting: Flask, invite: Invite, smtp_server: SmtpServer) -> None:
    message = invite()
    smtp_server.answers["DATA"] = "452 4.3.1 no room at the moment"
    assert drain() == 0
    fresh(message)
    assert message.state is MessageState.WAITING
    assert message.attempts == 1
    assert message.next_try_at is not None
    assert timedelta(seconds=50) < message.next_try_at - utcnow() < timedelta(seconds=80)


def test_a_refusal_after_the_letter_is_final_for_it(
    posting: Flask, invite: Invite, smtp_server: SmtpServer
) -> None:
    message = invite()
    smtp_server.answers["DATA"] = "554 5.6.0 we do not like it"
    drain()
    assert fresh(message).state is MessageState.FAILED


def test_no_connection_stops_the_channel_and_keeps_every_letter(
    posting: Flask, invite: Invite, smtp_server: SmtpServer
) -> None:
    message = invite()
    working = posting.config["SETTINGS"]
    posting.config["SETTINGS"] = replace(working, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    assert drain() == 0
    assert fresh(message).state is MessageState.WAITING
    assert message.attempts == 0
    assert mail.channel().stopped_at is not None
    posting.config["SETTINGS"] = working
    assert drain() == 0, "the channel is left alone until its next probe"
    with transaction():
        mail.channel().probe_at = utcnow()
    assert drain() == 1
    assert mail.channel().stopped_at is None


def test_a_policy_answer_stops_the_channel_too(
    posting: Flask, invite: Invite, smtp_server: SmtpServer
) -> None:
    message = invite()
    smtp_server.answers["MAIL"] = "550 5.7.1 not from you"
    drain()
    assert fresh(message).state is MessageState.WAITING
    assert "5.7.1" in mail.channel().reason


def test_one_recipients_policy_holds_up_nobody_else(
    posting: Flask, invite: Invite, smtp_server: SmtpServer
) -> None:
    refused, other = invite("Grace", "grace@example.com"), invite("Ines", "ines@example.com")
    smtp_server.answers["RCPT grace@example.com"] = "550 5.7.1 not from you"
    assert drain() == 1
    assert (fresh(refused).state, refused.attempts) == (MessageState.WAITING, 0)
    assert refused.server_reply == "550 5.7.1 not from you"
    assert fresh(other).state is MessageState.SENT
    assert mail.channel().stopped_at is None


def test_a_policy_for_everybody_stops_the_channel_until_it_ends(
    posting: Flask, invite: Invite, smtp_server: SmtpServer
) -> None:
    message = invite()
    smtp_server.answers["RCPT"] = "554 5.7.1 you are on a list"
    assert drain() == 0
    assert fresh(message).attempts == 0
    assert mail.channel().stopped_at is not None
    smtp_server.answers.clear()
    with transaction():
        mail.channel().probe_at = message.next_try_at = utcnow()
    assert drain() == 1
    assert mail.channel().stopped_at is None


def test_nobody_writes_to_a_contact_who_was_deleted_meanwhile(
    posting: Flask, invite: Invite, cast: Cast, smtp_server: SmtpServer
) -> None:
    message = invite()
    with transaction():
        assert message.contact is not None
        contacts.delete(message.contact, by=cast.alice, now=utcnow())
        # As if a worker had held it just then, and given it back.
        message.state, message.next_try_at = MessageState.WAITING, utcnow()
    assert drain() == 0
    assert fresh(message).state is MessageState.CANCELLED
    assert smtp_server.letters == []


def test_without_a_mail_server_letters_are_kept(core: Flask, invite: Invite) -> None:
    message = invite()
    assert drain() == 0
    assert fresh(message).state is MessageState.WAITING


def test_a_letter_past_its_use_expires(posting: Flask, invite: Invite, smtp_server: SmtpServer) -> None:
    message = invite()
    with transaction():
        message.not_after = utcnow() - timedelta(seconds=1)
    assert drain() == 0
    assert fresh(message).state is MessageState.EXPIRED
    assert smtp_server.letters == []


@pytest.mark.parametrize(
    ("to_contact", "state"), [(True, MessageState.UNCERTAIN), (False, MessageState.SENT)]
)
def test_a_letter_in_doubt_goes_again_to_the_user_and_never_to_a_contact(
    posting: Flask,
    invite: Invite,
    cast: Cast,
    smtp_server: SmtpServer,
    to_contact: bool,
    state: MessageState,
) -> None:
    message = invite()
    with transaction():
        message.to_contact = to_contact
        message.state, message.lease_until = MessageState.TRANSMITTING, utcnow() - timedelta(seconds=1)
    drain()
    assert fresh(message).state is state
    assert [letter.message["Message-ID"] for letter in smtp_server.letters] == (
        [] if to_contact else [message.message_id]
    )


def test_what_was_claimed_and_surely_unsent_goes_again(
    posting: Flask, invite: Invite, cast: Cast, smtp_server: SmtpServer
) -> None:
    message = invite()
    with transaction():
        message.state, message.lease_until = MessageState.SENDING, utcnow() - timedelta(seconds=1)
    drain()
    assert [found.state for found in ledger(cast.workspace)] == [MessageState.SENT]
