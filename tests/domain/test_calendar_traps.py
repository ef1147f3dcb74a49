"""The traps of calendars that other programs read: folding, escaping, zones, alarms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from crm.domain import calendar
from crm.domain.calendar import Entry

AT = datetime(2027, 7, 1, 7, 0, tzinfo=UTC)
ENTRY = Entry("1@fika", "Talk", AT, AT, AT, AT + timedelta(minutes=20))
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def lines(ics: bytes) -> list[bytes]:
    """Folded lines; all of them end in CRLF, and CR and LF stand nowhere else."""
    assert ics.endswith(b"\r\n")
    found = ics[:-2].split(b"\r\n")
    assert not [line for line in found if b"\r" in line or b"\n" in line]
    return found


@given(st.text(), st.text(), st.text())
def test_whatever_is_typed_the_file_is_well_formed(name: str, summary: str, description: str) -> None:
    entry = replace(
        ENTRY, summary=summary, description=description, location=summary, alarm=timedelta(minutes=10)
    )
    ics = calendar.feed(name, [entry])
    for line in lines(ics):
        assert len(line) <= 75
        line.decode()
        assert not [octet for octet in line if octet < 0x20 and octet != 0x09]
    (event,) = icalendar.Calendar.from_ical(ics).walk("VEVENT")
    assert not event.errors
    assert len(vobject.readOne(ics.decode()).vevent_list) == 1


@pytest.mark.parametrize(
    "text", ["a; b, c \\ d", "one\ntwo", FAMILY * 30, "Zoë " * 40, "BEGIN:VEVENT", "=?utf-8?q?x?="]
)
def test_text_comes_back_as_it_was(text: str) -> None:
    ics = calendar.feed("Fika", [replace(ENTRY, description=text)])
    (event,) = icalendar.Calendar.from_ical(ics).walk("VEVENT")
    assert str(event["DESCRIPTION"]) == text.strip()
    assert ics.count(b"\r\nBEGIN:VEVENT\r\n") == 1


@pytest.mark.parametrize(
    ("wall", "zone", "utc"),
    [
        ("2027-03-27T09:00", "Europe/Berlin", b"20270327T080000Z"),
        ("2027-03-29T09:00", "Europe/Berlin", b"20270329T070000Z"),
        ("2027-10-30T09:00", "Europe/Berlin", b"20271030T070000Z"),
        ("2027-11-01T09:00", "Europe/Berlin", b"20271101T080000Z"),
        ("2027-03-13T09:00", "America/New_York", b"20270313T140000Z"),
        ("2027-03-15T09:00", "America/New_York", b"20270315T130000Z"),
        ("2027-07-01T09:00", "Australia/Lord_Howe", b"20270630T223000Z"),
        ("2027-07-01T09:00", "Asia/Kathmandu", b"20270701T031500Z"),
    ],
)
def test_times_are_utc_on_both_sides_of_every_change_of_clocks(wall: str, zone: str, utc: bytes) -> None:
    start = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone))
    ics = calendar.feed("Fika", [replace(ENTRY, starts_at=start.astimezone(UTC))])
    assert b"\r\nDTSTART:" + utc + b"\r\n" in ics
    assert b"TZID" not in ics
    assert b"VTIMEZONE" not in ics


def test_no_time_floats_and_no_day_has_a_zone() -> None:
    ics = calendar.feed("Fika", [ENTRY, replace(ENTRY, uid="2@fika", starts_at=None, on=date(2027, 7, 1))])
    for line in lines(ics):
        name, _, value = line.partition(b":")
        if name in (b"DTSTART", b"DTEND", b"DTSTAMP", b"CREATED", b"LAST-MODIFIED"):
            assert value.endswith(b"Z")
    assert b"\r\nDTSTART;VALUE=DATE:20270701\r\nDTEND;VALUE=DATE:20270702\r\n" in ics


def test_what_is_required_stands_once_and_what_invites_does_not() -> None:
    ics = calendar.feed("Fika", [ENTRY])
    for once in (
        b"\r\nVERSION:2.0\r\n",
        b"\r\nPRODID:",
        b"\r\nX-WR-CALNAME:",
        b"\r\nREFRESH-INTERVAL;VALUE=DURATION:",
    ):
        assert ics.count(once) == 1
    for never in (b"METHOD", b"ATTENDEE", b"ORGANIZER", b"VTODO", b"ATTACH", b"VALARM", b"RDATE"):
        assert never not in ics


def test_an_alarm_shows_itself_before_the_start() -> None:
    ics = calendar.feed("Fika", [replace(ENTRY, alarm=timedelta(hours=1))])
    alarm = b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Talk\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\n"
    assert alarm in ics


def test_a_calendar_without_entries_holds_one_component_that_nobody_refers_to() -> None:
    found = icalendar.Calendar.from_ical(calendar.feed("Fika", []))
    assert [part.name for part in found.subcomponents] == ["VTIMEZONE"]
    found.validate()  # type: ignore[no-untyped-call]  # the library has no types there


def test_entries_written_before_join_to_the_same_bytes() -> None:
    other = replace(ENTRY, uid="2@fika")
    assert calendar.joined("Fika", [calendar.written(ENTRY), calendar.written(other)]) == calendar.feed(
        "Fika", [ENTRY, other]
    )
