"""Hostile words in every kind of letter, judged by the bytes that leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.database import transaction
from crm.domain import accounts, contacts, samples
from crm.domain.errors import Invalid
from crm.domain.mail.mime import Letter, build
from crm.domain.samples import SAMPLES, Scene
from crm.models import Message
from tests.cast import Cast
from tests.domain.hostile import LONG, TYPED, check, check_html, parsed
from tests.domain.play import HOUSE
from tests.domain.story import ADA, GRETA, Story

LETTER = Letter(
    message_id="<out.1@fika.example.org>",
    date=datetime(2026, 3, 10, 9, 0, tzinfo=UTC),
    sender="crm@fika.example.org",
    sender_name="Fika",
    to="ada@example.com",
    to_name="Ada Okafor",
    subject="Ask Ada",
    text="Hello.\n",
    html="<p>Hello.</p>\n",
    unsubscribe="https://fika.example.org/u/0123456789012345678901",
)
#: So many stories are told, each with other words in each field; together with all of them.
ROUNDS = range(6)
PLACES = 6


def but(**changed: Any) -> Letter:
    """That letter, with something changed."""
    return replace(LETTER, **changed)


@pytest.mark.parametrize("text", [*TYPED, *LONG])
@pytest.mark.parametrize("field", ["subject", "to_name", "sender_name", "reply_to_name"])
def test_no_field_of_the_head_takes_more_than_its_own(field: str, text: str) -> None:
    raw = build(but(reply_to="alice@example.org", **{field: text}))
    check(raw, "ada@example.com")
    message = parsed(raw)
    assert [one.addr_spec for one in message["From"].addresses] == ["crm@fika.example.org"]
    assert [one.addr_spec for one in message["Reply-To"].addresses] == ["alice@example.org"]


@pytest.mark.parametrize("text", [*TYPED, *LONG])
def test_no_text_of_the_body_breaks_its_part(text: str) -> None:
    typed = text.encode(errors="ignore").decode()
    message = parsed(build(replace(LETTER, text=typed, html=f"<p>{typed}</p>")))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@given(st.text(max_size=1500), st.text(max_size=400), st.text(max_size=400))
def test_whatever_is_typed_the_bytes_keep_the_rules(subject: str, to_name: str, sender_name: str) -> None:
    check(
        build(replace(LETTER, subject=subject, to_name=to_name, sender_name=sender_name)), "ada@example.com"
    )


@pytest.mark.parametrize(
    "address",
    [
        "zoë@exämple.de",
        "zoë@example.de",
        "ada@example.com\r\nBcc: evil@example.net",
        "ada@example.com\nRCPT TO:<evil@example.net>",
        "ada@example.com,evil@example.net",
        "ada@example.com;evil@example.net",
        "<ada@example.com>",
        '"ada evil"@example.com',
        "ada@example.com>",
        "ada@exa\u2028mple.com",
        "ada@example.com\x00",
        "a\x01da@example.com",
        "ada@example\x7f.com",
        "ada\u202e@example.com",
        "=?utf-8?q?ada?=@exämple.de ",
        "ada@[127.0.0.1]",
        "ada(evil)@example.com",
        "@",
        "ada@\ud800.com",
        "ada@" + "a" * 64 + ".com" + "é",
        "💩@example.com",
    ],
)
def test_an_address_that_holds_more_than_one_is_refused(address: str) -> None:
    for field in ("to", "sender", "reply_to"):
        with pytest.raises(Invalid):
            build(but(**{field: address}))


@pytest.mark.parametrize("address", ["ada@exämple.de", "ada@例え.jp", "ada+tag@BÜCHER.example", "a@b"])
def test_a_domain_in_other_letters_is_carried_in_ascii(address: str) -> None:
    raw = build(replace(LETTER, to=address))
    (recipient,) = parsed(raw)["To"].addresses
    assert recipient.domain.isascii()
    check(raw, recipient.addr_spec)


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", ROUNDS)
def test_every_letter_of_a_hostile_story_keeps_the_rules(cast: Cast, number: int, now: datetime) -> None:
    letters = _told(cast, number, now)
    assert len(letters) == 29
    for name, letter in letters.items():
        assert letter.raw is not None, (name, letter.server_reply)
        to = parsed(letter.raw)["To"].addresses[0].addr_spec
        assert to in ("alice@example.org", "ada@example.com", "greta@example.com"), name
        check(letter.raw, to)
        check_html(letter.html or "")
        assert set(letter.text or "").isdisjoint("\r\0")
        assert "<script" not in (letter.html or "").lower()


@pytest.mark.parametrize("letter", SAMPLES)
def test_the_samples_keep_the_rules_too(letter: str, now: datetime) -> None:
    shown = samples.show(letter, Scene(HOUSE, now, "Europe/Stockholm"))
    check(build(replace(LETTER, subject=shown.subject, text=shown.text, html=shown.html)), "ada@example.com")
    check_html(shown.html)


def _told(cast: Cast, number: int, now: datetime) -> dict[str, Message]:
    """The story of people with such names, at such places; each story has its own part of the words."""
    words = iter(TYPED[number * PLACES : (number + 1) * PLACES])
    seeker, name, organisation, title, place, referrer = (text[:150] for text in words)
    with transaction():
        accounts.change(cast.alice, {"name": seeker}, now=now)
        contacts.change(cast.ada, {"name": name}, by=cast.alice, now=now)
    notes = "\n".join([*TYPED, LONG[number]])
    ada = {**ADA, "organisation": organisation, "title": title, "notes": notes, "source": title}
    greta = {**GRETA, "name": referrer, "organisation": title, "postal_address": f"{name}\n{place}"}
    return Story(cast, ada, greta, place).tell()
