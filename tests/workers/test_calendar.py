from __future__ import annotations

from datetime import timedelta

from flask import Flask

from crm.database import db, transaction, utcnow
from crm.domain import interviews
from crm.domain.mail import Letterhead
from crm.models import Interview
from tests.cast import Cast
from workers.calendar import realign


def test_talks_follow_a_clock_that_was_changed(posting: Flask, cast: Cast, house: Letterhead) -> None:
    start = utcnow() + timedelta(days=9)
    with transaction():
        talk = interviews.plan(cast.ada, by=cast.alice, starts_at=start, now=utcnow(), house=house)
        # As if it had been planned under rules by which clocks showed an hour more.
        talk.wall_start += timedelta(hours=1)
    realign()
    with transaction():
        moved = db.session.get_one(Interview, talk.id)
        assert (moved.starts_at, moved.sequence) == (start + timedelta(hours=1), 1)
