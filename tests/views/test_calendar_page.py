"""The calendar page: addresses are made, shown once, changed and ended; and talks downloaded one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from crm.database import db, transaction
from crm.domain import feeds, interviews
from crm.models import Interview
from tests.cast import Cast
from tests.views.things import HOUSE
from tests.views.visitor import Visitor

pytestmark = pytest.mark.usefixtures("present")


@pytest.fixture
def talk(cast: Cast, now: datetime) -> Interview:
    """Alice meets Ada in three days."""
    start = now + timedelta(days=3)
    with transaction():
        return interviews.plan(cast.ada, by=cast.alice, starts_at=start, now=now, house=HOUSE, invite=False)


@pytest.fixture
def path(cast: Cast, talk: Interview, now: datetime) -> str:
    """The address of Alice's subscription."""
    with transaction():
        _, secret = feeds.add(cast.workspace, cast.alice, {"name": "Phone"}, now=now)
    return f"/feeds/{secret}.ics"


def test_one_talk_can_be_downloaded_with_the_same_uid(alice: Visitor, talk: Interview) -> None:
    answer = alice.get(f"/interviews/{talk.id}.ics")
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.text.count("BEGIN:VEVENT") == 1
    assert f"UID:{talk.uid}\r\n" in answer.text


def test_the_calendar_page_makes_an_address_and_shows_it_once(alice: Visitor, talk: Interview) -> None:
    form = {"name": "Phone", "include": ["interviews", "reminders"], "privacy": "initials"}
    answer = alice.post("/calendar/feeds", data=form)
    assert answer.status_code == 201
    assert 'value="http://localhost:8000/feeds/' in answer.text
    assert 'href="webcal://localhost:8000/feeds/' in answer.text
    page = alice.get("/calendar").text
    assert "Talks and Reminders" in page
    assert "Ada Okafor" in page
    assert "/feeds/" not in page.replace("/calendar/feeds", "")


def test_a_subscription_without_name_or_content_is_refused_beside_the_field(alice: Visitor) -> None:
    answer = alice.post("/calendar/feeds", data={"name": " ", "privacy": "full"})
    assert answer.status_code == 422
    assert "Please give a name for the subscription" in answer.text


def test_a_new_address_replaces_the_old_one(alice: Visitor, path: str) -> None:
    feed_id = db.session.scalars(text("SELECT id FROM feeds")).one()
    db.session.rollback()
    answer = alice.post(f"/calendar/feeds/{feed_id}/rotate")
    assert answer.status_code == 200
    assert "Copy it now" in answer.text
    assert alice.get(path).status_code == 410
    assert alice.post(f"/calendar/feeds/{feed_id}/delete").status_code == 303
    assert alice.post(f"/calendar/feeds/{feed_id}/rotate").status_code == 404


def test_an_address_of_this_computer_says_whom_it_suits(
    alice: Visitor, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"name": "Phone", "include": ["interviews"], "privacy": "full"}
    warned = "Fika runs on this computer alone"
    config = client.application.config
    assert config["SETTINGS"].is_here_alone
    assert warned in alice.post("/calendar/feeds", data=form).text
    elsewhere = replace(config["SETTINGS"], base_url="https://fika.example.org")
    monkeypatch.setitem(config, "SETTINGS", elsewhere)
    assert warned not in alice.post("/calendar/feeds", data=form).text


def test_the_page_says_who_fetches_it_and_pauses_it(alice: Visitor, client: FlaskClient, path: str) -> None:
    assert "No program has come for it yet." in alice.get("/calendar").text
    client.get(path, headers={"User-Agent": "Google-Calendar-Importer"})
    page = alice.get("/calendar").text
    assert "<bdi>Google Calendar</bdi> came" in page
    assert "usually comes about every 12 hours" in page
    feed_id = db.session.scalars(text("SELECT id FROM feeds")).one()
    db.session.rollback()
    assert alice.post(f"/calendar/feeds/{feed_id}/pause").status_code == 303
    assert client.get(path).status_code == 503
    assert alice.post(f"/calendar/feeds/{feed_id}/resume").status_code == 303
    form = {"name": "Wall", "include": ["preparation"], "privacy": "busy", "reminders_as": "timed"}
    assert alice.post(f"/calendar/feeds/{feed_id}", data=form).status_code == 303
    assert "NAME:Wall\r\n" in client.get(path).text
    assert alice.post(f"/calendar/feeds/{feed_id}", data={**form, "alarms": "x"}).status_code == 422
