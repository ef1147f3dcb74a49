"""A reminder that cannot be written is put off alone; the next one is somebody else's thank-you."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from crm.database import transaction
from crm.domain import contacts, reminders
from crm.models import Kind, ReminderState
from tests.cast import Cast
from tests.domain import zones
from tests.domain.play import DAY, one, owed, write


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


def test_many_late_ones_that_cannot_be_written_hold_up_no_other(cast: Cast, now: datetime) -> None:
    with transaction():
        for number in range(9):
            contacts.add(cast.workspace, {"name": f"Contact {number}"}, by=cast.alice, now=now)
        grace = contacts.add(cast.bobs_workspace, {"name": "Grace"}, by=cast.bob, now=now)
        cast.alice.timezone = "Europe/Nowhere"
    with transaction():
        (letter,) = write(now + 30 * DAY)
        assert letter.user_id == cast.bob.id
        assert one(grace, Kind.ASK).state is ReminderState.SENT
    with transaction():
        cast.alice.timezone = "Europe/Berlin"
    assert [late.subject for late in write(now + 31 * DAY)] == [
        "10 things fell due while Fika could not write"
    ]


def test_a_zone_that_was_given_up_keeps_nobody_elses_mornings_from_moving(
    cast: Cast, now: datetime, tmp_path: Path
) -> None:
    with transaction():
        grace = contacts.add(cast.bobs_workspace, {"name": "Grace"}, by=cast.bob, now=now)
        cast.alice.timezone = "Europe/Nowhere"
    with zones.update(tmp_path, "Europe/Stockholm", like="Asia/Kolkata"):
        with transaction():
            reminders.realign(now=now + 2 * DAY)
        assert owed(grace, Kind.ASK) == ["once 2026-03-13 08:00"]


def test_it_is_written_as_soon_as_it_can_be(cast: Cast, now: datetime) -> None:
    with transaction():
        cast.alice.timezone = "Europe/Nowhere"
    assert write(now + 4 * DAY) == []
    with transaction():
        cast.alice.timezone = "Europe/Berlin"
    assert len(write(now + 4 * DAY + timedelta(minutes=15))) == 1
