"""Health: for load balancers, for whoever watches, and on top of every page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crm import deaths
from crm.database import db, transaction, utcnow
from crm.domain import health, mail
from crm.models import Reminder
from crm.settings import Settings
from tests.cast import Cast
from tests.services.run import free_port
from tests.views.visitor import Visitor

pytestmark = pytest.mark.usefixtures("present")


def beat(now: datetime) -> None:
    with transaction():
        for part in (health.WORKER, health.SCHEDULER):
            health.beat(part, "test", started_at=now, now=now)


@pytest.fixture
def alive(core: Flask) -> None:
    """Worker and scheduler have just been seen."""
    beat(utcnow())


@pytest.fixture
def without_broker(web: Flask, pair: Settings) -> Iterator[None]:
    """The broker is away."""
    web.config["SETTINGS"] = replace(pair, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    yield
    web.config["SETTINGS"] = pair


def test_healthz_is_well_while_pages_are_served(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "Set-Cookie" not in answer.headers


def test_readyz_is_well_when_every_part_is(client: FlaskClient, alive: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json() == {
        "ok": True,
        **{
            name: {"well": True, "sentence": ""}
            for name in ("database", "migrations", "broker", "worker", "scheduler", "due")
        },
    }


def test_readyz_says_that_nothing_has_run_yet(client: FlaskClient, core: Flask) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    told = answer.get_json()
    assert not told["ok"]
    assert told["database"]["well"]
    assert not told["worker"]["well"]
    assert "has not run yet" in told["scheduler"]["sentence"]


def test_readyz_says_that_the_broker_is_away(client: FlaskClient, alive: None, without_broker: None) -> None:
    told = client.get("/readyz").get_json()
    assert not told["ok"]
    assert "The broker does not answer" in told["broker"]["sentence"]


def test_readyz_says_that_something_due_was_left_lying(client: FlaskClient, cast: Cast, alive: None) -> None:
    with transaction():
        reminder = db.session.query(Reminder).first()
        assert reminder is not None
        reminder.due_at = utcnow() - timedelta(hours=1)
    told = client.get("/readyz").get_json()
    assert not told["due"]["well"]
    assert "has not been done yet" in told["due"]["sentence"]


def test_readyz_says_that_the_database_is_away(make: Callable[..., Flask]) -> None:
    client = make(database_url=f"postgresql+psycopg://127.0.0.1:{free_port()}/none").test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "The database does not answer" in answer.get_json()["database"]["sentence"]
    assert client.get("/healthz").status_code == 200
    page = client.get("/sign-in")
    assert page.status_code == 503
    assert "what you typed is kept" in page.text
    assert page.headers["Retry-After"]


def test_pages_work_without_the_broker(alice: Visitor, without_broker: None) -> None:
    assert alice.get("/settings").status_code == 200


def test_the_banner_is_empty_while_all_is_well(alice: Visitor, alive: None) -> None:
    assert alice.get("/health/banner").text.strip() == ""


def test_the_banner_says_what_is_held_up(alice: Visitor) -> None:
    beat(utcnow() - timedelta(minutes=3))
    page = alice.get("/health/banner").text
    assert "Reminders and letters are held up." in page
    assert "was last seen 3 minutes ago" in page
    assert "What you do here is kept." in page


def test_the_banner_says_for_a_minute_that_something_stopped(
    alice: Visitor, alive: None, pair: Settings
) -> None:
    notes = pair.data_dir / "run"
    try:
        deaths.note(pair.data_dir, "worker", utcnow() - timedelta(seconds=30))
        assert "The worker stopped a moment ago and was started again." in alice.get("/health/banner").text
        deaths.note(pair.data_dir, "worker", utcnow() - timedelta(seconds=61))
        assert alice.get("/health/banner").text.strip() == ""
    finally:
        (notes / "worker.down").unlink()


def test_only_the_owner_hears_why_mail_is_stopped(alice: Visitor, bob: Visitor, alive: None) -> None:
    with transaction():
        mail.stop_channel("The server refused the password.", now=utcnow(), probe_after=timedelta(seconds=9))
    assert "The server refused the password." in alice.get("/health/banner").text
    assert "password" not in bob.get("/health/banner").text
