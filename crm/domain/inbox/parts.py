"""The parts of a message, found in its bytes without a copy of them.

Whoever can write to us decides what these bytes are, so that everything here has a limit: how deep parts lie
in each other, how many there are, how long heads are, and how much of a part is ever decoded. The
standard library's parser has none, and takes some twenty times the message in memory.
"""

from __future__ import annotations

import base64
import quopri
import re
from binascii import Error
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import CharsetError, HeaderParseError
from email.header import decode_header, make_header
from email.message import Message as Head
from email.parser import BytesHeaderParser
from email.policy import compat32

from crm.domain import words

#: The largest message that is taken, in bytes (design, Mail that comes in).
MOST = 25 * 1024 * 1024
DEPTH = 20
PARTS = 200
#: Bytes of a head, and characters of one header, that are looked at.
HEAD, HEADER = 128 * 1024, 8000
#: Bytes of a part that are decoded.
BODY = 1024 * 1024
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class Part:
    """One part: its head, and where its body lies in the whole."""

    head: Head
    raw: bytes
    start: int
    end: int

    @property
    def kind(self) -> str:
        """The type as it says itself, in lower case."""
        return self.head.get_content_type()

    @property
    def name(self) -> str:
        """The name of the file that it would be."""
        try:
            return words.line(str(self.head.get_filename() or ""))[:200]
        except (ValueError, LookupError, TypeError, HeaderParseError):
            return ""

    def content(self, most: int = BODY) -> bytes:
        """The body decoded, as far as `most` bytes of it."""
        encoding = str(self.head.get("Content-Transfer-Encoding", "")).strip().lower()
        body = self.raw[self.start : min(self.end, self.start + most * 3)]
        if encoding == "base64":
            return _base64(body)[:most]
        if encoding == "quoted-printable":
            return quopri.decodestring(body)[:most]
        return body[:most]

    def text(self, most: int = BODY) -> str:
        """The body as text, in whatever alphabet it says; what cannot be read is replaced."""
        content = self.content(most)
        charset = _charset(self.head)
        try:
            return content.decode(charset, errors="replace")
        except (LookupError, ValueError):
            return content.decode("utf-8", errors="replace")


def head_of(raw: bytes, start: int = 0, end: int | None = None) -> tuple[Head, int]:
    """The head that begins at `start`, and where its body begins."""
    end = len(raw) if end is None else end
    if raw[start : start + 1] == b"\n":
        return _parsed(b""), start + 1
    if raw[start : start + 2] == b"\r\n":
        return _parsed(b""), start + 2
    found = _HEAD_END.search(raw, start, min(end, start + HEAD))
    if found is None:
        return _parsed(raw[start : min(end, start + HEAD)]), end
    return _parsed(raw[start : found.start()]), found.end()


def walk(raw: bytes) -> Iterator[Part]:
    """All parts that hold something, in their order; a message within the message is one of them."""
    head, start = head_of(raw)
    left = [PARTS]
    yield from _within(Part(head, raw, start, len(raw)), 0, left)


def header(head: Head, name: str) -> str:
    """One header in plain words; empty where it is missing."""
    return decoded(next(iter(headers(head, name)), ""))


def headers(head: Head, name: str) -> list[str]:
    """All headers of a name, not decoded: addresses and ids are read from these."""
    found = [value for called, value in head.raw_items() if called.lower() == name.lower()]
    return [_raw(value) for value in found[:50]]


def decoded(value: str) -> str:
    """Encoded words (RFC 2047) as what they stand for, on one line."""
    try:
        text = str(make_header(decode_header(value[:HEADER])))
    except (HeaderParseError, CharsetError, ValueError, LookupError, Error):
        text = value[:HEADER]
    return words.line(text)


def _raw(value: object) -> str:
    """A header as text; bytes that are none of ASCII as UTF-8 where they are it."""
    text = str(value)[:HEADER]
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _within(part: Part, depth: int, left: list[int]) -> Iterator[Part]:
    left[0] -= 1
    if left[0] < 0 or depth > DEPTH:
        return
    boundary = _boundary(part.head) if part.kind.startswith("multipart/") else b""
    if not boundary:
        yield part
        return
    for start, end in _spans(part, boundary):
        head, body = head_of(part.raw, start, end)
        yield from _within(Part(head, part.raw, body, end), depth + 1, left)
        if left[0] < 0:
            return


def _spans(part: Part, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Where the parts between the boundaries lie (RFC 2046 §5.1.1); the last may lack its end."""
    # The whole line: one boundary may be the beginning of another.
    line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
    begin = -1
    for mark in line.finditer(part.raw, part.start, part.end):
        if begin >= 0:
            yield begin, _without_line_end(part.raw, begin, mark.start())
        if mark[1]:
            return
        begin = min(mark.end() + 1, part.end)
    if begin >= 0:
        yield begin, part.end


def _without_line_end(raw: bytes, begin: int, end: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if end - 2 >= begin and raw[end - 2 : end] == b"\r\n":
        return end - 2
    return max(end - 1, begin)


def _parsed(head: bytes) -> Head:
    return BytesHeaderParser(policy=compat32).parsebytes(head)


def _boundary(head: Head) -> bytes:
    try:
        found = head.get_boundary()
    except (ValueError, LookupError, TypeError, HeaderParseError):
        return b""
    return str(found or "")[:200].encode("utf-8", "surrogateescape")


def _charset(head: Head) -> str:
    try:
        return str(head.get_content_charset() or "utf-8")
    except (ValueError, LookupError, TypeError, HeaderParseError):
        return "utf-8"


def _base64(body: bytes) -> bytes:
    """Decoded as far as it goes; what is none of the alphabet is left out."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    try:
        return base64.b64decode(kept[: len(kept) // 4 * 4] + _rest(kept))
    except Error:
        return b""


def _rest(kept: bytes) -> bytes:
    rest = kept[len(kept) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""
