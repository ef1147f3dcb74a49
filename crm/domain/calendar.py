"""Calendars: plain values to bytes. Feed, download and invitation come from the same function.

Times are UTC, nothing depends on when it is asked for, and a calendar is never without a
component (RFC 5545 §3.6). No TZID anywhere: zone tables written by libraries are misread by
calendar programs in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vRecur, vText

from crm.domain import words

PRODUCT = "-//Fika//Fika 1.0//EN"
BACK, AHEAD = timedelta(days=90), timedelta(days=548)
REFRESH = "PT1H"
END = b"END:VCALENDAR\r\n"


class Method(StrEnum):
    """What an invitation asks of the program that reads it (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    DECLINECOUNTER = "DECLINECOUNTER"


@dataclass(frozen=True)
class Party:
    """Somebody in an invitation. `sent_by` is the mailbox that writes in their name."""

    name: str
    email: str
    sent_by: str = ""


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar: timed with a start and an end, or all day on a date."""

    uid: str
    summary: str
    updated_at: datetime
    created_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    on: date | None = None
    sequence: int = 0
    description: str = ""
    location: str = ""
    url: str = ""
    busy: bool = True
    cancelled: bool = False
    #: How long before its start the program alerts; None: it does not.
    alarm: timedelta | None = None


def feed(name: str, entries: Iterable[Entry]) -> bytes:
    """A subscription of these entries."""
    return joined(name, [written(entry) for entry in entries])


def written(entry: Entry) -> bytes:
    """One entry as it stands in a subscription, whichever holds it.

    Without a METHOD, DTSTAMP tells when an entry last changed (RFC 5545 §3.8.7.2).
    """
    return bytes(event(entry, stamp=entry.updated_at).to_ical())


def joined(name: str, entries: Sequence[bytes]) -> bytes:
    """A subscription of entries that were written before; with a filler where there is none."""
    return b"".join((head(name), *(entries or (bytes(_filler().to_ical()),)), END))


@lru_cache(maxsize=256)
def head(name: str) -> bytes:
    """What stands before the first entry of a subscription."""
    calendar = _calendar()
    for key in ("NAME", "X-WR-CALNAME"):
        calendar.add(key, words.line(name))
    calendar.add("X-PUBLISHED-TTL", vText(REFRESH))
    calendar.add("REFRESH-INTERVAL", vText(REFRESH), parameters={"VALUE": "DURATION"})
    return bytes(calendar.to_ical()).removesuffix(END)


def single(entry: Entry) -> bytes:
    """One interview to download: the same entry, alone."""
    calendar = _calendar()
    calendar.add_component(event(entry, stamp=entry.updated_at))
    return bytes(calendar.to_ical())


def invitation(
    entry: Entry,
    method: Method,
    organizer: Party,
    guest: Party,
    *,
    stamp: datetime,
    has_status: bool = True,
    accepted: bool = False,
) -> bytes:
    """An iTIP message for one guest: REQUEST, CANCEL or DECLINECOUNTER (RFC 5546 §3.2.2, §3.2.5, §3.2.8).

    `stamp` is when this message was made; with a METHOD, DTSTAMP means just that. Without a status it
    says nothing of the talk itself, as where one guest of it is un-invited. A guest who has `accepted`
    already is not asked.
    """
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", method.value)
    calendar.add("CALSCALE", "GREGORIAN")
    component = event(entry, stamp=stamp)
    component.add("ORGANIZER", _organizer(organizer))
    asked = method is Method.REQUEST and not accepted
    component.add("ATTENDEE", _attendee(guest, asked=asked, accepted=accepted))
    if not has_status:
        del component["STATUS"]
    calendar.add_component(component)
    return bytes(calendar.to_ical())


def event(entry: Entry, *, stamp: datetime) -> Event:
    """One VEVENT."""
    component = Event()
    component.add("UID", entry.uid)
    component.add("DTSTAMP", stamp)
    component.add("SEQUENCE", entry.sequence)
    component.add("CREATED", entry.created_at)
    component.add("LAST-MODIFIED", entry.updated_at)
    component.add("DTSTART", entry.on or entry.starts_at)
    component.add("DTEND", entry.on + timedelta(days=1) if entry.on else entry.ends_at)
    component.add("SUMMARY", words.line(entry.summary))
    if entry.description:
        component.add("DESCRIPTION", words.block(entry.description))
    if entry.location:
        component.add("LOCATION", words.line(entry.location))
    if entry.url:
        component.add("URL", entry.url)
    component.add("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED")
    component.add("TRANSP", "OPAQUE" if entry.busy else "TRANSPARENT")
    if entry.alarm is not None:
        component.add_component(_alarm(entry))
    return component


def _alarm(entry: Entry) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", words.line(entry.summary))
    alarm.add("TRIGGER", -(entry.alarm or timedelta()))
    return alarm


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    return calendar


def _organizer(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.email}")
    address.params["CN"] = vText(words.line(party.name).replace('"', "'"))
    if party.sent_by and party.sent_by != party.email:
        address.params["SENT-BY"] = f"mailto:{party.sent_by}"
    return address


def _attendee(party: Party, *, asked: bool, accepted: bool) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.email}")
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = "ACCEPTED" if accepted else "NEEDS-ACTION"
    # A cancellation asks nobody for an answer.
    address.params["RSVP"] = "TRUE" if asked else "FALSE"
    address.params["CN"] = vText(words.line(party.name).replace('"', "'"))
    return address


def _filler() -> Timezone:
    """One zone nobody refers to: a calendar has to hold something, and a fake event would show."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("TZID", "Fika-Empty")
    standard.add("DTSTART", datetime(1970, 1, 1))  # noqa: DTZ001  (local time by definition)
    standard.add("TZOFFSETFROM", timedelta(0))
    standard.add("TZOFFSETTO", timedelta(0))
    standard.add("RRULE", vRecur({"FREQ": "YEARLY", "BYMONTH": 1}))
    zone.add_component(standard)
    return zone
