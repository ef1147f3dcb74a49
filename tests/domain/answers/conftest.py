"""A talk that Ada was invited to, and the hand that takes her answers."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm.database import transaction
from crm.domain import interviews
from crm.models import Interview
from tests.cast import Cast
from tests.domain.answers.post import HOME, TALK, Hand
from tests.domain.play import DAY


@pytest.fixture
def talk(cast: Cast, now: datetime) -> Interview:
    """In ten days, invited to from a mailbox that is read."""
    with transaction():
        return interviews.plan(cast.ada, by=cast.alice, starts_at=TALK, now=now, house=HOME)


@pytest.fixture
def take(talk: Interview, now: datetime) -> Hand:
    """Takes what comes to the talk's own address, a day after it was planned."""
    return Hand(talk, now + DAY)
