"""Our letters are what the standard library's would be: read by it, both say the same."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench import library
from crm.domain.errors import Invalid
from crm.domain.mail.mime import build
from tests.domain.test_mime import HOSTILE, letter

ICS = "BEGIN:VCALENDAR\r\nSUMMARY:Zoë\u2028💩\r\nEND:VCALENDAR\r\n".encode()
#: What bodies are made of that encoders stumble over.
PIECES = [
    *("\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\x00", " ", "\t", " \n", "\t\n"),
    *(".", "..", "\n.", "\n.\n", "=", "=3D", "=\n", "--", "--=_", "From ", "\nFrom ", "<p>", "&"),
    *("é", "💩", "a" * 75, "é" * 30, "0" * 300),
]
BODIES = st.lists(st.sampled_from(PIECES) | st.text(max_size=90), max_size=30).map("".join)
#: Lone surrogates, which the library refuses, never get so far.
ENCODABLE = BODIES.filter(lambda text: text.encode(errors="ignore").decode() == text)


def same(**facts: Any) -> None:
    """Both parse alike: every header, every part's kind, parameters, encoding and content."""
    one = letter(unsubscribe="https://fika.example.org/u/0123456789012345678901", **facts)
    ours, theirs = (
        message_from_bytes(raw, policy=policy.default) for raw in (build(one), library.build(one))
    )
    assert heads(ours) == heads(theirs)
    assert [part(each) for each in ours.walk()] == [part(each) for each in theirs.walk()]
    assert [each.defects for each in ours.walk()] == [[]] * len(list(ours.walk()))


def heads(message: EmailMessage) -> dict[str, str]:
    found = {name: str(value) for name, value in message.items() if name != "Content-Type"}
    for name in ("From", "To", "Reply-To"):
        if name in found:
            (one,) = message[name].addresses
            found[name] = f"{one.display_name}|{one.addr_spec}"
    return found


def part(one: EmailMessage) -> tuple[object, ...]:
    params = {name: value for name, value in one["Content-Type"].params.items() if name != "boundary"}
    if one.is_multipart():
        return one.get_content_type(), params
    encoding, disposition = one["Content-Transfer-Encoding"], one["Content-Disposition"]
    return one.get_content_type(), params, encoding, disposition, one.get_payload(decode=True)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["subject", "to_name", "sender_name", "reply_to_name"])
def test_hostile_headers_read_the_same(field: str, text: str) -> None:
    same(reply_to="alice@example.org", **{field: text})


@given(st.text(max_size=250), st.text(max_size=120))
@example("", "0000¡¡¡¡¡¡¡¡¡¡¡𐀀𐀀𐀀𐀀𐀀")
def test_whatever_is_typed_reads_the_same(subject: str, name: str) -> None:
    same(subject=subject, to_name=name)


@given(ENCODABLE, ENCODABLE)
@example("", "")
@example("a" * 76 + "\n", "é \n\t\n.\n")
def test_whatever_is_written_reads_the_same(text: str, html: str) -> None:
    same(text=text, html=html)


def test_invitations_read_the_same() -> None:
    same(calendar=ICS, method="REQUEST", automatic=False, reply_to="alice@example.org")


@given(BODIES)
def test_no_text_holds_what_parts_the_parts(text: str) -> None:
    raw = build(letter(text=text, html=text, calendar=ICS, method="REQUEST"))
    message = message_from_bytes(raw, policy=policy.default)
    borders = [each.get_boundary() for each in message.walk() if each.is_multipart()]
    for border, parts in zip(borders, (2, 3), strict=True):
        assert border is not None
        # Once where it is named, before each part, and at the end.
        assert raw.count(border.encode()) == parts + 2
    assert len(set(borders)) == 2


def test_two_letters_have_borders_of_their_own() -> None:
    assert build(letter()) != build(letter())


@pytest.mark.parametrize(
    "facts",
    [
        {"message_id": "<1@x>\r\nReply-To: evil@example.net"},
        {"message_id": "<1@x>\nfolded"},
        {"message_id": "<zoë@x>"},
        {"message_id": "<1@x>\r\n\r\nbody"},
        {"unsubscribe": "https://x/\r\nBcc: evil@x"},
        {"unsubscribe": "https://x/\x00"},
    ],
)
def test_what_is_not_typed_by_people_is_guarded_too(facts: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        build(letter(**facts))
