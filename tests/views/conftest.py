"""Browsers for the tests of pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask

from crm.database import transaction
from crm.views.accounts import passwords
from crm.views.limits import limiter
from tests.cast import Cast
from tests.views.mailbox import PASSWORD
from tests.views.visitor import Visitor, visit


@pytest.fixture(autouse=True)
def _no_limit_is_reached(web: Flask) -> None:
    limiter.reset()


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
