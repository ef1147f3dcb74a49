"""A letter to bytes: headers that nothing can be smuggled into, text and HTML, a calendar where it has one.

Headers are cleaned here, not trusted to the standard library: some interpreters in use turn an
encoded-word in a subject into a header of its own. Letters all have one shape, so that they are written
into it directly; a tree of message objects would take ten times as long, which is longer than a mail
server takes to accept the letter.
"""

from __future__ import annotations

import base64
import re
import secrets
from binascii import b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.charset import Charset
from email.utils import format_datetime, quote

import idna

from crm.domain import words
from crm.domain.errors import Invalid

#: Lines of a body have at most so many characters (RFC 2045 §6.7).
LINE = 76
HEADER = 200
#: So many bytes of a name fit into one encoded word (RFC 2047 §2: 75 characters with its marks).
WORD = 45
#: Into one that stands behind "Subject: " as well.
PIECE = 39
#: The standard's limits for what may be announced to mail programs as one-click.
UNSUBSCRIBE = 60
ALLOWED = {
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "auto-submitted",
    "x-auto-response-suppress",
    "list-unsubscribe",
    "list-unsubscribe-post",
}
_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f@<>(),;:\"\\\[\]]{1,64}@[^\s\x00-\x1f\x7f@<>(),;:\"\\\[\]]{1,255}")
#: What a name may hold that stands without quotation marks (RFC 5322 §3.2.3, atext and spaces).
_PLAIN = re.compile(r"[\w !#$%&'*+/=?^`{|}~-]*", re.ASCII)
#: What a head may consist of: no line end but ours, nothing that cannot be seen.
_FIT = re.compile(r"(?:[\t -~]|\r\n)*")
_UTF8 = Charset("utf-8")


@dataclass(frozen=True)
class Letter:
    """Everything that a letter says and carries."""

    message_id: str
    date: datetime
    sender: str
    sender_name: str
    to: str
    to_name: str
    subject: str
    text: str
    html: str
    reply_to: str = ""
    reply_to_name: str = ""
    #: Written by the program, not by a person (RFC 3834 §5).
    automatic: bool = True
    unsubscribe: str = ""
    calendar: bytes = b""
    method: str = ""


def build(letter: Letter) -> bytes:
    """The bytes that leave, CRLF and all. Raises Invalid for an address that mail cannot carry."""
    head = _head(letter)
    raw = b"".join(f"{name}: {value}\r\n".encode() for name, value in head) + _body(letter)
    _guard(raw, [name for name, _ in head])
    return raw


def header(text: str, limit: int = HEADER) -> str:
    """Text fit for a header: one line, and nothing that would be decoded into another."""
    return words.line(words.line(text).replace("=?", "= ?"))[:limit].strip()


def short_name(text: str, after: str = "") -> str:
    """A name beside an address, with what stands after it: one encoded word, where it needs one."""
    name = header(text, 100)
    if name.isascii():
        return f"{name}{after}"
    short = name.encode()[: WORD - len(after.encode())].decode(errors="ignore")
    if short != name and name[len(short)] != " ":
        short = short.rpartition(" ")[0] or short
    return short.strip() + after


def ascii_address(address: str) -> str:
    """An address as SMTP carries it, the domain in its ASCII form (RFC 5891).

    Raises Invalid for one whose local part needs an extension that few servers have.
    """
    local, _, domain = address.rpartition("@")
    try:
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise Invalid(email=f"The domain of {address[:80]} cannot be written to.") from None
    written = f"{local}@{domain}"
    if not written.isascii() or not _ADDRESS.fullmatch(written):
        raise Invalid(email=f"Mail cannot be sent to {address[:80]}: most servers refuse such an address.")
    return written


def _head(letter: Letter) -> list[tuple[str, str]]:
    """The headers in their order; only a subject is folded: some programs cannot read others that are."""
    head = [
        ("Message-ID", letter.message_id),
        ("Date", format_datetime(letter.date)),
        ("From", _address(letter.sender_name, letter.sender)),
        ("To", _address(letter.to_name, letter.to)),
    ]
    if letter.reply_to:
        head.append(("Reply-To", _address(letter.reply_to_name, letter.reply_to)))
    head.append(("Subject", _subject(header(letter.subject))))
    return [*head, *_marks(letter), ("MIME-Version", "1.0")]


def _address(name: str, address: str) -> str:
    name, address = short_name(name), ascii_address(address)
    if not name.isascii():
        return f"{_UTF8.header_encode(name)} <{address}>"
    phrase = name if _PLAIN.fullmatch(name) else f'"{quote(name)}"'
    return f"{phrase} <{address}>" if name else address


def _subject(text: str) -> str:
    room = LINE - len("Subject: ")
    if text.isascii() and len(text) <= room:
        return text
    return "\r\n ".join(_encoded_words(text))


def _encoded_words(text: str) -> Iterator[str]:
    """A text in pieces of whole characters, each of which fits into a line beside the name of its header."""
    while text:
        piece = text.encode()[:PIECE].decode(errors="ignore")
        yield _UTF8.header_encode(piece)
        text = text[len(piece) :]


def _marks(letter: Letter) -> list[tuple[str, str]]:
    """By whom it was written, and where it stops."""
    marks = []
    if letter.automatic:
        marks += [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "OOF, AutoReply")]
    if letter.unsubscribe and len(letter.unsubscribe) <= UNSUBSCRIBE - len("<>"):
        marks.append(("List-Unsubscribe", f"<{letter.unsubscribe}>"))
        marks.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return marks


def _body(letter: Letter) -> bytes:
    parts = [_text("plain", letter.text), _text("html", letter.html)]
    if not letter.calendar:
        return _multipart("alternative", parts)
    content = base64.encodebytes(letter.calendar).replace(b"\n", b"\r\n")
    # Inside the alternative, last, for the buttons; and once more as a file, as large senders do.
    inline = _part(content, "base64", f'text/calendar; charset="utf-8"; method="{letter.method}"')
    attached = _part(content, "base64", "application/ics", 'attachment; filename="invite.ics"')
    return _multipart("mixed", [_multipart("alternative", [*parts, inline]), attached])


def _multipart(kind: str, parts: list[bytes]) -> bytes:
    """Parts one after another; neither encoding ever writes "=_", so that no part holds the border."""
    border = f"=_{secrets.token_hex(16)}"
    start = f"--{border}\r\n".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{border}"\r\n\r\n'.encode()
    return head + b"".join(start + part + b"\r\n" for part in parts) + f"--{border}--\r\n".encode()


def _text(kind: str, text: str) -> bytes:
    # Before encoding: afterwards a lone CR or LF would be part of a line, and none at the end a border lost.
    lines = b"\r\n".join(text.encode(errors="replace").splitlines()) + b"\r\n"
    return _part(b2a_qp(lines), "quoted-printable", f'text/{kind}; charset="utf-8"')


def _part(content: bytes, encoding: str, kind: str, disposition: str = "") -> bytes:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n"
    if disposition:
        head += f"Content-Disposition: {disposition}\r\n"
    return f"{head}\r\n".encode() + content


def _guard(raw: bytes, meant: list[str]) -> None:
    """Every header is one of ours and stands there once, whatever was typed."""
    head = raw.split(b"\r\n\r\n", 1)[0].decode("ascii", errors="replace")
    lines = [line for line in head.split("\r\n") if line[:1] not in (" ", "\t")]
    names = [line.split(":", 1)[0] for line in lines]
    known = len(set(names)) == len(names) and {name.lower() for name in names} <= ALLOWED
    if not known or names != [*meant, "Content-Type"] or not _FIT.fullmatch(head):
        raise Invalid(subject="This letter cannot be sent: its head would not be what it seems.")
