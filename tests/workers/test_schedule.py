"""The timetable names tasks that exist; ticks leave heartbeats, and forget what is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from crm.database import db, transaction, utcnow
from crm.domain import accounts, health, idempotency
from crm.models import Heartbeat, IdempotencyKey
from tests.cast import Cast
from workers.app import app
from workers.health import beat, sweep
from workers.schedule import TICKS


def test_every_tick_wakes_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    assert {str(tick["task"]) for tick in TICKS.values()} <= set(app.tasks)


def test_every_tick_falls_away_when_it_waits_too_long() -> None:
    assert all(tick["options"]["expires"] <= 120 for tick in TICKS.values())  # type: ignore[index]


def test_a_tick_proves_that_the_worker_lives(core: Flask) -> None:
    beat.apply()
    (row,) = db.session.scalars(select(Heartbeat))
    assert row.part == health.WORKER
    assert utcnow() - row.at < timedelta(seconds=10)


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_keys_are_forgotten_after_a_day(core: Flask, cast: Cast) -> None:
    with transaction():
        token, _ = accounts.add_token(cast.workspace, cast.alice, "test", now=utcnow())
        for key, age in (("old", timedelta(hours=25)), ("new", timedelta(hours=23))):
            idempotency.claim(token, "/api/v1/contacts", key, "digest", now=utcnow() - age)
    sweep()
    assert db.session.scalars(select(IdempotencyKey.key)).all() == ["new"]
