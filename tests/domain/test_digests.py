"""Digests: what a user wants to hear of once a day comes in one letter for each local date."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import accounts, contacts, interviews, preferences, reminders, subscriptions
from crm.domain.reminders import digests
from crm.models import Contact, Kind, Message, MessageKind, Notification, Way
from tests.cast import Cast
from tests.domain import play
from tests.domain.play import DAY, HOUR, HOUSE, MINUTE, local

#: Alice is in Stockholm; a Tuesday.
TUESDAY = local("2026-03-10 10:00")


def choose(cast: Cast, way: Way, *kinds: Kind, now: datetime = TUESDAY) -> None:
    with transaction():
        for kind in kinds:
            subscriptions.choose(cast.alice, cast.workspace.id, kind, way, now=now)


def change(cast: Cast, now: datetime = TUESDAY, **values: Any) -> None:
    with transaction():
        preferences.change(cast.alice, cast.workspace.id, values, now=now)


def digest(now: datetime) -> list[Message]:
    """What a look at this instant writes."""
    before = {row.id for row in gathered()}
    with transaction():
        digests.write_digests(house=HOUSE, now=now)
    return [row for row in gathered() if row.id not in before]


def gathered() -> list[Message]:
    kinds = (MessageKind.DIGEST, MessageKind.LOOK_AHEAD)
    return list(db.session.scalars(select(Message).where(Message.kind.in_(kinds)).order_by(Message.id)))


def due(now: datetime) -> list[Message]:
    """The letters that come of what is due at this instant."""
    with transaction():
        return play.write(now)


def located(cast: Cast, *names: str, now: datetime = TUESDAY) -> list[Contact]:
    with transaction():
        return [contacts.add(cast.workspace, {"name": name}, by=cast.alice, now=now) for name in names]


def told() -> list[Notification]:
    return list(db.session.scalars(select(Notification).order_by(Notification.id)))


def test_what_goes_into_the_digest_makes_no_letter_of_its_own_and_is_told_once(cast: Cast) -> None:
    choose(cast, Way.DIGEST, Kind.ASK)
    located(cast, "Bea", "Cem")
    friday = local("2026-03-13 08:00")
    assert due(friday) == []
    assert [(news.way, news.letter_id) for news in told()] == [(Way.DIGEST, None)] * len(told())
    (letter,) = digest(friday + MINUTE)
    assert "Ask Bea for a talk" in (letter.text or "")
    assert "Ask Cem for a talk" in (letter.text or "")
    assert {news.letter_id for news in told()} == {letter.id}
    assert b"List-Unsubscribe:" in (letter.raw or b"")
    assert digest(friday + HOUR) == []
    assert digest(friday + DAY) == []


def test_a_day_with_nothing_in_it_has_none(cast: Cast) -> None:
    choose(cast, Way.DIGEST, Kind.ASK)
    assert digest(TUESDAY + DAY) == []
    assert digest(TUESDAY + 2 * DAY) == []


def test_what_was_done_before_the_hour_is_not_in_it(cast: Cast) -> None:
    choose(cast, Way.DIGEST, Kind.ASK)
    bea, _ = located(cast, "Bea", "Cem")
    change(cast, digest_at="09:00")
    due(local("2026-03-13 08:00"))
    with transaction():
        reminders.done(play.one(bea, Kind.ASK), now=local("2026-03-13 08:30"))
    (letter,) = digest(local("2026-03-13 09:00"))
    assert "Cem" in (letter.text or "")
    assert "Bea" not in (letter.text or "")


def test_it_comes_at_the_hour_of_the_users_clock_across_a_change_of_the_clocks(cast: Cast) -> None:
    choose(cast, Way.DIGEST, Kind.ASK)
    change(cast, digest_at="06:30")
    for day in ("2026-03-27", "2026-03-30"):
        at = local(f"{day} 06:30")
        with transaction():
            digests.write_digests(house=HOUSE, now=at - MINUTE)
        wished = preferences.of(cast.alice, cast.workspace.id)
        assert wished.digest_next_at is not None
        assert wished.digest_next_at <= at


def test_one_for_each_local_date_though_the_hour_is_changed(cast: Cast) -> None:
    choose(cast, Way.DIGEST, Kind.ASK, Kind.STAY_IN_TOUCH)
    located(cast, "Bea")
    friday = local("2026-03-13 08:00")
    due(friday)
    assert len(digest(friday)) == 1
    change(cast, friday + HOUR, digest_at="10:00")
    located(cast, "Cem", now=friday - 4 * DAY)
    due(friday + HOUR)
    assert digest(friday + 2 * HOUR) == []
    assert len(digest(friday + 3 * DAY + 2 * HOUR)) == 1


def test_a_late_worker_sends_it_until_noon_and_then_leaves_it_to_the_next_day(cast: Cast) -> None:
    choose(cast, Way.DIGEST, Kind.ASK)
    located(cast, "Bea")
    due(local("2026-03-13 08:00"))
    assert digest(local("2026-03-13 12:00")) == []
    (letter,) = digest(local("2026-03-14 11:59"))
    assert "Ask Bea" in (letter.text or "")


def test_none_on_a_day_off(cast: Cast) -> None:
    choose(cast, Way.DIGEST, Kind.ASK)
    located(cast, "Bea")
    change(cast, days_off=["fri", "sat", "sun"])
    due(local("2026-03-13 08:00"))
    assert digest(local("2026-03-13 08:01")) == []
    assert digest(local("2026-03-15 08:01")) == []
    assert len(digest(local("2026-03-16 08:01"))) == 1


def test_a_traveller_gets_no_second_one_for_the_same_date(cast: Cast) -> None:
    choose(cast, Way.DIGEST, Kind.ASK)
    located(cast, "Bea", "Cem")
    friday = local("2026-03-13 08:00")
    due(friday)
    assert len(digest(friday)) == 1
    with transaction():
        accounts.change(cast.alice, {"timezone": "America/New_York"}, now=friday + HOUR)
    located(cast, "Dag", now=friday - 4 * DAY)
    due(friday + 2 * HOUR)
    assert digest(friday + 6 * HOUR) == []
    assert len(digest(local("2026-03-16 08:00", "America/New_York"))) == 1


def test_a_stopped_digest_leaves_everything_to_the_page(cast: Cast) -> None:
    choose(cast, Way.DIGEST, Kind.ASK)
    with transaction():
        secret = subscriptions.token(cast.alice, cast.workspace.id, MessageKind.DIGEST)
        subscriptions.stop(subscriptions.by_token(secret), now=TUESDAY)
    located(cast, "Bea")
    friday = local("2026-03-13 08:00")
    assert due(friday) == []
    assert digest(friday) == []
    assert {news.way for news in told()} == {Way.OFF}
    with transaction():
        subscriptions.start(subscriptions.by_token(secret), now=friday)
    assert subscriptions.way(cast.alice, cast.workspace.id, Kind.ASK) is Way.DIGEST


def _talk(cast: Cast, starts_at: datetime, now: datetime) -> Any:
    with transaction():
        return interviews.plan(
            cast.ada, by=cast.alice, starts_at=starts_at, now=now, house=HOUSE, invite=False
        )


def test_what_cannot_wait_for_the_digest_after_a_missed_one_comes_by_itself(cast: Cast) -> None:
    choose(cast, Way.DIGEST, Kind.PREPARE)
    change(cast, near_in_digest=True)
    _talk(cast, local("2026-03-13 15:00"), TUESDAY)
    due(local("2026-03-11 15:00"))
    assert digest(local("2026-03-12 12:30")) == []
    assert [news.letter for news in told() if news.kind is MessageKind.PREPARE] == [None]
    digest(local("2026-03-13 12:30"))
    (news,) = [news for news in told() if news.kind is MessageKind.PREPARE]
    assert news.letter is not None
    assert news.letter.kind is MessageKind.PREPARE


def test_what_was_put_off_or_switched_off_is_not_in_it(cast: Cast) -> None:
    choose(cast, Way.DIGEST, Kind.ASK)
    bea, cem = located(cast, "Bea", "Cem")
    change(cast, digest_at="09:00")
    morning = local("2026-03-13 08:00")
    due(morning)
    with transaction():
        reminders.snooze(play.one(bea, Kind.ASK), morning + 3 * DAY, now=morning + MINUTE)
    (letter,) = digest(morning + HOUR)
    assert "Cem" in (letter.text or "")
    assert "Bea" not in (letter.text or "")
    with transaction():
        reminders.done(play.one(cem, Kind.ASK), now=morning + HOUR)
        accounts.set_promise(cast.workspace, Kind.ASK, off=True, days=None)
    due(morning + 3 * DAY)
    assert digest(morning + 4 * DAY) == []


def test_one_that_cannot_be_written_holds_up_no_other(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    choose(cast, Way.DIGEST, Kind.ASK)
    located(cast, "Bea")
    with transaction():
        bobs = cast.bobs_workspace
        subscriptions.choose(cast.bob, bobs.id, Kind.ASK, Way.DIGEST, now=TUESDAY)
        contacts.add(bobs, {"name": "Cem"}, by=cast.bob, now=TUESDAY)
    morning = local("2026-03-13 09:00")
    due(morning)
    with transaction():
        cast.bob.timezone = "Moon/Crater"
    (letter,) = digest(morning)
    assert letter.to == "alice@example.org"
    assert "could not be written" in caplog.text
    wished = preferences.of(cast.bob, cast.bobs_workspace.id)
    assert wished.digest_next_at == morning + 15 * MINUTE
