"""The traveller: mornings and evenings move to the new clocks, instants stay, and nothing is told twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from crm.database import db, transaction
from crm.domain import accounts, contacts, interviews, pipeline, reminders, thanks, touches
from crm.models import Kind, ReminderState, Stage
from tests.cast import Cast
from tests.domain import zones
from tests.domain.play import DAY, HOUR, MINUTE, local, one, owed, plan, shown, subjects, write

NEW_YORK, TOKYO, AUCKLAND = "America/New_York", "Asia/Tokyo", "Pacific/Auckland"
#: Ada is met in Stockholm on a Friday.
TALK = local("2026-03-20 14:00")


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def travel(cast: Cast, zone: str, now: datetime) -> None:
    accounts.change(cast.alice, {"timezone": zone}, now=now)


def talked(cast: Cast, ended_at: datetime) -> None:
    """Ada was talked with, and the first letter of thanks is written."""
    interviews.complete(plan(cast, ended_at - HOUR, ended_at), by=cast.alice, now=ended_at, ended_at=ended_at)
    assert len(write(ended_at)) == 1


def test_user_changes_zone_future_mornings_move(cast: Cast, now: datetime) -> None:
    travel(cast, NEW_YORK, now)
    assert owed(cast.ada, Kind.ASK, NEW_YORK) == ["once 2026-03-13 08:00"]
    assert write(local("2026-03-13 08:00")) == []
    assert subjects(local("2026-03-13 08:00", NEW_YORK)) == ["Ask Ada Okafor for a talk"]


def test_user_changes_zone_every_round_moves(cast: Cast, now: datetime) -> None:
    touches.log(cast.ada, "ask", by=cast.alice, now=now)
    travel(cast, TOKYO, now)
    assert owed(cast.ada, Kind.FOLLOW_UP, TOKYO) == ["round_1 2026-03-17 08:00", "round_2 2026-03-24 08:00"]
    assert owed(cast.ada, Kind.CLOSE, TOKYO) == ["once 2026-03-31 08:00"]


def test_user_changes_zone_the_day_that_was_promised_stays(cast: Cast) -> None:
    late = local("2026-03-10 23:30")
    grace = contacts.add(cast.workspace, {"name": "Grace"}, by=cast.alice, now=late)
    travel(cast, NEW_YORK, late + MINUTE)
    assert owed(grace, Kind.ASK, NEW_YORK) == ["once 2026-03-13 08:00"]


def test_user_changes_zone_the_rhythm_keeps_its_time_of_day(cast: Cast) -> None:
    talked(cast, TALK)
    thanks.record(cast.ada, by_user=cast.alice, now=TALK + HOUR)
    travel(cast, TOKYO, TALK + DAY)
    # Three weeks later, over a change of the clocks in Stockholm.
    assert owed(cast.ada, Kind.STAY_IN_TOUCH, TOKYO) == ["once 2026-04-10 15:00"]


def test_user_changes_zone_interview_reminders_do_not_move(cast: Cast, now: datetime) -> None:
    plan(cast, TALK, now)
    before = {kind: owed(cast.ada, kind) for kind in (Kind.PREPARE, Kind.HOW_DID_IT_GO)}
    travel(cast, NEW_YORK, now)
    assert {kind: owed(cast.ada, kind) for kind in before} == before
    assert owed(cast.ada, Kind.BRIEF)[-1] == "two_hours_before 2026-03-20 12:00"


@pytest.mark.parametrize(
    ("start", "zone", "evening"),
    [
        ("2026-03-20 14:00", NEW_YORK, "2026-03-19 18:00"),
        # On the clocks there it is another date.
        ("2026-03-20 03:00", NEW_YORK, "2026-03-18 18:00"),
        ("2026-03-20 18:00", AUCKLAND, "2026-03-20 18:00"),
    ],
)
def test_user_changes_zone_the_evening_before_is_that_of_the_talk_there(
    cast: Cast, now: datetime, start: str, zone: str, evening: str
) -> None:
    plan(cast, local(start), now)
    travel(cast, zone, now)
    assert owed(cast.ada, Kind.BRIEF, zone)[0] == f"evening_before {evening}"


def test_user_changes_zone_an_evening_that_has_passed_there_is_due_now(cast: Cast) -> None:
    noon = local("2026-03-19 12:00")
    plan(cast, local("2026-03-20 08:00"), noon)
    travel(cast, AUCKLAND, noon)
    assert owed(cast.ada, Kind.BRIEF, AUCKLAND)[0] == f"evening_before {shown(noon, AUCKLAND)}"
    letters = [letter for letter in write(noon) if letter.reminder_id == one(cast.ada, Kind.BRIEF).id]
    assert len(letters) == 1
    assert "This was due" not in (letters[0].text or "")


def test_user_changes_zone_a_morning_that_has_passed_there_is_due_now(cast: Cast) -> None:
    now = local("2026-03-13 07:30")
    travel(cast, TOKYO, now)
    assert subjects(now) == ["Ask Ada Okafor for a talk"]


def test_user_changes_zone_the_24_hours_of_thanks_stay(cast: Cast) -> None:
    talked(cast, TALK)
    travel(cast, TOKYO, TALK + HOUR)
    assert owed(cast.ada, Kind.THANK_YOU, TOKYO) == [
        "next_morning 2026-03-21 08:00",
        "two_hours_left 2026-03-21 20:00",
        "overdue 2026-03-21 22:00",
    ]


def test_user_changes_zone_a_morning_after_the_limit_falls_away_and_the_last_call_stays(cast: Cast) -> None:
    talked(cast, local("2026-03-19 10:00"))
    assert [step.split()[0] for step in owed(cast.ada, Kind.THANK_YOU)] == [
        "in_the_day",
        "next_morning",
        "overdue",
    ]
    write(local("2026-03-19 14:00"))
    travel(cast, NEW_YORK, local("2026-03-19 15:00"))
    assert owed(cast.ada, Kind.THANK_YOU) == ["two_hours_left 2026-03-20 08:00", "overdue 2026-03-20 10:00"]


def test_user_changes_zone_what_was_sent_stays_sent(cast: Cast, now: datetime) -> None:
    due = local("2026-03-13 08:00")
    assert len(write(due)) == 1
    travel(cast, NEW_YORK, due + HOUR)
    assert write(due + DAY) == []
    assert one(cast.ada, Kind.ASK).state is ReminderState.SENT


def test_user_changes_zone_there_and_back_nothing_has_changed(cast: Cast, now: datetime) -> None:
    plan(cast, TALK, now)
    grace = contacts.add(cast.workspace, {"name": "Grace"}, by=cast.alice, now=now)
    before = [owed(cast.ada, Kind.BRIEF), owed(cast.ada, Kind.PREPARE), owed(grace, Kind.ASK)]
    for zone in (NEW_YORK, TOKYO, "Pacific/Kiritimati", "Europe/Stockholm"):
        travel(cast, zone, now)
    assert [owed(cast.ada, Kind.BRIEF), owed(cast.ada, Kind.PREPARE), owed(grace, Kind.ASK)] == before


def test_user_changes_zone_a_chosen_time_stays_the_instant_that_was_chosen(cast: Cast, now: datetime) -> None:
    chosen = local("2026-03-16 08:00")
    reminders.snooze(one(cast.ada, Kind.ASK), chosen, now=now)
    travel(cast, NEW_YORK, now)
    assert one(cast.ada, Kind.ASK).due_at == chosen


def test_user_changes_zone_what_follows_a_chosen_time_moves_once_that_is_written(
    cast: Cast, now: datetime
) -> None:
    touches.log(cast.ada, "ask", by=cast.alice, now=now)
    chosen = local("2026-03-18 12:00")
    reminders.snooze(one(cast.ada, Kind.FOLLOW_UP), chosen, now=now)
    travel(cast, NEW_YORK, now)
    assert len(write(chosen)) == 1
    reminders.realign(now=local("2026-03-23 12:00"))
    assert owed(cast.ada, Kind.FOLLOW_UP, NEW_YORK) == ["round_2 2026-03-24 08:00"]


def test_user_changes_zone_nobody_elses_mornings_move(cast: Cast, now: datetime) -> None:
    grace = contacts.add(cast.bobs_workspace, {"name": "Grace"}, by=cast.bob, now=now)
    travel(cast, NEW_YORK, now)
    reminders.realign(now=now + 2 * DAY)
    assert owed(grace, Kind.ASK) == ["once 2026-03-13 08:00"]


def test_user_changes_name_and_no_morning_moves(cast: Cast, now: datetime) -> None:
    before = one(cast.ada, Kind.ASK).updated_at
    accounts.change(cast.alice, {"name": "Alicia"}, now=now + HOUR)
    assert one(cast.ada, Kind.ASK).updated_at == before


def test_tzdata_update_mornings_stay_on_the_wall(cast: Cast, now: datetime, tmp_path: Path) -> None:
    before = one(cast.ada, Kind.ASK).due_at
    with zones.update(tmp_path, "Europe/Stockholm", like="Asia/Kolkata"):
        reminders.realign(now=now + 2 * DAY)
        assert owed(cast.ada, Kind.ASK) == ["once 2026-03-13 08:00"]
        assert before - one(cast.ada, Kind.ASK).due_at == 4.5 * HOUR


def test_tzdata_update_is_looked_at_batch_by_batch(
    cast: Cast, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.domain.reminders.realigning.BATCH", 1)
    grace = contacts.add(cast.workspace, {"name": "Grace"}, by=cast.alice, now=now)
    with zones.update(tmp_path, "Europe/Stockholm", like="Asia/Kolkata"):
        after = reminders.realign(now=now + 2 * DAY)
        assert after == one(cast.ada, Kind.ASK).id
        after = reminders.realign(now=now + 2 * DAY, after=after)
        assert reminders.realign(now=now + 2 * DAY, after=after) == 0
        assert owed(grace, Kind.ASK) == owed(cast.ada, Kind.ASK) == ["once 2026-03-13 08:00"]


def test_tzdata_update_a_ladder_that_is_under_way_is_not_climbed_again(cast: Cast, now: datetime) -> None:
    """Looking changes nothing where no clock has changed, whatever was told, put off or folded before."""
    pipeline.move(cast.ada, Stage.INTERVIEWED, by=cast.alice, now=TALK + 19.5 * HOUR, at=TALK)
    assert len(write(TALK + 19.5 * HOUR)) == 1
    reminder = one(cast.ada, Kind.THANK_YOU)
    before = list(reminder.steps)
    for hour in (19.6, 20.5, 21):
        reminders.realign(now=TALK + hour * HOUR)
    db.session.refresh(reminder)
    assert reminder.steps == before
