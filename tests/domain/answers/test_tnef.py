"""winmail.dat: what Outlook wraps is found, and everything else is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm.domain.answers import read, unwrap
from crm.models import AnswerWay, Rsvp
from tests.domain.answers.post import reply
from tests.domain.answers.tnef import whole, winmail, with_file

AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
UID = "0123456789abcdef0123456789abcdef@fika"


@pytest.mark.parametrize(
    ("kind", "rsvp"),
    [
        ("IPM.Schedule.Meeting.Resp.Pos", Rsvp.ACCEPTED),
        ("IPM.Schedule.Meeting.Resp.Neg", Rsvp.DECLINED),
        ("IPM.Schedule.Meeting.Resp.Tent", Rsvp.TENTATIVE),
        ("IPM.Microsoft Schedule.MtgRespP", Rsvp.ACCEPTED),
    ],
)
def test_the_class_of_the_message_is_the_answer(kind: str, rsvp: Rsvp) -> None:
    found = read(unwrap(winmail(kind, UID, "Ada@Example.com", at=AT, sequence=3)) or b"")
    assert found is not None
    assert (found.way, found.uid, found.sequence, found.stamped_at) == (AnswerWay.REPLY, UID, 3, AT)
    assert (found.people[0].address, found.people[0].rsvp) == ("ada@example.com", rsvp)


def test_a_proposed_time_makes_it_a_counter() -> None:
    then = (AT + timedelta(days=9), AT + timedelta(days=9, minutes=30))
    tentative = winmail("IPM.Schedule.Meeting.Resp.Tent", UID, "ada@example.com", at=AT, proposed=then)
    found = read(unwrap(tentative) or b"")
    assert found is not None
    assert (found.way, found.starts_at, found.length) == (AnswerWay.COUNTER, then[0], timedelta(minutes=30))


def test_a_calendar_inside_is_taken_as_it_is() -> None:
    ics = reply(UID, at=AT)
    assert unwrap(with_file(ics)) == ics


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"not a winmail.dat",
        with_file(b"%PDF-1.7"),
        whole(),
        winmail("IPM.Note", UID, "ada@example.com", at=AT),
        winmail("IPM.Schedule.Meeting.Resp.Pos", "", "ada@example.com", at=AT),
        winmail("IPM.Schedule.Meeting.Resp.Pos", "a\r\nMETHOD:X", "ada@example.com", at=AT),
        winmail("IPM.Schedule.Meeting.Resp.Pos", UID, "ada@example.com", at=AT) + bytes(2_000_000),
    ],
)
def test_what_holds_no_answer_is_nothing(part: bytes) -> None:
    assert unwrap(part) is None
