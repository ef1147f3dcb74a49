"""What calendar programs write is read whatever it looks like, and hostile bytes are nothing."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm.domain.answers import Person, Said, read, unwrap
from crm.models import AnswerWay, Rsvp
from tests.domain.answers import tnef
from tests.domain.answers.post import reply

AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
UID = "0123456789abcdef0123456789abcdef@fika"
PLAIN = reply(UID, "TENTATIVE", at=AT, about=";CN=Ada")
FOLDER = Path(__file__).parent / "written"
#: Every file is of our own making, in the shape that the program is documented to write.
FILES = sorted(file.name for file in FOLDER.glob("*.ics"))

few = settings(max_examples=300, deadline=timedelta(seconds=2))


def said(ics: bytes) -> Said:
    found = read(ics)
    assert found is not None
    return found


def test_it_says_who_said_what_to_which_date_and_when() -> None:
    assert said(PLAIN) == Said(
        way=AnswerWay.REPLY,
        uid=UID,
        people=(Person("ada@example.com", "Ada", rsvp=Rsvp.TENTATIVE),),
        sequence=0,
        stamped_at=AT,
        starts_at=None,
        length=None,
        comment="",
    )


@pytest.mark.parametrize(
    "ics",
    [
        PLAIN.replace(b"\r\n", b"\n"),
        PLAIN.replace(b"\r\n", b"\r\r\n"),
        PLAIN.replace(b"\r\n", b"\r"),
        codecs.BOM_UTF8 + PLAIN,
        PLAIN.decode().encode("utf-16"),
        b"\n\nYour answer:\n" + PLAIN + b"\n-- \nsent from somewhere\n",
        PLAIN.replace(b"METHOD:REPLY", b"Method:reply"),
        PLAIN.replace(b"mailto:", b"MAILTO:"),
        PLAIN.replace(b"UID:", b'X-ODD;X="a":\r\nUID:'),
        PLAIN.rstrip(),
        PLAIN.replace(
            b"BEGIN:VEVENT", b"BEGIN:VTIMEZONE\r\nTZID:X\r\nnonsense\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"
        ),
        PLAIN + b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    ],
)
def test_it_is_the_same_in_every_disguise(ics: bytes) -> None:
    assert said(ics) == said(PLAIN)


@pytest.mark.parametrize(
    ("word", "rsvp"),
    [
        ("ACCEPTED", Rsvp.ACCEPTED),
        ("declined", Rsvp.DECLINED),
        ("DELEGATED", Rsvp.DELEGATED),
        ("NEEDS-ACTION", Rsvp.NEEDS_ACTION),
        ("X-MAYBE", Rsvp.NEEDS_ACTION),
        ("COMPLETED", Rsvp.NEEDS_ACTION),
    ],
)
def test_a_word_that_is_not_known_is_no_answer(word: str, rsvp: Rsvp) -> None:
    assert said(reply(UID, word, at=AT)).people[0].rsvp is rsvp


@pytest.mark.parametrize("number", ["-1", "many", "99999999999999999999", "", "1.5"])
def test_a_number_that_is_none_is_nought(number: str) -> None:
    assert said(PLAIN.replace(b"SEQUENCE:0", f"SEQUENCE:{number}".encode())).sequence == 0


def test_zones_of_old_programs_are_understood() -> None:
    zone = 'DTSTART;TZID="W. Europe Standard Time":20260320T100000'
    found = said(reply(UID, at=AT, method="COUNTER", more=f"{zone}\nDURATION:PT30M"))
    assert found.starts_at is not None
    assert found.starts_at.astimezone(UTC) == datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
    assert found.length == timedelta(minutes=30)


@pytest.mark.parametrize("name", FILES)
def test_what_programs_write_is_read(name: str) -> None:
    found = said((FOLDER / name).read_bytes())
    assert found.uid == UID
    assert found.people[0].address == "ada@example.com"
    assert found.people[0].rsvp.value == name.rpartition("_")[2].removesuffix(".ics")


@pytest.mark.parametrize(
    "ics",
    [
        b"",
        b"\x00" * 1000,
        b"BEGIN:VCALENDAR",
        PLAIN[:-30],
        PLAIN.replace(b"BEGIN:VEVENT", b"BEGIN:VEVENT\r\n" * 500),
        PLAIN.replace(b"UID:", b"UID:" + b"x" * 300_000),
        PLAIN.replace(b"VEVENT", b"VTODO"),
    ],
)
def test_what_is_no_answer_is_nothing(ics: bytes) -> None:
    assert read(ics) is None


PIECES = [
    b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n", b"METHOD:REPLY\r\n", b"METHOD:COUNTER\r\n",
    b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"BEGIN:VTIMEZONE\r\n", b"END:VTIMEZONE\r\n", b"TZID:X\r\n",
    b"UID:1\r\n", b"DTSTAMP:20260311T090000Z\r\n", b"DTSTART;TZID=X:20260320T100000\r\n",
    b"DTSTART;VALUE=DATE:20260320\r\n", b"DTEND:00000000T000000Z\r\n", b"DTSTART:99991231T235959Z\r\n",
    b"DURATION:P99999999999D\r\n", b"RRULE:FREQ=SECONDLY\r\n", b"SEQUENCE:1\r\n", b" folded\r\n",
    b'ATTENDEE;CN="a;PARTSTAT=ACCEPTED:mailto:a@b\r\n', b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b\r\n",
    b'ATTENDEE;DELEGATED-TO="mailto:x@y","mailto:z@y":mailto:a@b\r\n', b"COMMENT:\\n\\;\\\r\n",
    b"\xff\xfe",
    b"\0", b":\r\n", b";\r\n", b"DTSTART\r\n",
]  # fmt: skip


@few
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=30), max_size=40).map(b"".join))
@example(b"BEGIN:VCALENDAR\nMETHOD:REPLY\n" + b"BEGIN:VEVENT\n" * 100 + b"END:VCALENDAR")
def test_hostile_bytes_raise_nothing(ics: bytes) -> None:
    found = read(ics)
    assert found is None or len(found.comment) <= 2000


@few
@given(st.integers(0, len(PLAIN)), st.integers(0, len(PLAIN)), st.binary(max_size=20))
def test_nor_does_an_answer_with_a_wound(start: int, end: int, wound: bytes) -> None:
    read(PLAIN[:start] + wound + PLAIN[end:])


@few
@given(st.integers(0, 400), st.integers(0, 400), st.binary(max_size=20))
def test_nor_does_a_wounded_winmail(start: int, end: int, wound: bytes) -> None:
    whole = tnef.winmail("IPM.Schedule.Meeting.Resp.Pos", UID, "ada@example.com", at=AT)
    found = unwrap(whole[:start] + wound + whole[end:])
    assert found is None or found.upper().startswith(b"BEGIN:VCALENDAR")
    read(found or b"")
