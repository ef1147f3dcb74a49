"""Two links of Alice's, from a letter that says whom to ask."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from crm.domain import reminders
from crm.domain.reminders.links import Purpose
from crm.models import Kind, Reminder
from tests.cast import Cast
from tests.views.links.standing import path


@pytest.fixture
def ask(cast: Cast) -> Reminder:
    """Ada is to be asked."""
    (found,) = reminders.open_of(cast.ada, [Kind.ASK])
    return found


@pytest.fixture
def done(web: Flask, ask: Reminder, now: datetime) -> str:
    """Where asking Ada is called done."""
    return path(web, ask, now, Purpose.DONE)


@pytest.fixture
def later(web: Flask, ask: Reminder, now: datetime) -> str:
    """Where it is put off."""
    return path(web, ask, now, Purpose.LATER)
