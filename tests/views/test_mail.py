"""Sent mail: every letter, what became of it, and what can still be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from crm.database import db, transaction
from crm.domain import interviews
from crm.models import Interview, Message, MessageKind, MessageState, Stage
from crm.settings import Settings
from tests.cast import Cast
from tests.views.things import HOUSE, letter
from tests.views.visitor import Visitor

pytestmark = pytest.mark.usefixtures("present")

FRAME = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@pytest.fixture
def sends(web: Flask, pair: Settings) -> Iterator[None]:
    """There is a mail server."""
    web.config["SETTINGS"] = replace(pair, smtp_url="smtp://127.0.0.1:2525")
    yield
    web.config["SETTINGS"] = pair


def write(cast: Cast, now: datetime, **facts: object) -> int:
    with transaction():
        return letter(cast, now, **facts).id


def state_of(message_id: int) -> MessageState:
    db.session.rollback()
    found = db.session.get(Message, message_id)
    assert found is not None
    return found.state


def test_nothing_written_yet_is_said_and_explained(bob: Visitor) -> None:
    assert "No letters yet" in bob.get("/mail").text


def test_without_a_mail_server_it_says_what_would_have_been_sent(
    alice: Visitor, bob: Visitor, cast: Cast, now: datetime
) -> None:
    write(cast, now)
    page = alice.get("/mail").text
    assert "No letter leaves this installation." in page
    assert "this is what would have been sent" in page
    assert "SMTP_URL" in page
    assert "Kept, not sent" in page
    assert "SMTP_URL" not in bob.get("/mail").text


def test_with_a_mail_server_it_says_nothing_of_the_kind(
    alice: Visitor, cast: Cast, now: datetime, sends: None
) -> None:
    write(cast, now)
    page = alice.get("/mail").text
    assert "No letter leaves" not in page
    assert "Waiting" in page


def test_letters_are_found_by_their_state(alice: Visitor, cast: Cast, now: datetime) -> None:
    write(cast, now, subject="One that waits")
    write(cast, now, subject="One that left", state=MessageState.SENT, sent_at=now)
    write(cast, now, subject="One on its way", state=MessageState.TRANSMITTING)
    assert "One that left" in alice.get("/mail?state=sent").text
    assert "One that waits" not in alice.get("/mail?state=sent").text
    for subject in ("One that waits", "One that left", "One on its way"):
        assert subject in alice.get("/mail?state=nonsense&before=x").text


def test_older_letters_are_a_page_away(alice: Visitor, cast: Cast, now: datetime) -> None:
    with transaction():
        for number in range(53):
            letter(cast, now, subject=f"Letter {number:02}")
    first = alice.get("/mail").text
    assert "Letter 52" in first
    assert "Letter 02" not in first
    older = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    assert "Letter 02" in alice.get(older).text


def test_one_letter_shows_what_the_server_said(
    alice: Visitor, cast: Cast, now: datetime, sends: None
) -> None:
    reply = "550 5.1.1 <ada@example.com>: no such mailbox"
    number = write(cast, now, state=MessageState.FAILED, server_reply=reply, attempts=1, next_try_at=None)
    page = alice.get(f"/mail/{number}").text
    assert "550 5.1.1 &lt;ada@example.com&gt;: no such mailbox" in page
    assert "A talk with Ada Okafor" in page
    assert f'src="/mail/{number}/frame"' in page
    assert "Dear Ada Okafor" in page


def test_headers_are_shown_as_they_leave(alice: Visitor, cast: Cast, now: datetime) -> None:
    with transaction():
        start = now + timedelta(days=3)
        interviews.plan(cast.ada, by=cast.alice, starts_at=start, now=now, house=HOUSE)
        number = db.session.query(Message.id).order_by(Message.id.desc()).limit(1).scalar()
    page = alice.get(f"/mail/{number}").text
    assert "<dt>Reply-To</dt>" in page
    assert "<dt>Message-ID</dt>" in page


def test_the_frame_runs_and_fetches_nothing(alice: Visitor, cast: Cast, now: datetime) -> None:
    number = write(cast, now, html="<p>Hello<script>alert(1)</script></p>")
    answer = alice.get(f"/mail/{number}/frame")
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == FRAME
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_letter_about_an_account_shows_no_body(alice: Visitor, cast: Cast, now: datetime) -> None:
    number = write(cast, now, kind=MessageKind.ACCOUNT, to_contact=False, text=None, html=None)
    assert "as good as a password" in alice.get(f"/mail/{number}").text
    assert alice.get(f"/mail/{number}/frame").status_code == 404


def test_an_invitation_is_taken_back_with_the_date_that_caused_it(
    alice: Visitor, cast: Cast, now: datetime, sends: None
) -> None:
    with transaction():
        start = now + timedelta(days=3)
        talk = interviews.plan(cast.ada, by=cast.alice, starts_at=start, now=now, house=HOUSE)
        number = db.session.query(Message.id).filter_by(interview_id=talk.id).scalar()
    assert "Take it back" in alice.get(f"/mail/{number}").text
    assert alice.post(f"/mail/{number}/undo").status_code == 303
    assert state_of(number) is MessageState.CANCELLED
    assert cast.ada.stage is Stage.LOCATED
    assert db.session.query(Interview.state).filter_by(id=talk.id).scalar() == "cancelled"


def test_after_ten_seconds_it_is_too_late(alice: Visitor, cast: Cast, now: datetime, sends: None) -> None:
    number = write(cast, now)
    with time_machine.travel(now + timedelta(seconds=10), tick=False):
        assert "Take it back" not in alice.get(f"/mail/{number}").text
        answer = alice.post(f"/mail/{number}/undo")
    assert answer.status_code == 409
    assert "cannot be taken back" in answer.text


@pytest.mark.parametrize(
    ("deed", "becomes"), [("again", MessageState.WAITING), ("arrived", MessageState.SENT)]
)
def test_in_doubt_the_user_decides(
    alice: Visitor, cast: Cast, now: datetime, sends: None, deed: str, becomes: MessageState
) -> None:
    number = write(cast, now, state=MessageState.UNCERTAIN, next_try_at=None)
    assert "Nobody knows whether it arrived" in alice.get(f"/mail/{number}").text
    assert alice.post(f"/mail/{number}/{deed}").status_code == 303
    assert state_of(number) is becomes
    assert alice.post(f"/mail/{number}/{deed}").status_code == 409
