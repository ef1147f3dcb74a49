"""Contacts that were out of the way, parked or in the trash, and what is owed when they come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from crm.database import transaction
from crm.domain import contacts, interviews, pipeline, reminders, thanks, touches
from crm.domain.errors import NotAllowed
from crm.models import Closed, Interest, Kind, Stage
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, kinds, one, owed, plan, shown, subjects, write


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def park(cast: Cast, now: datetime) -> None:
    contacts.change(cast.ada, {"closed": Closed.PARKED}, by=cast.alice, now=now)


def reopen(cast: Cast, now: datetime) -> None:
    contacts.change(cast.ada, {"closed": None}, by=cast.alice, now=now)


def delete(cast: Cast, now: datetime) -> None:
    contacts.delete(cast.ada, by=cast.alice, now=now)


def restore(cast: Cast, now: datetime) -> None:
    contacts.restore(cast.ada, by=cast.alice, now=now)


def test_reopened_a_contact_is_to_be_asked_in_three_days(cast: Cast, now: datetime) -> None:
    park(cast, now)
    reopen(cast, now + 90 * DAY)
    assert owed(cast.ada, Kind.ASK) == ["once 2026-06-11 08:00"]


def test_reopened_after_an_ask_the_silence_counts_from_now(cast: Cast, now: datetime) -> None:
    touches.log(cast.ada, "ask", by=cast.alice, now=now)
    park(cast, now + DAY)
    reopen(cast, now + 90 * DAY)
    assert owed(cast.ada, Kind.FOLLOW_UP) == ["round_1 2026-06-15 08:00", "round_2 2026-06-22 08:00"]
    assert owed(cast.ada, Kind.CLOSE) == ["once 2026-06-29 08:00"]


def test_reopened_a_contact_is_to_be_seen_again_by_the_last_touch(cast: Cast, now: datetime) -> None:
    interviews.complete(plan(cast, now - HOUR, now), by=cast.alice, now=now, ended_at=now)
    thanks.record(cast.ada, by_user=cast.alice, now=now)
    park(cast, now + DAY)
    reopen(cast, now + 2 * DAY)
    assert owed(cast.ada, Kind.STAY_IN_TOUCH) == ["once 2026-03-31 10:00"]


def test_reopened_after_the_rhythm_a_touch_is_due_now(cast: Cast, now: datetime) -> None:
    contacts.change(cast.ada, {"interest": Interest.CHAMPION}, by=cast.alice, now=now)
    pipeline.move(cast.ada, Stage.RECONNECTED, by=cast.alice, now=now)
    park(cast, now)
    reopen(cast, now + 90 * DAY)
    assert owed(cast.ada, Kind.STAY_IN_TOUCH) == [f"once {shown(now + 90 * DAY)}"]


def test_reopened_the_referrer_who_was_told_is_not_told_again(cast: Cast, now: datetime) -> None:
    greta = contacts.add(cast.workspace, {"name": "Greta"}, by=cast.alice, now=now)
    contacts.change(cast.ada, {"referred_by": greta.id}, by=cast.alice, now=now)
    interviews.complete(plan(cast, now - HOUR, now), by=cast.alice, now=now, ended_at=now)
    thanks.record(cast.ada, by_user=cast.alice, now=now)
    reminders.done(one(cast.ada, Kind.TELL_REFERRER), now=now)
    park(cast, now + DAY)
    reopen(cast, now + 2 * DAY)
    assert kinds(cast.ada) == ["stay_in_touch"]


def test_reopened_before_the_talk_it_is_prepared_for(cast: Cast, now: datetime) -> None:
    plan(cast, now + 9 * DAY, now)
    park(cast, now + DAY)
    reopen(cast, now + 2 * DAY)
    assert kinds(cast.ada) == ["brief", "how_did_it_go", "prepare"]


def test_reopened_within_the_24_hours_no_letter_of_thanks_comes_twice(cast: Cast, now: datetime) -> None:
    interviews.complete(plan(cast, now - HOUR, now), by=cast.alice, now=now, ended_at=now)
    assert subjects(now) == ["Thank Ada Okafor by tomorrow 10:00"]
    park(cast, now + HOUR)
    reopen(cast, now + HOUR)
    assert write(now + HOUR) == []
    assert len(write(now + 4 * HOUR)) == 1


def test_nothing_is_owed_for_a_contact_in_the_trash(cast: Cast, now: datetime) -> None:
    plan(cast, now + DAY, now)
    delete(cast, now)
    assert kinds(cast.ada) == []
    assert write(now + 9 * DAY) == []


def test_out_of_the_trash_everything_is_owed_as_it_was(cast: Cast, now: datetime) -> None:
    touches.log(cast.ada, "ask", by=cast.alice, now=now)
    write(now + 7 * DAY)
    before = {kind: owed(cast.ada, kind) for kind in (Kind.FOLLOW_UP, Kind.CLOSE)}
    delete(cast, now + 8 * DAY)
    restore(cast, now + 9 * DAY)
    assert {kind: owed(cast.ada, kind) for kind in before} == before
    assert before[Kind.FOLLOW_UP] == ["round_2 2026-03-24 08:00"]


def test_what_fell_due_in_the_trash_is_due_now_and_once(cast: Cast, now: datetime) -> None:
    touches.log(cast.ada, "ask", by=cast.alice, now=now)
    delete(cast, now)
    later = now + 20 * DAY
    restore(cast, later)
    assert owed(cast.ada, Kind.FOLLOW_UP) == [f"round_2 {shown(later)}"]


def test_a_letter_that_was_sent_before_does_not_come_again_from_the_trash(cast: Cast, now: datetime) -> None:
    assert len(write(now + 4 * DAY)) == 1
    delete(cast, now + 5 * DAY)
    restore(cast, now + 6 * DAY)
    assert kinds(cast.ada) == ["ask"]
    assert write(now + 30 * DAY) == []


def test_what_was_closed_before_it_was_deleted_stays_closed(cast: Cast, now: datetime) -> None:
    park(cast, now)
    delete(cast, now)
    restore(cast, now + DAY)
    assert kinds(cast.ada) == []


def test_after_thirty_days_nothing_comes_back(cast: Cast, now: datetime) -> None:
    delete(cast, now)
    with pytest.raises(NotAllowed, match="more than 30 days ago"):
        restore(cast, now + 31 * DAY)
