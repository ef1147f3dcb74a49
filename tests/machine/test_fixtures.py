from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from crm.database import db, transaction, utcnow
from crm.models.heartbeat import Heartbeat
from crm.settings import Settings


def test_a_row_of_one_test_is_gone_in_the_next(core: Flask) -> None:
    assert db.session.scalars(select(Heartbeat)).all() == []
    with transaction():
        db.session.add(Heartbeat(part="worker", node="here:1", started_at=utcnow(), at=utcnow()))


def test_and_the_other_way_round(core: Flask) -> None:
    test_a_row_of_one_test_is_gone_in_the_next(core)


def test_both_pairs_are_what_they_are_called(pair: Settings) -> None:
    assert pair.database_url.startswith("sqlite" if pair.redis_url is None else "postgresql")
