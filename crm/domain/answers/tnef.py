"""winmail.dat: answers to invitations as Outlook wraps them for programs of its own kind ([MS-OXTNEF]).

Such a part is a list of attributes, one of which is a list of properties. The answer is seldom in it as a
calendar: what was answered is in the class of the message, and to what in its "global object id".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from crm.domain.answers import mapi

SIGNATURE = struct.pack("<I", 0x223E9F78)
MAX_BYTES = 1024 * 1024
MESSAGE_CLASS, MESSAGE_PROPERTIES, ATTACHED = 0x00078008, 0x00069003, 0x0006800F
_HEAD = struct.Struct("<BII")
#: What the class of a message says ([MS-OXOCAL] §2.2.6 to §2.2.8).
PARTSTAT = {
    "ipm.schedule.meeting.resp.pos": "ACCEPTED",
    "ipm.schedule.meeting.resp.neg": "DECLINED",
    "ipm.schedule.meeting.resp.tent": "TENTATIVE",
}
#: The same in classes of older programs.
OLDER = {
    "ipm.microsoft schedule.mtgrespp": "ACCEPTED",
    "ipm.microsoft schedule.mtgrespn": "DECLINED",
    "ipm.microsoft schedule.mtgrespa": "TENTATIVE",
}


def unwrap(tnef: bytes) -> bytes | None:
    """The iCalendar body that a TNEF part holds, or that says what it answers; None where it is no answer.

    A cut off or made up part raises nothing.
    """
    if not tnef.startswith(SIGNATURE) or len(tnef) > MAX_BYTES:
        return None
    found = dict(_attributes(tnef))
    inside = found.get(ATTACHED, b"")
    if inside.lstrip().upper().startswith(b"BEGIN:VCALENDAR"):
        return inside
    kind = found.get(MESSAGE_CLASS, b"").split(b"\0")[0].decode("ascii", errors="replace").casefold()
    partstat = (PARTSTAT | OLDER).get(kind)
    facts = mapi.read(found.get(MESSAGE_PROPERTIES, b""))
    return _reply(partstat, facts) if partstat and facts.uid else None


def _attributes(tnef: bytes) -> Iterator[tuple[int, bytes]]:
    """Each attribute with its value; the end where a length says more than there is."""
    at = len(SIGNATURE) + 2
    while at + _HEAD.size <= len(tnef):
        _level, name, length = _HEAD.unpack_from(tnef, at)
        at += _HEAD.size
        if at + length > len(tnef):
            return
        yield name, tnef[at : at + length]
        # A checksum of two bytes stands behind each.
        at += length + 2


def _reply(partstat: str, facts: mapi.Facts) -> bytes:
    """The answer as an iTIP message (RFC 5546 §3.2.3); a proposed time makes it a COUNTER (§3.2.7)."""
    times = [(name, at) for name, at in (("DTSTART", facts.starts_at), ("DTEND", facts.ends_at)) if at]
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Fika//winmail.dat//EN",
        "VERSION:2.0",
        f"METHOD:{'COUNTER' if facts.is_counter and times else 'REPLY'}",
        "BEGIN:VEVENT",
        f"UID:{facts.uid}",
        f"SEQUENCE:{facts.sequence}",
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{facts.sender}",
        *([f"DTSTAMP:{facts.stamped_at:%Y%m%dT%H%M%SZ}"] if facts.stamped_at else []),
        *(f"{name}:{at:%Y%m%dT%H%M%SZ}" for name, at in times),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines).encode()
