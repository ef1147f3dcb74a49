from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from crm.database import db, transaction, utcnow
from crm.domain import feeds, interviews
from crm.domain.mail import Letterhead
from crm.models import FeedEntry, Interview
from tests.cast import Cast
from workers.calendar import realign, tidy, write


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


def test_entries_are_written_before_a_program_asks(core: Flask, cast: Cast, house: Letterhead) -> None:
    with transaction():
        feeds.add(cast.workspace, cast.alice, {"name": "Phone"}, now=utcnow())
        start = utcnow() + timedelta(days=9)
        interviews.plan(cast.ada, by=cast.alice, starts_at=start, now=utcnow(), house=house, invite=False)
    assert write() == 1
    with transaction():
        (entry,) = db.session.scalars(select(FeedEntry))
        assert b"Ada Okafor" in (entry.body or b"")
    assert write() == 0
    tidy()
