"""What counts as overdue, what is only held back, and which part is silent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from crm.database import db, transaction
from crm.domain import health, mail
from crm.models import Device, Message, MessageState, Notification, Preference, Push, Reminder, Way
from crm.models.message import MessageKind
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, MINUTE
from tests.domain.waiting import put

SECOND = timedelta(seconds=1)
GRACE = 10 * MINUTE


@pytest.fixture
def idle(cast: Cast, now: datetime) -> Cast:
    """Scheduler and worker are alive, and no reminder is due for years."""
    with transaction():
        db.session.execute(update(Reminder).values(due_at=now + 1000 * DAY))
        for part in (health.WORKER, health.SCHEDULER):
            health.beat(part, "test", started_at=now, now=now)
    return cast


def due(now: datetime, *, sends: bool = True) -> str:
    """The sentence about what was left lying; empty where nothing was."""
    parts = health.parts(now=now, deaths={}, sends=sends, grace=GRACE)
    return next(part.sentence for part in parts if part.name == "due")


def reminder(cast: Cast, at: datetime) -> None:
    with transaction():
        db.session.execute(update(Reminder).values(due_at=at))


def letter(cast: Cast, at: datetime) -> None:
    put(cast, at)


def digest(cast: Cast, at: datetime) -> None:
    with transaction():
        db.session.add(Preference(workspace_id=cast.workspace.id, user_id=cast.alice.id, digest_next_at=at))


def ahead(cast: Cast, at: datetime) -> None:
    wishes = Preference(workspace_id=cast.workspace.id, user_id=cast.alice.id, look_ahead_next_at=at)
    with transaction():
        db.session.add(wishes)


def push(cast: Cast, at: datetime) -> None:
    whose = {"workspace_id": cast.workspace.id, "user_id": cast.alice.id}
    device = Device(**whose, name="", endpoint="", endpoint_hash="", p256dh="", auth="", created_at=at)
    about = {"kind": MessageKind.ASK, "title": "", "path": "/due", "dedupe_key": "one", "way": Way.OFF}
    news = Notification(**whose, **about, due_at=at, not_after=at + DAY, created_at=at)
    with transaction():
        db.session.add(
            Push(workspace_id=whose["workspace_id"], notification=news, device=device, next_try_at=at)
        )


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (reminder, "A reminder"),
        (letter, "A letter"),
        (digest, "A daily digest"),
        (ahead, "A look at the week to come"),
        (push, "A notification to a device"),
    ],
)
def test_whatever_was_left_lying_for_five_minutes_is_named(
    idle: Cast, now: datetime, make: Callable[[Cast, datetime], None], what: str
) -> None:
    make(idle, now)
    assert due(now + 4 * MINUTE) == ""
    assert due(now + 5 * MINUTE) == f"{what} that was due 5 minutes ago has not been done yet."


def test_a_doubt_counts_only_once_its_grace_is_over(idle: Cast, now: datetime) -> None:
    doubtful = put(idle, now)
    with transaction():
        doubtful.state, doubtful.doubtful_since = MessageState.DOUBTFUL, now
    assert due(now + GRACE + 4 * MINUTE) == ""
    assert "the journal cannot be read" in due(now + GRACE + 5 * MINUTE)


def test_what_waits_for_its_time_or_is_kept_counts_for_nothing(idle: Cast, now: datetime) -> None:
    put(idle, now + 8 * HOUR)
    assert due(now + HOUR) == ""
    with transaction():
        db.session.execute(update(Message).values(next_try_at=now))
    assert due(now + HOUR, sends=False) == ""
    assert due(now + HOUR) != ""


def test_a_stopped_channel_holds_letters_up_and_is_nobodys_illness(idle: Cast, now: datetime) -> None:
    with transaction():
        mail.stop_channel("535 no", now=now, probe_after=SECOND)
    assert health.held_up(now=now + HOUR) is None
    letter(idle, now)
    assert health.held_up(now=now + 4 * MINUTE) is None
    held = health.held_up(now=now + 6 * MINUTE)
    assert held is not None
    assert held.sentence(now + 6 * MINUTE) == "The mail server has taken no letter for 6 minutes."
    assert due(now + HOUR) == ""


def test_a_rate_holds_letters_up_and_is_nobodys_illness(idle: Cast, now: datetime) -> None:
    letter(idle, now)
    gone = put(idle, now, "gone")
    with transaction():
        mail.set_rate(1)
        gone.state, gone.sent_at = MessageState.SENT, now
    held = health.held_up(now=now + 6 * MINUTE)
    assert held is not None
    assert "At most 1 letter may leave within an hour" in held.sentence(now)
    # In the moment in which the next may leave it is not late yet.
    assert due(now + HOUR + SECOND) == ""
    assert "A letter that was due" in due(now + HOUR + 6 * MINUTE)
    assert health.held_up(now=now + HOUR + 6 * MINUTE) is None


def test_the_reason_is_the_owners(idle: Cast, now: datetime) -> None:
    assert health.hold(now=now, in_full=True) == ""
    with transaction():
        mail.stop_channel("535 no", now=now, probe_after=SECOND)
    assert health.hold(now=now, in_full=True).endswith("535 no")
    assert "535" not in health.hold(now=now, in_full=False)


def test_a_sign_of_life_tells_which_part_is_silent(cast: Cast, now: datetime) -> None:
    def beat(part: str, at: datetime) -> None:
        with transaction():
            health.beat(part, "test", started_at=now, now=at)

    beat(health.WORKER, now)
    beat(health.SCHEDULER, now)
    asked_at = now + SECOND
    assert "No worker" in health.silent_since(asked_at)
    beat(health.WORKER, now + 2 * SECOND)
    assert "the scheduler has sent no tick" in health.silent_since(asked_at)
    beat(health.SCHEDULER, now + 3 * SECOND)
    assert "has not come round to it yet" in health.silent_since(asked_at)
