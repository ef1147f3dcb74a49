"""The properties of a message as Outlook keeps them: what they tell of an answer ([MS-OXTNEF] §2.1.3.4).

Numbers are little-endian. What is cut off or made up ends the reading; what was read until then counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

#: No message has more.
MAX_PROPERTIES = 2000
#: Named properties by the number that they have in their set ([MS-OXOCAL] §2.2.1, §2.2.4, §2.2.5).
GLOBAL_ID, CLEAN_ID = 0x0003, 0x0023
SEQUENCE, STAMP = 0x8201, 0x001A
COUNTER, PROPOSED_START, PROPOSED_END = 0x8257, 0x8250, 0x8251
#: Properties with numbers of their own ([MS-OXPROPS]).
SENDER, SENDER_SMTP, REPRESENTING, REPRESENTING_SMTP = 0x0C1F, 0x5D01, 0x0065, 0x5D02
#: How many bytes a value of each fixed type has ([MS-OXCDATA] §2.11.1).
FIXED = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8}
FIXED |= {0x0040: 8, 0x0048: 16}
TEXT, WIDE_TEXT, TIME = 0x001E, 0x001F, 0x0040
#: Behind this mark stands the UID of a talk that another program made ([MS-OXOCAL] §2.2.1.27).
FOREIGN_UID = b"vCal-Uid\x01\0\0\0"
_ADDRESS = re.compile(r"[^\s@;:,\"<>\x00-\x1f]+@[^\s@;:,\"<>\x00-\x1f]+")


@dataclass(frozen=True)
class Facts:
    """What an answer says; empty or None where it does not."""

    uid: str
    sender: str
    sequence: int
    stamped_at: datetime | None
    is_counter: bool
    starts_at: datetime | None
    ends_at: datetime | None


class _CutOff(Exception):
    """The bytes end before the value does."""


class _Bytes:
    """Bytes that are read one after another."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, length: int) -> bytes:
        """So many bytes."""
        if self.at + length > len(self.data):
            raise _CutOff
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self, size: int = 4) -> int:
        """A number without a sign."""
        return int.from_bytes(self.take(size), "little")

    def padded(self) -> bytes:
        """A value with its length before it, filled up to four bytes."""
        length = self.number()
        value = self.take(length)
        self.take(-length % 4)
        return value


def read(data: bytes) -> Facts:
    """What the properties of a message tell of an answer."""
    found: dict[int, Any] = {}
    for name, value in _properties(_Bytes(data)):
        found.setdefault(name, value)
    sender = (SENDER_SMTP, REPRESENTING_SMTP, SENDER, REPRESENTING)
    addresses = (_ADDRESS.fullmatch(str(found.get(name, ""))) for name in sender)
    return Facts(
        uid=_uid(found.get(CLEAN_ID)) or _uid(found.get(GLOBAL_ID)),
        sender=next((match.group() for match in addresses if match), ""),
        sequence=_number(found.get(SEQUENCE)),
        stamped_at=_moment(found.get(STAMP)),
        is_counter=bool(_number(found.get(COUNTER))),
        starts_at=_moment(found.get(PROPOSED_START)),
        ends_at=_moment(found.get(PROPOSED_END)),
    )


def _properties(data: _Bytes) -> Iterator[tuple[int, Any]]:
    try:
        for _ in range(min(data.number(), MAX_PROPERTIES)):
            kind, name = data.number(2), data.number(2)
            if name >= 0x8000:
                name = _named(data)
            yield name, _value(data, kind)
    except _CutOff:
        return


def _named(data: _Bytes) -> int:
    """The number of a property within its set; -1 for one that has a name instead."""
    data.take(16)
    if data.number() == 0:
        return data.number()
    data.padded()
    return -1


def _value(data: _Bytes, kind: int) -> Any:
    """A value by its type; of several the first."""
    if kind in FIXED:
        return data.number(FIXED[kind])
    single = kind & ~0x1000
    if single in FIXED:
        return ([data.number(FIXED[single]) for _ in range(min(data.number(), MAX_PROPERTIES))] or [0])[0]
    values = [data.padded() for _ in range(min(data.number(), MAX_PROPERTIES))] or [b""]
    if single == WIDE_TEXT:
        return values[0].decode("utf-16-le", errors="replace").rstrip("\0")
    return values[0].decode("cp1252", errors="replace").rstrip("\0") if single == TEXT else values[0]


def _uid(value: Any) -> str:
    """The UID in a "global object id": ours, since it is us who made the talk."""
    if not isinstance(value, bytes) or FOREIGN_UID not in value:
        return ""
    text = value.split(FOREIGN_UID, 1)[1].split(b"\0")[0].decode("utf-8", errors="replace")
    return text if text.isprintable() else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _moment(value: Any) -> datetime | None:
    """An instant out of tenths of microseconds since 1601; None for one that no calendar shows."""
    if not isinstance(value, int) or not value:
        return None
    try:
        return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=value // 10)
    except OverflowError:
        return None
