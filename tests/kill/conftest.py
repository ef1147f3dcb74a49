"""What the kill tests share: one mail server a process, and scenes on both pairs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Protocol

import pytest
from flask import Flask

from crm.database import transaction, utcnow
from crm.domain import reminders
from crm.settings import Settings
from tests.cast import Cast
from tests.kill.scene import Scene, server
from tests.services.post import Post


class MakeScene(Protocol):
    """How a test sets its scene."""

    def __call__(self, *, journal: bool) -> Scene: ...


@pytest.fixture(scope="session")
def post_of_session() -> Iterator[Post]:
    """One server a process."""
    with server() as post:
        yield post


@pytest.fixture
def post(post_of_session: Post) -> Iterator[Post]:
    """A server that has taken nothing yet."""
    post_of_session.forget()
    yield post_of_session
    post_of_session.forget()


@pytest.fixture
def stage(core: Flask, pair: Settings, cast: Cast, post: Post) -> MakeScene:
    """Set a scene with a journal or without."""
    with transaction():
        reminders.drop(cast.ada, None, now=utcnow())
    return partial(Scene, core, pair, cast, post)
