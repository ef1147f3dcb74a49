from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm.domain import inbox
from crm.domain.errors import Invalid
from crm.domain.inbox import automatic, forwarding, parts, quoting
from tests.domain.inbox import mails

TODAY = date(2026, 3, 10)
MB = 1024 * 1024
PIECES = [
    b"From: ada@example.com\r\n",
    b"Subject: =?utf-8?q?=C3=A9?=\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Type: text/html\r\n",
    b"Content-Type: message/rfc822\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Type: message/delivery-status\r\n",
    b"Date: Tue, 99 Mar 2026 99:99:99 +9999\r\n",
    b"\r\n",
    b"\r\n\r\n",
    b"\r\n--b\r\n",
    b"\r\n--b--\r\n",
    b"On 1 May 2026 Ada wrote:\r\n",
    b"> ",
    b"<blockquote type=cite>",
    b"<!--",
    b"\x00\xff",
    b"Content-Type: text/plain; charset=idna\r\n",
    b"To: <<<@@@>>>,;:\r\n",
    b"=?x?b?====?=",
    b"Status: 5.1.1\r\n",
    b"Content-Disposition: attachment; filename*=x''%ff\r\n",
    b"Return-Path: <>\r\n",
    b"Action: failed\r\n\r\n",
]


def read(text: str, kind: str = "text/plain; charset=utf-8") -> inbox.Incoming:
    return inbox.read(mails.plain(text, Content_Type=kind))


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"hello", b"{}", b"\x00" * 100, b"Content-Type: text/plain\r\n\r\nx"]
)
def test_what_is_no_message_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid):
        inbox.read(raw)


def test_a_head_that_is_written_in_utf_8_is_read_as_it_is() -> None:
    found = inbox.read(mails.plain(subject="Grüße aus Malmö", sender="Zoë Ångström <zoe@example.com>"))
    assert (found.subject, found.sender.name) == ("Grüße aus Malmö", "Zoë Ångström")


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=60), max_size=40).map(b"".join))
@settings(max_examples=300)
@example(b"From: x\r\n" + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 60)
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    try:
        found = inbox.read(raw)
    except Invalid:
        return
    forwarding.original(found)
    assert len(found.text) <= quoting.MOST
    assert not set(found.text + found.quoted + found.subject) & set("\x00\x07\r")


@given(st.text(max_size=400))
def test_no_text_breaks_the_folding(text: str) -> None:
    folded = quoting.fold(text)
    assert len(folded.own) + len(folded.quoted) <= len(text) + 1
    automatic.back_on(text, TODAY)


def nested(depth: int) -> bytes:
    head = b"From: ada@example.com\r\n"
    for level in range(depth):
        head += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
    return head + b"Content-Type: text/plain\r\n\r\ndeep"


SENDER = b"From: a@b.example\r\n"
MIXED = SENDER + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
CODED = SENDER + b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
HUGE = {
    "one line": b"From: a@b.example\r\n\r\n" + b"a" * (20 * MB),
    "short lines": b"From: a@b.example\r\n\r\n" + b"a\r\n" * (7 * MB),
    "quoted lines": b"From: a@b.example\r\n\r\n" + b"> a\r\n" * (4 * MB),
    "html": b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * (4 * MB),
    "parts": b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\nx\r\n" * (2 * MB),
    "depth": nested(100_000),
    "headers": b"From: a@b.example\r\n" + b"X: y\r\n" * (3 * MB) + b"\r\nx",
    "one header": b"From: a@b.example\r\nTo: " + b"<a@b.example>, " * MB + b"\r\n\r\nx",
    "encoded words": b"From: a@b.example\r\nSubject: " + b"=?utf-8?q?a?= " * MB + b"\r\n\r\nx",
    "references": b"From: a@b.example\r\nReferences: " + b"<a@b>" * MB + b"\r\n\r\nx",
    "attachment": CODED + b"QUJD" * (5 * MB),
}


@pytest.mark.parametrize("name", HUGE)
@pytest.mark.timeout(20)
def test_nothing_takes_long_or_much_memory(name: str) -> None:
    raw = HUGE[name]
    tracemalloc.start()
    try:
        found = inbox.read(raw)
        forwarding.original(found)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 64 * MB


def test_parts_that_lie_too_deep_are_not_looked_at() -> None:
    assert inbox.read(nested(parts.DEPTH)).text == "deep"
    assert inbox.read(nested(parts.DEPTH + 2)).text == ""


def test_one_boundary_may_be_the_beginning_of_another() -> None:
    inner = mails.parts("alternative", "Content-Type: text/plain\n\nIn the middle", border="=_b_inner")
    body = mails.parts(
        "mixed", f'Content-Type: multipart/alternative; boundary="=_b_inner"\n\n{inner}', border="=_b"
    )
    head = {"From": "ada@example.com", "Content-Type": 'multipart/mixed; boundary="=_b"'}
    assert inbox.read(mails.joined(head, body)).text == "In the middle"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "nonsense", "utf-16"])
def test_any_alphabet_is_read_or_replaced(charset: str) -> None:
    assert isinstance(read("Zoë", f"text/plain; charset={charset}").text, str)


def test_nothing_of_html_but_its_words_is_kept() -> None:
    html = (
        "<style>p { color: red }</style><script>alert(1)</script><p>Hello <b>you</b></p>"
        '<img src="https://tracker.example/x.png" onerror="alert(2)"><a href="javascript:alert(3)">click</a>'
        '<p>See <a href="https://example.com/a">this</a></p>'
    )
    assert (
        read(html, "text/html; charset=utf-8").text == "Hello you\n\nclick\nSee this <https://example.com/a>"
    )


def test_dates_are_instants() -> None:
    assert inbox.read(mails.plain()).at == datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    assert inbox.read(mails.plain(Date="yesterday")).at is None


@pytest.mark.parametrize("nested", ["Ad" + "(" * 3000, "a" + ":o" * 1500, "<" * 3000 + "ada@example.com"])
def test_addresses_that_are_nested_deeper_than_anybody_means_are_none(nested: str) -> None:
    found = inbox.read(mails.plain(sender=nested, to=nested))
    assert found.sender.address in ("", "ada@example.com")


def test_a_word_in_an_alphabet_whose_name_is_none_stays_as_it_is() -> None:
    assert "Zo" in inbox.read(mails.plain(subject="=?utf-<<\u2029>>8?Q?Zo=C3=AB?=")).subject
