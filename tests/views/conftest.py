"""Browsers for the tests of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from redis.exceptions import RedisError

from crm.app import create_app
from crm.database import db, transaction
from crm.settings import Settings
from crm.views.accounts import passwords
from crm.views.limits import limiter
from tests.cast import Cast
from tests.views.mailbox import PASSWORD
from tests.views.visitor import Visitor, visit

#: What argon2id costs in production, and what it may cost where its cost is not the point.
DEAR = {"argon2__rounds": 3, "argon2__memory_cost": 65536}
CHEAP = {"argon2__rounds": 1, "argon2__memory_cost": 64}


@pytest.fixture(autouse=True)
def _quick_and_without_limits(web: Flask, pair: Settings) -> None:
    try:
        limiter.reset()
    except RedisError:
        # The limits follow the application that was made last, and its broker is gone by now.
        create_app(pair)
        limiter.reset()
    # A test that took the broker away left the counting to this process, which has no public way to forget.
    limiter._storage_dead = False
    limiter._fallback_storage.reset()
    web.extensions["security"].pwd_context.update(**CHEAP)


@pytest.fixture
def make(core: Flask, pair: Settings) -> Iterator[Callable[..., Flask]]:
    """Makes further applications on the same data, with other settings."""
    made: list[Flask] = []

    def maker(**changes: Any) -> Flask:
        app = create_app(replace(pair, **changes))
        app.extensions["security"].pwd_context.update(**CHEAP)
        made.append(app)
        return app

    yield maker
    for app in made:
        with app.app_context():
            db.engine.dispose()
    # All applications of a process share the limits, which follow the one that was made last.
    create_app(pair)


@pytest.fixture
def present(now: datetime) -> Iterator[datetime]:
    """The present of the cast is the present of the clock."""
    with time_machine.travel(now, tick=False):
        yield now


@pytest.fixture
def known(web: Flask, cast: Cast) -> Cast:
    """The cast, where Alice and Bob have passwords."""
    with web.app_context():
        password = passwords.hashed(PASSWORD)
    with transaction():
        cast.alice.password = cast.bob.password = password
    return cast


@pytest.fixture
def nobody(web: Flask, core: Flask) -> Visitor:
    """A browser of somebody who is not signed in."""
    return visit(web)


@pytest.fixture
def alice(web: Flask, cast: Cast) -> Visitor:
    """Alice's browser."""
    return visit(web, cast.alice)


@pytest.fixture
def bob(web: Flask, cast: Cast) -> Visitor:
    """Bob's browser."""
    return visit(web, cast.bob)
