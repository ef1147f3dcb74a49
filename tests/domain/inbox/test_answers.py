from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crm.database import db, transaction
from crm.domain import inbox, interviews, timeline
from crm.models import Came, Contact, Happened, Interview, Rsvp
from tests.cast import Cast
from tests.domain.inbox.conftest import HOUSE, Take
from tests.domain.inbox.mails import ALICE, FORWARDED, MAILBOX, joined, parts


@pytest.fixture
def talk(cast: Cast, now: datetime) -> Interview:
    with transaction():
        return interviews.plan(
            cast.ada, by=cast.alice, starts_at=now + timedelta(days=3), now=now, house=HOUSE
        )


def answer(talk: Interview, now: datetime, kind: str) -> bytes:
    ics = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\nMETHOD:REPLY\nBEGIN:VEVENT\n"
        f"UID:{talk.uid}\nSEQUENCE:{talk.sequence}\nDTSTAMP:{now:%Y%m%dT%H%M%SZ}\nDTSTART:{talk.starts_at:%Y%m%dT%H%M%SZ}\n"
        f"ORGANIZER:mailto:{MAILBOX}\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.com\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    body = parts("alternative", "Content-Type: text/plain\n\nAccepted", f"Content-Type: {kind}\n\n{ics}")
    head = {
        "From": "ada@example.com",
        "To": MAILBOX,
        "Subject": "Accepted: A talk",
        "Date": "Tue, 10 Mar 2026 09:00:00 +0000",
        "Message-ID": "<rsvp@example.com>",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative; boundary="=_border"',
    }
    return joined(head, body)


@pytest.mark.parametrize(
    "kind",
    [
        "text/calendar; charset=utf-8; method=REPLY",
        "text/calendar",
        "application/ics",
        'application/octet-stream; name="reply.ics"',
    ],
)
def test_an_answer_to_an_invitation_is_found_wherever_it_is(
    take: Take, talk: Interview, cast: Cast, now: datetime, kind: str
) -> None:
    row = take(answer(talk, now, kind))
    assert (row.kind, row.contact_id) == (Came.RSVP, cast.ada.id)
    assert row.sentence
    assert db.session.get_one(Interview, talk.id).rsvp is Rsvp.ACCEPTED
    kinds = [entry.kind for entry in timeline.of(db.session.get_one(Contact, cast.ada.id))]
    assert Happened.RSVP in kinds
    assert Happened.REPLY not in kinds


def test_a_calendar_that_is_none_of_ours_comes_with_a_letter_like_any_other(
    take: Take, talk: Interview, cast: Cast, now: datetime
) -> None:
    row = take(answer(talk, now, "text/calendar").replace(talk.uid.encode(), b"other@example.com"))
    assert (row.kind, row.contact_id) == (Came.REPLY, cast.ada.id)


def test_an_answer_that_the_seeker_passed_on_is_the_guests(
    take: Take, talk: Interview, cast: Cast, now: datetime
) -> None:
    with transaction():
        box = inbox.address(cast.workspace, cast.alice, MAILBOX, now=now)
    raw = answer(talk, now, "text/calendar").replace(b"From: ada@example.com", f"From: {ALICE}".encode())
    said = FORWARDED.replace("\n", "\r\n").encode()
    for to, rsvp in ((MAILBOX, Rsvp.NEEDS_ACTION), (box, Rsvp.ACCEPTED)):
        row = take(
            raw.replace(f"To: {MAILBOX}".encode(), f"To: {to}".encode(), 1).replace(b"Accepted\r", said)
        )
        raw = raw.replace(b"rsvp@example.com", b"again@example.com")
        assert row.kind is Came.RSVP
        assert db.session.get_one(Interview, talk.id).rsvp is rsvp
