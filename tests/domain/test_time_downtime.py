"""Nothing of ours ran, for a minute, a night or a month: late, in words, never dropped and never a flood."""

from __future__ import annotations

import time
from datetime import datetime
from statistics import median

import pytest
from sqlalchemy import func, insert, select

from crm.database import db, transaction
from crm.domain import accounts, contacts, interviews, mail, touches
from crm.domain.reminders import writing
from crm.models import Contact, Kind, Message, MessageKind, MessageState, Reminder, ReminderState, User
from tests.cast import Cast
from tests.domain import play
from tests.domain.play import DAY, HOUR, HOUSE, MINUTE, local, one, owed
from tests.domain.waiting import SECOND

#: Ada was talked with until noon on Thursday.
TALK = local("2026-03-12 12:00")
MONTH = 30 * DAY
#: Seconds that one unit of work may take; a busy machine is granted twice as much.
UNIT = 0.4


def write(now: datetime) -> list[Message]:
    with transaction():
        return play.write(now)


def tick(now: datetime) -> list[float]:
    """What one worker does until nothing is due; answers the seconds of each unit of work."""
    taken: list[float] = []
    moved = writing.BATCH
    while moved:
        began = time.perf_counter()
        with transaction():
            moved = writing.write_due(house=HOUSE, now=now + len(taken) * SECOND)
        taken.append(time.perf_counter() - began)
    return taken


def talked(cast: Cast) -> None:
    with transaction():
        talk = play.plan(cast, TALK - HOUR, TALK - 2 * HOUR, invite=False)
        interviews.complete(talk, by=cast.alice, now=TALK, ended_at=TALK)


def located(cast: Cast, count: int, now: datetime) -> None:
    """So many more contacts, all to be asked on the same morning."""
    with transaction():
        for number in range(count):
            contacts.add(cast.workspace, {"name": f"Contact {number}"}, by=cast.alice, now=now)


def owe(contact: Contact, owner: User, count: int, first: datetime) -> None:
    """So many promises at once, a minute apart."""
    times = [first + number * MINUTE for number in range(count)]
    rows = [
        {
            "workspace_id": contact.workspace_id,
            "owner_id": owner.id,
            "contact_id": contact.id,
            "kind": Kind.STAY_IN_TOUCH,
            "subject": f"number {number}",
            "anchor_at": at,
            "steps": [["once", at.isoformat()]],
            "due_at": at,
            "state": ReminderState.PENDING,
            "created_at": at,
            "updated_at": at,
        }
        for number, at in enumerate(times)
    ]
    db.session.execute(insert(Reminder), rows)


def seekers(count: int, now: datetime) -> list[tuple[User, Contact]]:
    """So many users, each with a workspace of their own and somebody in it."""
    found = []
    for number in range(count):
        facts = {"email": f"s{number}@example.org", "name": f"Seeker {number}", "timezone": "Europe/Berlin"}
        user = accounts.add(facts, password_hash=None, now=now)
        workspace = accounts.workspace_of(user)
        found.append((user, contacts.add(workspace, {"name": "Grace"}, by=user, now=now)))
    return found


def letters() -> list[tuple[int, MessageKind]]:
    """To whom, and of which kind."""
    query = select(Message.user_id, Message.kind).order_by(Message.user_id, Message.id)
    return [(user_id, kind) for user_id, kind in db.session.execute(query)]


def left() -> int:
    """How many promises are due and not told."""
    waiting = Reminder.state.in_([ReminderState.PENDING, ReminderState.SNOOZED])
    return db.session.scalar(select(func.count()).where(waiting)) or 0


def test_a_minute_later_the_letter_comes_without_a_word(cast: Cast) -> None:
    talked(cast)
    (letter,) = write(TALK + MINUTE)
    assert "This was due" not in (letter.text or "")


def test_a_night_later_the_letter_says_when_it_was_due(cast: Cast) -> None:
    (letter,) = write(local("2026-03-13 19:00"))
    assert "This was due Fri 13 Mar 2026, 08:00 CET" in (letter.text or "")
    assert "This was due Fri 13 Mar 2026, 08:00 CET" in (letter.html or "")


def test_a_night_later_of_a_ladder_only_the_latest_step_is_told(cast: Cast) -> None:
    talked(cast)
    (letter,) = write(local("2026-03-13 11:30"))
    assert (
        letter.subject.startswith("2 hours left") or letter.subject == "30 minutes left to thank Ada Okafor"
    )
    assert owed(cast.ada, Kind.THANK_YOU) == ["overdue 2026-03-13 12:00"]


def test_a_night_later_a_brief_whose_talk_is_over_falls_away_and_how_did_it_go_is_asked(
    cast: Cast, now: datetime
) -> None:
    with transaction():
        play.plan(cast, TALK, now, invite=False)
    assert [letter.kind for letter in write(TALK + 12 * HOUR)] == [MessageKind.HOW_DID_IT_GO]
    with transaction():
        states = dict(db.session.execute(select(Reminder.kind, Reminder.state)).all())
    assert states[Kind.BRIEF] is states[Kind.PREPARE] is ReminderState.CANCELLED


def test_a_month_later_thanks_are_overdue_and_told_once(cast: Cast) -> None:
    talked(cast)
    letters = write(TALK + MONTH)
    assert [letter.subject for letter in letters] == ["Your thank-you to Ada Okafor is overdue"]
    assert write(TALK + MONTH + DAY) == []


def test_a_month_later_of_two_follow_ups_the_second_is_told(cast: Cast, now: datetime) -> None:
    with transaction():
        touches.log(cast.ada, "ask", by=cast.alice, now=now)
    kinds = [letter.kind for letter in write(now + MONTH)]
    assert kinds == [MessageKind.FOLLOW_UP, MessageKind.CLOSE]
    with transaction():
        assert one(cast.ada, Kind.FOLLOW_UP).state is ReminderState.SENT


def test_a_month_later_everybodys_many_are_one_letter_each(cast: Cast, now: datetime) -> None:
    with transaction():
        people = seekers(30, now)
        for user, grace in people:
            owe(grace, user, 20, now)
    tick(now + MONTH)
    assert left() == 0
    assert letters() == [
        (cast.alice.id, MessageKind.ASK),
        *((user.id, MessageKind.DIGEST) for user, _ in people),
    ]
    subjects = set(db.session.scalars(select(Message.subject).where(Message.kind == MessageKind.DIGEST)))
    assert subjects == {"21 things fell due while Fika could not write"}


def test_a_month_later_ten_thousand_of_500_users_are_500_letters_in_short_units_of_work(
    cast: Cast, now: datetime
) -> None:
    with transaction():
        people = seekers(500, now)
        for user, grace in people:
            owe(grace, user, 19, now)
    taken = tick(now + MONTH)
    assert left() == 0
    assert len(letters()) == 501
    print(f"\n{len(taken)} units of work, median {median(taken):.3f} s, longest {max(taken):.3f} s")
    assert median(taken) < UNIT


def test_a_month_later_ten_thousand_of_one_user_are_one_letter_in_short_units_of_work(
    cast: Cast, now: datetime
) -> None:
    with transaction():
        owe(cast.ada, cast.alice, 10_000, now)
    taken = tick(now + MONTH)
    print(f"\n{len(taken)} units of work, median {median(taken):.3f} s, longest {max(taken):.3f} s")
    assert left() == 0
    assert letters() == [(cast.alice.id, MessageKind.DIGEST)]
    subject = db.session.scalars(select(Message.subject)).one()
    assert subject == "10001 things fell due while Fika could not write"
    assert median(taken) < UNIT


def test_letters_that_were_written_before_the_server_went_away_go_as_they_are(
    cast: Cast, now: datetime
) -> None:
    """Only the mail server was away: what is rendered is not written anew, and not put together."""
    located(cast, 9, now)
    due = local("2026-03-13 08:00")
    written = [letter.raw for letter in write(due)]
    with transaction():
        claimed = mail.claim(now=due + 12 * HOUR)
    assert sorted(letter.raw for letter in claimed) == sorted(raw for raw in written if raw)
    assert write(due + 12 * HOUR) == []


@pytest.mark.parametrize("count", [5, 6])
def test_more_than_five_over_an_hour_late_are_one_letter(cast: Cast, now: datetime, count: int) -> None:
    located(cast, count - 1, now)
    assert len(write(local("2026-03-13 09:00"))) == count
    with transaction():
        db.session.query(Message).update({Message.state: MessageState.SENT})
    located(cast, count, local("2026-03-16 08:00"))
    later = write(local("2026-03-19 09:01"))
    assert len(later) == (count if count == 5 else 1)
