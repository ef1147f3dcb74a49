"""The step from letter to letter writes what its two parts would."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select, text

from crm.database import db, straight, transaction
from crm.domain import mail
from crm.models import Message
from tests.cast import Cast
from tests.domain.waiting import SECOND, claim, put, state


def test_one_letter_is_sent_and_the_next_is_on_its_way(cast: Cast, now: datetime) -> None:
    one, two = put(cast, now, "one"), put(cast, now, "two")
    first, second = claim(now)
    with straight() as line:
        assert mail.step(line, None, first, journal="", now=now)
        assert mail.step(line, (first, "250 ok"), second, journal="j@example.org", now=now + SECOND)
    db.session.rollback()
    assert (state(one), state(two)) == ("sent", "transmitting")
    assert (one.sent_at, one.server_reply, one.lease_until) == (now + SECOND, "250 ok", None)
    assert (two.lease_until, two.journal) == (now + SECOND + mail.LEASE, "j@example.org")


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_its_times_are_kept_as_all_others_are(cast: Cast, now: datetime) -> None:
    put(cast, now, "one")
    put(cast, now, "two")
    first, second = claim(now)
    with straight() as line:
        mail.step(line, None, first, journal="", now=now)
        mail.step(line, (first, "250 ok"), second, journal="", now=now)
    db.session.rollback()
    # SQLite compares text: with a zone behind it a time would be another one.
    kept = [*db.session.execute(text("SELECT lease_until, sent_at, next_try_at, created_at FROM messages"))]
    shapes = {len(value) for row in kept for value in row if value is not None}
    assert shapes == {len("2026-03-10 09:00:00.000000")}
    assert len(db.session.scalars(select(Message.id)).all()) == 2


def test_each_step_is_kept_whatever_its_connection_was_used_for_before(cast: Cast, now: datetime) -> None:
    one = put(cast, now, "one")
    (letter,) = claim(now)
    db.session.remove()
    db.engine.dispose()
    # The only one in the pool comes back in the driver's own mode, in which it says BEGIN by itself.
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as used:
        used.execute(text("SELECT 1"))
    with straight() as line:
        assert mail.step(line, None, letter, journal="", now=now)
        line.rollback()
    with transaction():
        mail.sent(letter, "250 ok", now=now)
    assert state(db.session.merge(one)) == "sent"
