"""Promises that come due become letters: each step once, the latest only, and never a flood."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from flask import Flask
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import contacts, interviews, pipeline, subscriptions
from crm.domain.reminders import writing
from crm.models import Contact, Interview, Kind, Message, MessageKind, Reminder, ReminderState, Stage
from tests.cast import Cast
from tests.domain import play
from tests.domain.play import DAY, HOUR, HOUSE, MINUTE, local, one, shown

TALK = local("2026-03-12 12:00")


def write(now: datetime) -> list[Message]:
    with transaction():
        return play.write(now)


def subjects(now: datetime) -> list[str]:
    return [letter.subject for letter in write(now)]


def located(cast: Cast, count: int, now: datetime) -> list[int]:
    """So many more contacts, all to be asked on the same morning; their ids."""
    with transaction():
        names = [f"Contact {number}" for number in range(count)]
        added = [contacts.add(cast.workspace, {"name": name}, by=cast.alice, now=now) for name in names]
        return [contact.id for contact in added]


def talked(cast: Cast) -> Interview:
    """Ada was talked with until noon on Thursday."""
    with transaction():
        pipeline.move(cast.ada, Stage.INTERVIEWED, by=cast.alice, now=TALK)
        return interviews.of(cast.ada)[0]


def test_a_letter_comes_when_it_is_due_and_not_before(cast: Cast) -> None:
    due = local("2026-03-13 08:00")
    assert write(due - MINUTE) == []
    assert subjects(due) == ["Ask Ada Okafor for a talk"]


def test_a_step_is_written_once_however_often_somebody_looks(cast: Cast) -> None:
    assert [len(write(TALK + DAY)) for _ in range(3)] == [1, 0, 0]


def test_two_workers_at_once_write_each_step_once(cast: Cast, core: Flask, now: datetime) -> None:
    located(cast, 60, now)
    due = local("2026-03-13 08:00")

    def work(_: int) -> None:
        with core.app_context():
            for _ in range(4):
                with transaction():
                    writing.write_due(house=HOUSE, now=due)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    keys = db.session.scalars(select(Message.dedupe_key)).all()
    assert (len(keys), len(set(keys))) == (61, 61)


def test_the_ladder_of_thanks_is_climbed_step_by_step(cast: Cast) -> None:
    talked(cast)
    hours = (0, 4, 20, 22, 24)
    assert [subjects(TALK + hour * HOUR) for hour in hours] == [
        ["Thank Ada Okafor by tomorrow 12:00"],
        ["Thank Ada Okafor by tomorrow 12:00"],
        ["Thank Ada Okafor by today 12:00"],
        ["2 hours left to thank Ada Okafor"],
        ["Your thank-you to Ada Okafor is overdue"],
    ]
    reminder = one(cast.ada, Kind.THANK_YOU)
    assert (reminder.state, shown(reminder.due_at)) == (ReminderState.SENT, "2026-03-13 12:00")


def test_of_several_steps_that_came_due_only_the_latest_is_written(cast: Cast) -> None:
    talked(cast)
    assert subjects(TALK + 22 * HOUR) == ["2 hours left to thank Ada Okafor"]
    assert shown(one(cast.ada, Kind.THANK_YOU).due_at) == "2026-03-13 12:00"


def test_a_letter_that_comes_late_says_when_it_was_due(cast: Cast) -> None:
    talked(cast)
    (letter,) = write(TALK + 2 * HOUR)
    assert letter.text is not None
    assert "This was due Thu 12 Mar 2026, 12:00 CET" in letter.text


def test_late_is_counted_from_the_step_that_is_written(cast: Cast) -> None:
    talked(cast)
    (letter,) = write(TALK + 4 * HOUR + 59 * MINUTE)
    assert letter.text is not None
    assert "This was due" not in letter.text


def test_a_brief_is_of_no_use_once_the_talk_began(cast: Cast, now: datetime) -> None:
    with transaction():
        play.plan(cast, TALK, now, invite=False)
    write(TALK - 20 * HOUR)
    assert write(TALK + MINUTE) == []
    states = {row.kind: row.state for row in db.session.scalars(select(Reminder))}
    assert states[Kind.BRIEF] is ReminderState.CANCELLED


def test_asked_how_it_went_nothing_is_owed_before_the_talk_any_more(cast: Cast, now: datetime) -> None:
    with transaction():
        play.plan(cast, TALK, now, invite=False)
    write(TALK - 20 * HOUR)
    assert subjects(TALK + 81 * MINUTE) == ["How did it go with Ada Okafor?"]
    assert play.kinds(cast.ada) == ["how_did_it_go"]


def test_five_late_letters_come_one_by_one(cast: Cast, now: datetime) -> None:
    located(cast, 4, now)
    letters = write(local("2026-03-13 10:00"))
    assert [letter.kind for letter in letters] == [MessageKind.ASK] * 5


def test_more_than_five_late_letters_are_one(cast: Cast, now: datetime) -> None:
    located(cast, 40, now)
    later = local("2026-03-13 10:00")
    (letter,) = write(later)
    assert (letter.kind, letter.subject) == (
        MessageKind.DIGEST,
        "41 things fell due while Fika could not write",
    )
    assert write(later) == []
    states = set(db.session.scalars(select(Reminder.state)))
    assert states == {ReminderState.SENT}


def test_what_is_not_late_comes_by_itself_beside_the_one_letter(cast: Cast, now: datetime) -> None:
    located(cast, 6, now)
    with transaction():
        pipeline.move(cast.ada, Stage.INTERVIEWED, by=cast.alice, now=local("2026-03-13 10:00"))
    assert subjects(local("2026-03-13 10:00")) == [
        "6 things fell due while Fika could not write",
        "Thank Ada Okafor by tomorrow 10:00",
    ]


def test_late_letters_of_one_do_not_count_for_another(cast: Cast, now: datetime) -> None:
    located(cast, 2, now)
    with transaction():
        for number in range(3):
            contacts.add(cast.bobs_workspace, {"name": f"Contact {number}"}, by=cast.bob, now=now)
    letters = write(local("2026-03-13 10:00"))
    assert [letter.kind for letter in letters] == [MessageKind.ASK] * 6


def test_two_workers_catch_up_in_one_letter(cast: Cast, core: Flask, now: datetime) -> None:
    located(cast, 60, now)
    later = local("2026-03-13 10:00")

    def work(_: int) -> None:
        with core.app_context(), transaction():
            writing.write_due(house=HOUSE, now=later)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    assert len(db.session.scalars(select(Message)).all()) == 1


def test_a_kind_that_was_unsubscribed_is_not_written_and_stays_on_the_page(cast: Cast) -> None:
    with transaction():
        token = subscriptions.token(cast.alice, cast.workspace.id, Kind.ASK)
        subscriptions.stop(subscriptions.by_token(token), now=TALK)
    assert write(TALK + DAY) == []
    assert one(cast.ada, Kind.ASK).state is ReminderState.SENT


def test_a_kind_that_was_unsubscribed_is_not_in_the_one_letter_either(cast: Cast, now: datetime) -> None:
    talked(cast)
    located(cast, 6, now)
    with transaction():
        token = subscriptions.token(cast.alice, cast.workspace.id, Kind.ASK)
        subscriptions.stop(subscriptions.by_token(token), now=TALK)
    assert subjects(TALK + 25 * HOUR) == ["Your thank-you to Ada Okafor is overdue"]


def test_what_ended_between_falling_due_and_writing_is_not_written(cast: Cast, now: datetime) -> None:
    first, second, third = located(cast, 3, now)
    with transaction():
        contacts.delete(db.session.get_one(Contact, first), by=cast.alice, now=now)
        closed = {"closed": "declined"}
        contacts.change(db.session.get_one(Contact, second), closed, by=cast.alice, now=now)
        pipeline.move(cast.ada, Stage.AGREED, by=cast.alice, now=now)
    assert subjects(local("2026-03-13 08:00")) == ["Set a date with Ada Okafor", "Ask Contact 2 for a talk"]
    assert third


def test_a_referrer_who_is_gone_is_not_told(cast: Cast, now: datetime) -> None:
    (greta,) = located(cast, 1, now)
    with transaction():
        contacts.change(cast.ada, {"referred_by": greta}, by=cast.alice, now=now)
        pipeline.move(cast.ada, Stage.INTERVIEWED, by=cast.alice, now=now)
        pipeline.move(cast.ada, Stage.THANKED, by=cast.alice, now=now)
        contacts.delete(db.session.get_one(Contact, greta), by=cast.alice, now=now)
    assert write(now + 3 * DAY) == []
    assert play.kinds(cast.ada) == ["stay_in_touch"]


def test_a_letter_expires_when_it_is_of_no_more_use(cast: Cast, now: datetime) -> None:
    interview = talked(cast)
    (letter,) = write(TALK)
    assert letter.not_after == TALK + 24 * HOUR
    (overdue,) = write(TALK + 24 * HOUR)
    assert overdue.not_after == TALK + 8 * DAY
    assert letter.interview_id == overdue.interview_id == interview.id
