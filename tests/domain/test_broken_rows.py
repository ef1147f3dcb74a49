"""A reminder that cannot be written is put off alone; the next one is somebody else's thank-you."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm.database import transaction
from crm.domain import contacts
from crm.models import Kind, ReminderState
from tests.cast import Cast
from tests.domain.play import DAY, one, write


def test_one_that_cannot_be_written_holds_up_no_other(cast: Cast, now: datetime) -> None:
    with transaction():
        grace = contacts.add(cast.bobs_workspace, {"name": "Grace"}, by=cast.bob, now=now)
        # A zone that the country gave up, and the zone data with it.
        cast.alice.timezone = "Europe/Nowhere"
    (letter,) = write(now + 4 * DAY)
    assert letter.user_id == cast.bob.id
    broken, written = one(cast.ada, Kind.ASK), one(grace, Kind.ASK)
    assert written.state is ReminderState.SENT
    assert (broken.state, broken.due_at) == (
        ReminderState.PENDING,
        now + 4 * DAY + timedelta(minutes=15),
    )


def test_it_is_written_as_soon_as_it_can_be(cast: Cast, now: datetime) -> None:
    with transaction():
        cast.alice.timezone = "Europe/Nowhere"
    assert write(now + 4 * DAY) == []
    with transaction():
        cast.alice.timezone = "Europe/Berlin"
    assert len(write(now + 4 * DAY + timedelta(minutes=15))) == 1
