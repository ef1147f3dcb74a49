"""Wounds: what chance does to bytes on their way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

#: What readers look for, and what others choke on.
WORDS = (
    b"\r\n",
    b"\n\n",
    b"\r\n\r\n",
    b"--=_border",
    b"--=_border--",
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"=?utf-8?Q?=0ABcc:_evil@x?=",
    b"BEGIN:VEVENT\r\n",
    b"END:VCALENDAR",
    b"RRULE:FREQ=SECONDLY\r\n",
    b';X="',
    b":mailto:",
    b"DTSTART:00010101T000000Z\r\n",
    b"SEQUENCE:99999999999999999999\r\n",
    b"BEGIN:VCARD\r\n",
    b"\x00",
    b"\xff\xfe",
    b"\xe2\x80\xae",
    b"(" * 50,
    b"<" * 50,
    b"> " * 50,
    b'"',
    b",",
)
#: Bytes that a wound may make of a little.
MOST = 1 << 20

Wound = Callable[[bytes, Random], bytes]


def _cut(raw: bytes, chance: Random) -> bytes:
    start = chance.randint(0, len(raw))
    return raw[:start] + raw[start + chance.choice((1, 3, 20, 200)) :]


def _flip(raw: bytes, chance: Random) -> bytes:
    found = bytearray(raw)
    for _ in range(chance.randint(1, 8) if found else 0):
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def _insert(raw: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + chance.choice(WORDS) * chance.choice((1, 1, 2, 50)) + raw[at:]


def _swell(raw: bytes, chance: Random) -> bytes:
    """A piece comes again and again."""
    start = chance.randint(0, len(raw))
    piece = raw[start : start + chance.choice((1, 2, 10, 100))]
    times = chance.choice((2, 10, 1000, 20_000))
    return (raw[:start] + piece * min(times, MOST // (len(piece) or 1)) + raw[start:])[:MOST]


WOUNDS: tuple[Wound, ...] = (_cut, _flip, _insert, _insert, _swell)


def wounded(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """One to six wounds, and now and then the rest of another one behind it."""
    for _ in range(chance.randint(1, 6)):
        raw = chance.choice(WOUNDS)(raw, chance)
    if chance.random() < 0.2:
        other = chance.choice(others)
        raw += other[chance.randint(0, len(other)) :]
    return raw
