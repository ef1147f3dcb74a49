"""What all tests share: real databases, brokers and mail servers, an application on them, and the cast."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crm.core import create_core
from crm.database import db, transaction
from crm.settings import Settings
from tests.cast import Cast, enter
from tests.services import keeper, postgres, run, smtp
from tests.services.pairs import POSTGRESQL, SQLITE, Pairs
from tests.services.smtp import SmtpServer

pytest_plugins = ["tests.services.browser", "tests.services.report"]

#: A Tuesday morning in winter, far from any change of the clocks.
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


KEEPER: pytest.StashKey[subprocess.Popen[bytes]] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Make the run's folder, and hire who tidies it up; in the first process alone."""
    if not hasattr(config, "workerinput"):
        config.stash[KEEPER] = keeper.hire(run.begin())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run started."""
    if KEEPER in config.stash:
        postgres.drop_all(run.folder())
        keeper.dismiss(config.stash[KEEPER])


@pytest.fixture
def now() -> datetime:
    """The fixed present of the domain's tests."""
    return NOW


@pytest.fixture(scope="session")
def pairs() -> Iterator[Pairs]:
    """Databases and brokers of this process."""
    found = Pairs(run.folder(), os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield found
    found.close()


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def pair(request: pytest.FixtureRequest, pairs: Pairs) -> Iterator[Settings]:
    """The settings of a database with empty tables and a broker that runs.

    On one of the two alone: `@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)`.
    """
    yield pairs.settings(request.param)
    pairs.empty()


@pytest.fixture
def core(pair: Settings, pairs: Pairs) -> Iterator[Flask]:
    """The small application, its context open, on empty tables."""
    app = pairs.app(_name(pair), create_core)
    with app.app_context():
        yield app
        # What a test left half done would keep the tables locked.
        db.session.remove()


@pytest.fixture
def cast(core: Flask) -> Cast:
    """Alice, Bob and Ada, committed."""
    with transaction():
        return enter(NOW)


@pytest.fixture
def web(pair: Settings, pairs: Pairs) -> Flask:
    """The whole application, without a context: each request brings its own."""
    from crm.app import create_app  # the domain's tests do without the pages

    return pairs.app(_name(pair), create_app)


@pytest.fixture
def client(web: Flask) -> FlaskClient:
    """A browser without pictures."""
    return web.test_client()


@pytest.fixture(scope="session")
def smtp_of_session() -> Iterator[SmtpServer]:
    """One mail server a process."""
    server, controller = smtp.start()
    yield server
    controller.stop()


@pytest.fixture
def smtp_server(smtp_of_session: SmtpServer) -> Iterator[SmtpServer]:
    """A mail server that has taken nothing yet, and takes everything."""
    smtp_of_session.forget()
    yield smtp_of_session
    smtp_of_session.forget()


def _name(settings: Settings) -> str:
    """Which of the two pairs it is."""
    return SQLITE if settings.redis_url is None else POSTGRESQL
