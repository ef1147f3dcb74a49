"""What is near in time comes as a letter, and the week to come on Sunday evenings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from crm.database import transaction
from crm.domain import contacts, interviews, subscriptions
from crm.domain.reminders import looking_ahead
from crm.models import Kind, Message, MessageKind, Way
from tests.cast import Cast
from tests.domain.play import HOUR, HOUSE, local
from tests.domain.test_digests import change, choose, due, gathered

#: Alice is in Stockholm; a Tuesday.
TUESDAY = local("2026-03-10 10:00")


def _talk(cast: Cast, starts_at: datetime, now: datetime) -> Any:
    with transaction():
        return interviews.plan(
            cast.ada, by=cast.alice, starts_at=starts_at, now=now, house=HOUSE, invite=False
        )


def test_a_talk_of_today_is_never_left_to_the_digest_unless_the_user_says_so(cast: Cast) -> None:
    choose(cast, Way.DIGEST, Kind.BRIEF, Kind.PREPARE)
    change(cast, digest_at="20:00")
    _talk(cast, local("2026-03-13 15:00"), TUESDAY)
    two_hours_before = local("2026-03-13 13:00")
    letters = [letter.kind for letter in due(two_hours_before)]
    assert MessageKind.BRIEF in letters
    change(cast, two_hours_before, near_in_digest=True)
    _talk(cast, local("2026-03-13 18:00"), two_hours_before)
    assert MessageKind.BRIEF not in [letter.kind for letter in due(local("2026-03-13 16:00"))]


@pytest.mark.parametrize(("digest_at", "letters"), [("08:00", 0), ("16:00", 1)])
def test_thanks_wait_for_a_digest_that_comes_in_time_and_for_no_other(
    cast: Cast, digest_at: str, letters: int
) -> None:
    choose(cast, Way.DIGEST, Kind.THANK_YOU)
    change(cast, digest_at=digest_at)
    end = local("2026-03-12 16:30") if digest_at == "08:00" else local("2026-03-12 17:00")
    talk = _talk(cast, end - HOUR, TUESDAY)
    with transaction():
        interviews.complete(talk, by=cast.alice, now=end, ended_at=end)
    assert len(due(end)) == letters
    assert [letter.urgent for letter in due(end + 22 * HOUR)] == [False]
    assert [letter.urgent for letter in due(end + 24 * HOUR)] == [True]


def test_the_week_to_come_is_looked_at_on_sunday_evening_where_there_is_something(cast: Cast) -> None:
    choose(cast, Way.OFF, Kind.ASK)
    with transaction():
        subscriptions.choose(cast.alice, cast.workspace.id, MessageKind.LOOK_AHEAD, Way.LETTER, now=TUESDAY)

    def look(now: datetime) -> list[Message]:
        before = len(gathered())
        with transaction():
            looking_ahead.write_look_aheads(house=HOUSE, now=now)
        return gathered()[before:]

    _talk(cast, local("2026-03-18 15:00"), TUESDAY)
    assert look(local("2026-03-15 17:59")) == []
    (letter,) = look(local("2026-03-15 18:00"))
    assert letter.kind is MessageKind.LOOK_AHEAD
    assert "Talk with Ada" in (letter.text or "")
    assert "Wed 18 Mar 2026, 15:00 CET (Europe/Stockholm, UTC+01:00)" in " ".join((letter.text or "").split())
    assert look(local("2026-03-15 18:01")) == []
    with transaction():
        contacts.delete(cast.ada, by=cast.alice, now=local("2026-03-20 10:00"))
    assert look(local("2026-03-22 18:00")) == []
