"""`crm doctor`: a sentence for everything that is not well, and exit status 1."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask

from crm.cli import examining, main
from crm.database import db, transaction, utcnow
from crm.domain import health, mail
from crm.models import Reminder
from crm.settings import Settings
from tests.cast import Cast
from tests.services.smtp import SmtpServer


def findings(settings: Settings) -> dict[str, str]:
    return dict(examining.findings(settings))


@pytest.fixture
def alive(core: Flask, cast: Cast) -> None:
    """Worker and scheduler have just been seen, and nothing is due."""
    now = utcnow()
    with transaction():
        db.session.query(Reminder).update({"due_at": now + timedelta(days=1)})
        for part in (health.WORKER, health.SCHEDULER):
            health.beat(part, "test", started_at=now, now=now)


def test_it_has_nothing_to_say_while_all_is_well(alive: None, pair: Settings) -> None:
    assert not [sentence for sentence in findings(pair).values() if sentence]


def test_it_judges_by_heartbeats_and_the_oldest_due_row(core: Flask, cast: Cast, pair: Settings) -> None:
    found = findings(pair)
    assert "has not run yet" in found["worker"]
    assert "has not run yet" in found["scheduler"]
    assert "A reminder that was due" in found["due"]


def test_it_says_that_mail_is_stopped_and_why(alive: None, pair: Settings, smtp_server: SmtpServer) -> None:
    with transaction():
        mail.stop_channel("535 no", now=utcnow() - timedelta(hours=3), probe_after=timedelta(seconds=9))
    found = findings(replace(pair, smtp_url=smtp_server.url, mail_from="crm@fika.example"))
    assert found["mail channel"] == "Mail has been stopped for 3 hours: 535 no Every letter waits."
    assert found["mail server"] == ""


def test_its_exit_status_tells(
    core: Flask, cast: Cast, pair: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.cli.doctor.read_settings", lambda: pair)
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 1
    assert "!!  worker" in done.output
    assert "ok  database" in done.output
