"""The health page: plain for everybody, more for the owner, and a test reminder on its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from crm.database import db, transaction, utcnow
from crm.domain import contacts, health, mail, rehearsals
from crm.models import Message, MessageState, Rehearsal, Reminder
from crm.settings import Settings
from tests.cast import Cast
from tests.views.things import HOUSE, letter
from tests.views.visitor import Visitor

pytestmark = pytest.mark.usefixtures("alive")


@pytest.fixture
def alive(core: Flask, present: datetime) -> None:
    """Worker and scheduler have just been seen."""
    with transaction():
        for part in (health.WORKER, health.SCHEDULER):
            health.beat(part, "desk:7", started_at=present, now=present)


@pytest.fixture
def posting(web: Flask, pair: Settings) -> Iterator[None]:
    """Mail leaves this installation."""
    web.config["SETTINGS"] = replace(pair, smtp_url="smtp://127.0.0.1:9")
    yield
    web.config["SETTINGS"] = pair


def wait(cast: Cast, now: datetime, **facts: object) -> Message:
    with transaction():
        return letter(cast, now, **{"next_try_at": now, **facts})


def asked() -> list[Rehearsal]:
    """The test reminders that were asked for up to now."""
    db.session.rollback()
    return list(db.session.scalars(select(Rehearsal)))


def test_it_says_plainly_that_reminders_run(alice: Visitor, cast: Cast, now: datetime) -> None:
    wait(cast, now, to_contact=False, state=MessageState.SENT, sent_at=now - timedelta(minutes=3))
    page = alice.get("/health").text
    assert "Reminders run" in page
    assert "All parts are well" in page
    assert "today 09:57, 3 minutes ago" in page
    assert "Ask Ada Okafor for a talk" in page
    assert "Fri 13 Mar 2026, 08:00 CET (Europe/Stockholm, UTC+01:00)" in page
    assert 'href="/health"' in alice.get("/settings").text


def test_it_says_what_is_held_up(alice: Visitor, cast: Cast, now: datetime) -> None:
    with transaction():
        db.session.query(Reminder).update({"due_at": now - timedelta(minutes=7)})
    page = alice.get("/health").text
    assert "Reminders are held up" in page
    assert "A reminder that was due 7 minutes ago has not been done yet." in page
    assert "1 reminder, the first due since" in page


def test_a_letter_to_a_contact_is_no_letter_to_me(alice: Visitor, cast: Cast, now: datetime) -> None:
    wait(cast, now, state=MessageState.SENT, sent_at=now)
    assert "none: this installation sends no mail" in alice.get("/health").text


def test_the_owner_sees_the_whole_and_others_do_not(
    alice: Visitor, bob: Visitor, cast: Cast, now: datetime, posting: None
) -> None:
    with transaction():
        contacts.add(cast.bobs_workspace, {"name": "Secret Person"}, by=cast.bob, now=now)
    wait(cast, now, state=MessageState.UNCERTAIN)
    page = alice.get("/health").text
    assert "desk:7" in page
    assert "1 letter left for their writers to decide" in page
    assert "nothing said yet" in page
    assert "<strong>Ask for a talk</strong>, to <bdi>bob@example.org</bdi>" in page
    assert "Secret Person" not in page
    plain = bob.get("/health").text
    assert "The whole installation" not in plain
    assert "desk:7" not in plain
    assert "Ada" not in plain


def test_the_owner_reads_the_servers_last_word(
    alice: Visitor, bob: Visitor, cast: Cast, posting: None
) -> None:
    with transaction():
        mail.stop_channel("535 5.7.8 wrong password", now=utcnow(), probe_after=timedelta(seconds=9))
    assert "535 5.7.8 wrong password" in alice.get("/health").text
    assert "535" not in bob.get("/health").text


def test_everybody_reads_above_the_page_that_letters_are_held_up(
    alice: Visitor, bob: Visitor, cast: Cast, now: datetime, posting: None
) -> None:
    wait(cast, now)
    with transaction():
        mail.stop_channel("535 no", now=now - timedelta(minutes=6), probe_after=timedelta(hours=1))
    told = bob.get("/health/banner").text
    assert "The mail server has taken no letter for 6 minutes." in told
    assert "535" not in told
    # The owner reads the reason instead of the same thing twice.
    assert "has taken no letter" not in alice.get("/health/banner").text
    assert "535 no" in alice.get("/health/banner").text


def test_everybody_reads_that_a_rate_holds_letters_back(
    alice: Visitor, bob: Visitor, cast: Cast, now: datetime, posting: None
) -> None:
    wait(cast, now - timedelta(minutes=6))
    wait(cast, now, state=MessageState.SENT, sent_at=now - timedelta(minutes=6))
    with transaction():
        mail.set_rate(1)
    told = bob.get("/health/banner").text
    assert "At most 1 letter may leave within an hour" in told
    # The owner alone can do something about it.
    assert "/settings/mail" not in told
    assert 'href="/settings/mail">Let more leave' in alice.get("/health/banner").text


def test_a_test_reminder_is_asked_for_by_a_wish_alone(alice: Visitor, cast: Cast, now: datetime) -> None:
    assert "You asked for it" not in alice.get("/health").text
    answer = alice.post("/health/rehearsals")
    assert (answer.status_code, answer.location) == (303, "/health#rehearsal")
    (rehearsal,) = asked()
    assert db.session.query(Message).all() == []
    page = alice.get("/health").text
    assert "The scheduler&#39;s next tick" in page or "The scheduler's next tick" in page
    assert f'hx-get="/health/rehearsals/{rehearsal.id}"' in page
    assert 'hx-trigger="every 1s"' in page
    assert "10:00:00.0" in page
    alice.post("/health/rehearsals")
    assert len(asked()) == 1
    assert "on its way already" in alice.get("/health").text


def test_the_silent_part_is_named_after_ten_seconds(alice: Visitor, cast: Cast, now: datetime) -> None:
    alice.post("/health/rehearsals")
    (rehearsal,) = asked()
    path = f"/health/rehearsals/{rehearsal.id}"
    with time_machine.travel(now + timedelta(seconds=11), tick=False):
        assert "No worker has given a sign of life since." in alice.get(path).text
    with time_machine.travel(now + timedelta(seconds=40), tick=False):
        assert "The worker, which sends letters and imports lists, was last seen" in alice.get(path).text


def test_the_page_stops_asking_once_all_is_said(alice: Visitor, cast: Cast, now: datetime) -> None:
    alice.post("/health/rehearsals")
    with transaction():
        (rehearsal,) = db.session.query(Rehearsal).all()
        rehearsals.take(rehearsal.id, ticked_at=now, node="desk:7", house=HOUSE, now=now)
    page = alice.get(f"/health/rehearsals/{rehearsal.id}").text
    assert "desk:7" in page
    assert "No mail leaves this installation" in page
    assert "Kept, not sent" in page
    assert "mail server" not in page.lower()
    assert "hx-trigger" not in page
    assert f'href="/mail/{rehearsal.letter_id}"' in page
