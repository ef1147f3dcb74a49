"""What leaves, byte for byte: no header that nobody meant, whatever was typed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm.domain import calendar
from crm.domain.errors import Invalid
from crm.domain.mail import mime
from crm.domain.mail.mime import Letter, build

#: Each of these became a header, a recipient or a broken head with some interpreter in use.
HOSTILE = [
    "Voll 💩 =?UTF-8?Q?=0ABcc:_evil@x?=",
    "=?UTF-8?Q?=0ABcc:_evil@x?= 💩",
    "trailing\n",
    "\nBcc: evil@example.net",
    "Hi\r\nBcc: evil@example.net\r\n\r\nBody",
    "a\x0bb\x0cc\x85d\u2028e\u2029f",
    "null\x00byte",
    "=?utf-8?q?Doe=2C_Jane=3C?= with quite a long name that has to be folded somewhere in the middle",
    'Doe, "Jane" <x@y> and some more words that make it too long for one line of a header',
    'Döe, "Jane" <x@y> and some more words that make it too long for one line of a header',
    "lone \ud800 surrogate",
    "مرحبا \u202eevil\u202c",
    "💩" * 100,
    "a" * 300,
    "Zoë " * 60,
]
WORD = re.compile(r"=\?[^ ]*?\?=")


def letter(**more: Any) -> Letter:
    facts: dict[str, Any] = {
        "message_id": "<out.1@fika.example.org>",
        "date": datetime(2026, 3, 10, 9, 0, tzinfo=UTC),
        "sender": "crm@fika.example.org",
        "sender_name": "Fika",
        "to": "ada@example.com",
        "to_name": "Ada Okafor",
        "subject": "Ask Ada",
        "text": "Hello.\n",
        "html": "<p>Hello.</p>\n",
    }
    return Letter(**{**facts, **more})


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def head(raw: bytes) -> str:
    return raw.split(b"\r\n\r\n", 1)[0].decode("ascii")


def test_a_reminder_as_it_leaves() -> None:
    raw = build(letter(unsubscribe="https://fika.example.org/u/0123456789012345678901"))
    assert head(raw).split("\r\nContent-Type")[0].split("\r\n") == [
        "Message-ID: <out.1@fika.example.org>",
        "Date: Tue, 10 Mar 2026 09:00:00 +0000",
        "From: Fika <crm@fika.example.org>",
        "To: Ada Okafor <ada@example.com>",
        "Subject: Ask Ada",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "List-Unsubscribe: <https://fika.example.org/u/0123456789012345678901>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "MIME-Version: 1.0",
    ]
    message = parsed(raw)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert message.get_body(("plain",)).get_content() == "Hello.\r\n"  # type: ignore[union-attr]


def test_a_letter_in_a_persons_name_is_not_automatic() -> None:
    raw = build(
        letter(
            automatic=False,
            sender_name="Alice Ahlgren via Fika",
            reply_to="alice@example.org",
            reply_to_name="Alice Ahlgren",
        )
    )
    message = parsed(raw)
    assert message["From"] == "Alice Ahlgren via Fika <crm@fika.example.org>"
    assert message["Reply-To"] == "Alice Ahlgren <alice@example.org>"
    assert message["Auto-Submitted"] is None
    assert message["List-Unsubscribe"] is None


def test_an_invitation_has_the_buttons_and_the_file() -> None:
    ics = "BEGIN:VCALENDAR\r\nSUMMARY:Zoë\u2028💩\r\nEND:VCALENDAR\r\n".encode()
    message = parsed(build(letter(calendar=ics, method="REQUEST")))
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    *_, inline, attached = message.walk()
    assert (inline["Content-Type"].params["method"], inline["Content-Type"].params["charset"]) == (
        "REQUEST",
        "utf-8",
    )
    assert inline["Content-Transfer-Encoding"] == attached["Content-Transfer-Encoding"] == "base64"
    assert inline.get_payload(decode=True) == attached.get_payload(decode=True) == ics
    assert attached.get_filename() == "invite.ics"


def test_the_method_outside_is_the_method_inside() -> None:
    at = datetime(2026, 3, 20, 13, 0, tzinfo=UTC)
    entry = calendar.Entry("1@fika", "Talk", at, at, at, at)
    party = calendar.Party("Ada", "ada@example.com")
    for method in calendar.Method:
        ics = calendar.invitation(entry, method, party, party, stamp=at)
        *_, inline, _ = parsed(build(letter(calendar=ics, method=method.value))).walk()
        assert f"METHOD:{inline['Content-Type'].params['method']}".encode() in ics


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["subject", "to_name", "sender_name", "reply_to_name"])
def test_nothing_typed_becomes_a_header_or_a_recipient(field: str, text: str) -> None:
    raw = build(letter(reply_to="alice@example.org", **{field: text}))
    _check(raw)
    message = parsed(raw)
    for name, address in (("To", "ada@example.com"), ("Reply-To", "alice@example.org")):
        assert [one.addr_spec for one in message[name].addresses] == [address]
    assert [one.addr_spec for one in message["From"].addresses] == ["crm@fika.example.org"]


def _check(raw: bytes) -> None:
    """The rules for every letter that leaves (RFC 5322 §2.1.1, RFC 2047 §2, RFC 2045 §6.7)."""
    names = [line.split(":")[0].lower() for line in head(raw).split("\r\n") if line[0] not in " \t"]
    assert set(names) <= mime.ALLOWED
    assert len(set(names)) == len(names)
    assert all(len(word) <= 75 for word in WORD.findall(head(raw)))
    body = raw.split(b"\r\n\r\n", 1)[1]
    assert max(map(len, body.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()


@given(st.text(max_size=250), st.text(max_size=120))
@example("=?utf-8?b?Cg==?= Bcc: x@y", '"" <a@b>, c@d')
@example("", "0000¡¡¡¡¡¡¡¡¡¡¡𐀀𐀀𐀀𐀀𐀀")
def test_whatever_is_typed_arrives_as_one_subject_and_one_recipient(subject: str, name: str) -> None:
    raw = build(letter(subject=subject, to_name=name))
    _check(raw)
    message = parsed(raw)
    assert str(message["Subject"]) == mime.header(subject)
    (recipient,) = message["To"].addresses
    assert recipient.addr_spec == "ada@example.com"


def test_a_long_text_is_cut_into_short_lines() -> None:
    text = "é" * 3000 + "\n" + "x" * 3000 + "\n"
    raw = build(letter(text=text, html=f"<p>{text}</p>\n"))
    _check(raw)
    assert parsed(raw).get_body(("plain",)).get_content().replace("\r\n", "\n") == text  # type: ignore[union-attr]


def test_a_long_name_is_cut_and_keeps_by_whose_hand() -> None:
    assert mime.short_name("Zoë " * 30, " via Fika").endswith(" via Fika")
    assert len(mime.short_name("Zoë " * 30, " via Fika").encode()) <= mime.WORD
    assert mime.short_name("Alice Ahlgren", " via Fika") == "Alice Ahlgren via Fika"


def test_a_long_name_is_cut_between_its_words() -> None:
    assert mime.short_name("محمد بن عبد الرحمن الفيصل") == "محمد بن عبد الرحمن"
    assert (
        mime.short_name("Jürgen Sebastian Maximilian Alexander Freiherr")
        == "Jürgen Sebastian Maximilian Alexander"
    )
    assert len(mime.short_name("ö" * 60).encode()) == mime.WORD - 1


@pytest.mark.parametrize(
    ("typed", "carried"),
    [
        ("ada@example.com", "ada@example.com"),
        ("zoe@exämple.de", "zoe@xn--exmple-cua.de"),
        ("ada+tag@MÜNCHEN.example", "ada+tag@xn--mnchen-3ya.example"),
    ],
)
def test_the_domain_is_carried_in_ascii(typed: str, carried: str) -> None:
    assert mime.ascii_address(typed) == carried


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "zoë@example.de",
        "ada@exa mple.com",
        "ada@example.com\nBcc: evil@x",
        "a,b@example.com",
        "ada<@example.com",
        "a@b@example.com",
        "ada@xn--\u0378.de",
    ],
)
def test_an_address_that_mail_cannot_carry_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        build(letter(to=address))


def test_an_unsubscribe_address_that_is_too_long_for_the_header_is_left_out() -> None:
    fits, too_long = "https://f.example/" + "u" * 40, "https://f.example/" + "u" * 41
    assert len(parsed(build(letter(unsubscribe=fits)))["List-Unsubscribe"]) == 60
    message = parsed(build(letter(unsubscribe=too_long)))
    assert message["List-Unsubscribe"] is message["List-Unsubscribe-Post"] is None
