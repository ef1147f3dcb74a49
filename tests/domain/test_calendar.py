"""Calendars, whole and byte for byte, and as a program of others reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import vobject
from hypothesis import given
from hypothesis import strategies as st

from crm.domain import calendar
from crm.domain.calendar import Entry, Method, Party

AT = datetime(2026, 3, 20, 13, 0, tzinfo=UTC)
MADE = datetime(2026, 3, 10, 9, 0, 0, 123456, tzinfo=UTC)
ALICE = Party("Alice Ahlgren", "alice@example.org", sent_by="crm@fika.example.org")
ADA = Party("Ada Okafor", "ada@example.com")

FEED = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Fika//Fika 1.0//EN
CALSCALE:GREGORIAN
NAME:Fika – Alice
X-WR-CALNAME:Fika – Alice
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VEVENT
SUMMARY:Interview with Ada Okafor
DTSTART:20260320T130000Z
DTEND:20260320T132000Z
DTSTAMP:20260310T090000Z
UID:0123@fika
SEQUENCE:1
CREATED:20260310T090000Z
DESCRIPTION:Process engineer\\, Kitsap\\nPhone: +234 803 555 0100
LAST-MODIFIED:20260310T090000Z
LOCATION:12 Marina Road\\, Lagos
STATUS:CONFIRMED
TRANSP:OPAQUE
URL:https://fika.example.org/interviews/1
END:VEVENT
BEGIN:VEVENT
SUMMARY:Thank Ada Okafor
DTSTART;VALUE=DATE:20260321
DTEND;VALUE=DATE:20260322
DTSTAMP:20260310T090000Z
UID:reminder-1@fika
SEQUENCE:0
CREATED:20260310T090000Z
LAST-MODIFIED:20260310T090000Z
STATUS:CONFIRMED
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""

EMPTY = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Fika//Fika 1.0//EN
CALSCALE:GREGORIAN
NAME:Fika
X-WR-CALNAME:Fika
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VTIMEZONE
TZID:Fika-Empty
BEGIN:STANDARD
DTSTART:19700101T000000
RRULE:FREQ=YEARLY;BYMONTH=1
TZOFFSETFROM:+0000
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
END:VCALENDAR
"""

REQUEST = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Fika//Fika 1.0//EN
CALSCALE:GREGORIAN
METHOD:REQUEST
BEGIN:VEVENT
SUMMARY:Interview with Ada Okafor
DTSTART:20260320T130000Z
DTEND:20260320T132000Z
DTSTAMP:20260320T130000Z
UID:0123@fika
SEQUENCE:1
ATTENDEE;CN="Ada Okafor";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-
 PARTICIPANT;RSVP=TRUE:mailto:ada@example.com
CREATED:20260310T090000Z
LAST-MODIFIED:20260310T090000Z
ORGANIZER;CN="Alice Ahlgren";SENT-BY="mailto:crm@fika.example.org":mailto:
 alice@example.org
STATUS:CONFIRMED
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""


def entry(**more: Any) -> Entry:
    facts: dict[str, Any] = {
        "uid": "0123@fika",
        "summary": "Interview with Ada Okafor",
        "updated_at": MADE,
        "created_at": MADE,
        "starts_at": AT,
        "ends_at": AT + timedelta(minutes=20),
        "sequence": 1,
    }
    return Entry(**{**facts, **more})


def text(ics: bytes) -> str:
    """The calendar as written above; all of its lines end in CRLF."""
    assert ics.count(b"\n") == ics.count(b"\r\n") == ics.count(b"\r")
    return ics.decode().replace("\r\n", "\n")


def parsed(ics: bytes) -> Any:
    return vobject.readOne(ics.decode())


def test_a_feed_as_programs_get_it() -> None:
    talk = entry(
        description="Process engineer, Kitsap\nPhone: +234 803 555 0100",
        location="12 Marina Road, Lagos",
        url="https://fika.example.org/interviews/1",
    )
    due = Entry("reminder-1@fika", "Thank Ada Okafor", MADE, MADE, on=date(2026, 3, 21), busy=False)
    assert text(calendar.feed("Fika – Alice", [talk, due])) == FEED


def test_a_feed_without_entries_holds_a_zone_that_nobody_refers_to() -> None:
    assert text(calendar.feed("Fika", [])) == EMPTY


def test_an_invitation_as_calendars_understand_it() -> None:
    assert text(calendar.invitation(entry(), Method.REQUEST, ALICE, ADA, stamp=AT)) == REQUEST


def test_a_cancellation_names_the_same_talk_and_asks_nobody() -> None:
    ics = calendar.invitation(entry(sequence=2, cancelled=True), Method.CANCEL, ALICE, ADA, stamp=AT)
    expected = REQUEST.replace("REQUEST", "CANCEL").replace("SEQUENCE:1", "SEQUENCE:2")
    expected = expected.replace("CONFIRMED", "CANCELLED")
    expected = expected.replace(
        " PARTICIPANT;RSVP=TRUE:mailto:ada@example.com", " PARTICIPANT;RSVP=FALSE:mailto:ada@example.com"
    )
    assert text(ics) == expected


def test_a_download_is_the_entry_alone_and_no_message() -> None:
    ics = text(calendar.single(entry()))
    assert "METHOD" not in ics
    assert "X-WR-CALNAME" not in ics
    assert ics.count("BEGIN:VEVENT") == 1


def test_whoever_writes_for_themselves_is_not_said_to_write_for_another() -> None:
    alone = Party("Alice", "alice@example.org", sent_by="alice@example.org")
    assert "SENT-BY" not in text(calendar.invitation(entry(), Method.REQUEST, alone, ADA, stamp=AT))


def test_a_feeds_stamp_tells_when_the_entry_changed_an_invitations_when_it_was_made() -> None:
    assert parsed(calendar.feed("Fika", [entry()])).vevent.dtstamp.value == MADE.replace(microsecond=0)
    ics = calendar.invitation(entry(), Method.REQUEST, ALICE, ADA, stamp=AT)
    assert parsed(ics).vevent.dtstamp.value == AT


def test_the_same_entries_are_the_same_bytes() -> None:
    assert calendar.feed("Fika", [entry(), entry(uid="2@fika")]) == calendar.feed(
        "Fika", [entry(), entry(uid="2@fika")]
    )


def test_another_program_reads_what_was_meant() -> None:
    summary, place = 'Zoë; "Q", \\ and 💩 ' + "é" * 90, "12 Marina, Lagos; gate \\B"
    event = parsed(calendar.feed("Fika", [entry(summary=summary, location=place)])).vevent
    assert (event.summary.value, event.location.value) == (summary, place)
    assert (event.dtstart.value, event.dtend.value) == (AT, AT + timedelta(minutes=20))


def test_names_with_marks_stay_within_their_place() -> None:
    odd = Party('Ada "A" O; kafor, x: y', "ada@example.com")
    event = parsed(calendar.invitation(entry(), Method.REQUEST, odd, odd, stamp=AT)).vevent
    assert event.attendee.params["CN"] == ["Ada 'A' O; kafor, x: y"]
    assert event.attendee.value == event.organizer.value == "mailto:ada@example.com"


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=100))
def test_whatever_is_typed_stays_one_property_folded_in_octets(summary: str, notes: str, name: str) -> None:
    party = Party(name, "ada@example.com")
    talk = entry(summary=summary, description=notes, location=summary)
    for ics in (
        calendar.feed(name, [talk]),
        calendar.invitation(talk, Method.REQUEST, party, party, stamp=AT),
    ):
        lines = ics.split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert b"\n" not in b"".join(lines)
        ours = [line for line in lines if line.startswith((b"BEGIN:", b"END:", b"UID:", b"DTSTART:"))]
        assert len(ours) == 6
