"""winmail.dat as Outlook writes an answer, of our own making from what [MS-OXTNEF] documents."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

from crm.domain.answers import mapi
from crm.domain.answers.tnef import ATTACHED, MESSAGE_CLASS, MESSAGE_PROPERTIES, SIGNATURE

#: The set of properties of meetings, PSETID_Meeting, and that of appointments.
MEETING = bytes.fromhex("90daD86e0b451b1098da00aa003f1305")
APPOINTMENT = bytes.fromhex("0220060000000000c000000000000046")


def winmail(
    kind: str,
    uid: str,
    sender: str,
    *,
    at: datetime,
    sequence: int = 0,
    proposed: tuple[datetime, datetime] | None = None,
) -> bytes:
    """An answer with the class of the message, the talk's UID, who sent it and when."""
    values = [
        _wide(mapi.SENDER_SMTP, sender),
        _named(MEETING, mapi.CLEAN_ID, 0x0102, _padded(_global_id(uid))),
        _named(MEETING, mapi.STAMP, 0x0040, _time(at)),
        _named(APPOINTMENT, mapi.SEQUENCE, 0x0003, struct.pack("<I", sequence)),
    ]
    if proposed:
        values += [
            _named(APPOINTMENT, mapi.COUNTER, 0x000B, struct.pack("<I", 1)),
            _named(APPOINTMENT, mapi.PROPOSED_START, 0x0040, _time(proposed[0])),
            _named(APPOINTMENT, mapi.PROPOSED_END, 0x0040, _time(proposed[1])),
        ]
    properties = struct.pack("<I", len(values)) + b"".join(values)
    return whole(
        (0x01, MESSAGE_CLASS, kind.encode() + b"\0"),
        (0x01, MESSAGE_PROPERTIES, properties),
    )


def with_file(content: bytes) -> bytes:
    """A message that only carries a file."""
    return whole((0x01, MESSAGE_CLASS, b"IPM.Microsoft Mail.Note\0"), (0x02, ATTACHED, content))


def whole(*attributes: tuple[int, int, bytes]) -> bytes:
    """The signature, a key, and each attribute with its checksum."""
    parts = [
        struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) % 65536)
        for level, name, data in attributes
    ]
    return SIGNATURE + b"\x01\x00" + b"".join(parts)


def _global_id(uid: str) -> bytes:
    """The talk's UID as programs of this kind keep one that another program made."""
    data = mapi.FOREIGN_UID + uid.encode() + b"\0"
    head = bytes.fromhex("040000008200e00074c5b7101a82e008") + bytes(20)
    return head + struct.pack("<I", len(data)) + data


def _named(group: bytes, number: int, kind: int, value: bytes) -> bytes:
    return struct.pack("<HH", kind, 0x8001) + group + struct.pack("<II", 0, number) + value


def _wide(number: int, text: str) -> bytes:
    data = _padded(text.encode("utf-16-le") + b"\0\0")
    return struct.pack("<HH", 0x001F, number) + data


def _padded(data: bytes) -> bytes:
    return struct.pack("<II", 1, len(data)) + data + bytes(-len(data) % 4)


def _time(at: datetime) -> bytes:
    since = at - datetime(1601, 1, 1, tzinfo=UTC)
    return struct.pack("<Q", (since.days * 86400 + since.seconds) * 10_000_000)
