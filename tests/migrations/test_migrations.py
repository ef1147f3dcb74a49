"""Migrations: forward from nothing and back, and in step with the models, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask_migrate import check, downgrade
from sqlalchemy import inspect, select, text

from crm.core import Unmigrated, check_migrated, create_core, migrate, wanted_version
from crm.database import Base, db, transaction
from crm.domain import reminders
from crm.models import Reminder
from crm.paths import MIGRATIONS
from crm.settings import Settings
from tests.cast import enter
from tests.services.pairs import Pairs

pytestmark = pytest.mark.xdist_group("migrations")


@pytest.fixture
def empty(pair: Settings, pairs: Pairs) -> Iterator[Flask]:
    """An application on a database without tables."""
    app = create_core(pairs.bare(pair))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_they_go_forward_from_nothing_and_back_to_it(empty: Flask) -> None:
    migrate(empty)
    with empty.app_context():
        assert set(inspect(db.engine).get_table_names()) >= set(Base.metadata.tables)
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]


def test_models_and_migrations_agree(empty: Flask) -> None:
    migrate(empty)
    with empty.app_context():
        check()


def test_steps_that_were_written_in_utc_show_the_owners_morning(empty: Flask, now: datetime) -> None:
    migrate(empty)
    with empty.app_context():
        with transaction():
            reminder = reminders.open_of(enter(now).ada)[0]
            reminder.steps = [["once", "2026-03-13T07:00:00+00:00"]]
        downgrade(revision="0001")
        db.session.remove()
    migrate(empty)
    with empty.app_context():
        assert db.session.scalars(select(Reminder.steps)).all() == [[["once", "2026-03-13T08:00:00+01:00"]]]


def test_nothing_starts_on_an_unmigrated_database(empty: Flask) -> None:
    with pytest.raises(
        Unmigrated, match=f"at version none, this program needs {wanted_version()}: run 'crm db"
    ):
        check_migrated(empty)


def test_nothing_starts_on_an_older_or_newer_one(empty: Flask) -> None:
    migrate(empty)
    check_migrated(empty)
    with empty.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unmigrated, match="9999"):
        check_migrated(empty)


def test_the_version_wanted_is_the_last_of_the_line() -> None:
    from alembic.script import ScriptDirectory

    assert wanted_version() == ScriptDirectory(str(MIGRATIONS)).get_current_head()
