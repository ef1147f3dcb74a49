"""Reading what a calendar program answers: foreign bytes to plain values, or to nothing (RFC 5546 §3.2).

Programs of many makers and ages write these; whoever knows an address may too. So nothing of it is
trusted: sizes are limited, and what cannot be read is no answer.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar, Component

from crm.domain import words
from crm.models import AnswerWay, Rsvp

#: An answer is about one talk: whoever sends more sends something else.
MAX_BYTES = 256 * 1024
#: With a table of a zone's history there are a few dozen.
MAX_PARTS = 200
COMMENT = 2000
#: RFC 5545 §3.3.8 has 32 bits for a number.
MAX_SEQUENCE = 2**31 - 1
#: What a series, or a piece of one, is known by; a talk is neither (RFC 5545 §3.8.4.4, §3.8.5).
SERIES = ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_WHOLE = re.compile(r"BEGIN:VCALENDAR\b.*?^END:VCALENDAR[ \t]*$", re.DOTALL | re.IGNORECASE | re.MULTILINE)
_ZONES = re.compile(r"^BEGIN:VTIMEZONE\b.*?^END:VTIMEZONE[ \t]*\n", re.DOTALL | re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Person:
    """An ATTENDEE line: who it names, and what it says of them; addresses in small letters."""

    address: str
    name: str = ""
    sent_by: str = ""
    delegated_to: str = ""
    delegated_from: str = ""
    rsvp: Rsvp = Rsvp.NEEDS_ACTION


@dataclass(frozen=True)
class Said:
    """One iTIP message that somebody invited may send. Times without a zone are as they were written."""

    way: AnswerWay
    uid: str
    people: tuple[Person, ...]
    sequence: int
    #: None where it does not say when it was written.
    stamped_at: datetime | None
    starts_at: datetime | None
    length: timedelta | None
    comment: str


def read(ics: bytes) -> Said | None:
    """What an iCalendar body answers; None where it is none, no answer, or about a series.

    The METHOD of the body alone counts (RFC 5546 §1.4); what the letter around it says is often wrong.
    """
    if len(ics) > MAX_BYTES:
        return None
    try:
        return next(_answers(_text(ics)), None)
    except Exception:  # noqa: BLE001  (the library raises whatever it stumbles over)
        return None


def _answers(text: str) -> Iterator[Said]:
    whole = _WHOLE.search(text)
    if whole is None or text.upper().count("BEGIN:") > MAX_PARTS:
        return
    calendar = _parsed(whole.group())
    method = str(calendar.get("METHOD", "")).strip().lower()
    if method not in set(AnswerWay) - {AnswerWay.PAGE}:
        return
    for event in calendar.walk("VEVENT"):
        if not any(name in event for name in SERIES):
            yield _said(AnswerWay(method), event)


def _parsed(text: str) -> Component:
    """The calendar; where its tables of zones are broken, without them."""
    try:
        return Calendar.from_ical(text)
    except ValueError:
        return Calendar.from_ical(_ZONES.sub("", text))


def _text(ics: bytes) -> str:
    """Letters out of bytes: UTF-8 by the standard, otherwise what some programs write instead."""
    if ics.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = ics.decode("utf-16", errors="replace")
    else:
        try:
            text = ics.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = ics.decode("cp1252", errors="replace")
    # Some relays double the CR of every line end.
    return re.sub(r"\r*\n|\r", "\n", text.replace("\0", ""))


def _said(way: AnswerWay, event: Component) -> Said:
    starts_at, ends_at = _time(event, "DTSTART"), _time(event, "DTEND")
    return Said(
        way=way,
        uid=words.line(str(_one(event, "UID") or ""))[:255],
        people=tuple(_person(line) for line in _all(event, "ATTENDEE")[:20]),
        sequence=_sequence(event),
        stamped_at=_instant(_time(event, "DTSTAMP")),
        starts_at=starts_at,
        length=_length(event, starts_at, ends_at),
        comment=words.block("\n".join(str(line) for line in _all(event, "COMMENT")[:5]))[:COMMENT],
    )


def _length(event: Component, starts_at: datetime | None, ends_at: datetime | None) -> timedelta | None:
    if starts_at and ends_at and (starts_at.tzinfo is None) == (ends_at.tzinfo is None):
        return ends_at - starts_at
    duration = getattr(_one(event, "DURATION"), "dt", None)
    return duration if isinstance(duration, timedelta) else None


def _person(line: Any) -> Person:
    about = getattr(line, "params", {})
    return Person(
        address=_address(line),
        name=words.line(str(about.get("CN", "")))[:200],
        sent_by=_address(about.get("SENT-BY", "")),
        delegated_to=_address(about.get("DELEGATED-TO", "")),
        delegated_from=_address(about.get("DELEGATED-FROM", "")),
        rsvp=_rsvp(str(about.get("PARTSTAT", ""))),
    )


def _rsvp(word: str) -> Rsvp:
    """What is not known counts as no answer (RFC 5545 §3.2.12)."""
    word = word.strip().lower()
    return Rsvp(word) if word in set(Rsvp) else Rsvp.NEEDS_ACTION


def _address(value: Any) -> str:
    """The address of a calendar user; a list of them names its first."""
    value = value[0] if isinstance(value, list) and value else value
    text = words.line(str(value or "")).strip("\"'<> ")
    return re.sub(r"^mailto:", "", text, flags=re.IGNORECASE).casefold()[:254]


def _sequence(event: Component) -> int:
    """The number of the date that is answered; none is 0 (RFC 5545 §3.8.7.4)."""
    text = str(_one(event, "SEQUENCE") or "").strip()
    return min(int(text), MAX_SEQUENCE) if text.isascii() and text.isdigit() and len(text) < 11 else 0


def _time(event: Component, name: str) -> datetime | None:
    """A time of day on a date; a whole day is no time to meet."""
    found = getattr(_one(event, name), "dt", None)
    return found if isinstance(found, datetime) else None


def _instant(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC) if at else None


def _one(event: Component, name: str) -> Any:
    return (_all(event, name) or [None])[0]


def _all(event: Component, name: str) -> list[Any]:
    found = event.get(name)
    return found if isinstance(found, list) else [] if found is None else [found]
