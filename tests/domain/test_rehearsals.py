"""Rehearsals: a test reminder is asked for, taken once by a tick sent afterwards, and watched to its end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from crm.database import db, transaction
from crm.domain import rehearsals
from crm.domain.errors import NotAllowed
from crm.domain.rehearsals import Surroundings
from crm.models import Message, MessageKind, MessageState, Notification, Rehearsal
from tests.cast import Cast
from tests.domain.play import DAY, HOUR, HOUSE, MINUTE

SECOND = timedelta(seconds=1)
WELL = Surroundings(sends=True, hold="", silent="The scheduler has sent no tick since.")
LETTER = """\
You asked for a test reminder, and here it is. It went the way that
every reminder goes: the scheduler ticked, a worker took it, wrote this
letter, and a mail server took that.

You asked: 10 Mar 2026, 10:00:00.0 CET (UTC+01:00)
The scheduler ticked: 10 Mar 2026, 10:00:01.0 CET (UTC+01:00)
The worker: desk:7

See how reminders run:
https://fika.example.org/health

--\x20
You get this because somebody, most likely you, pressed “Send me a test
reminder now” in Fika.
"""


def ask(cast: Cast, now: datetime, *, sends: bool = True) -> Rehearsal:
    with transaction():
        return rehearsals.ask(cast.workspace, cast.alice, sends=sends, now=now)


def take(rehearsal: Rehearsal, now: datetime) -> Message | None:
    with transaction():
        return rehearsals.take(rehearsal.id, ticked_at=now - SECOND, node="desk:7", house=HOUSE, now=now)


def walk(rehearsal: Rehearsal, now: datetime, around: Surroundings = WELL) -> list[str]:
    """The steps in short: "asked done"."""
    return [f"{step.name} {step.state}" for step in rehearsals.steps(rehearsal, around, now=now)]


def said(rehearsal: Rehearsal, now: datetime, around: Surroundings = WELL) -> str:
    return " ".join(step.sentence for step in rehearsals.steps(rehearsal, around, now=now) if step.sentence)


def written(cast: Cast, now: datetime, **facts: object) -> Rehearsal:
    """One whose letter is written, and stands as given."""
    rehearsal = ask(cast, now)
    letter = take(rehearsal, now + 2 * SECOND)
    assert letter is not None
    with transaction():
        for name, value in facts.items():
            setattr(letter, name, value)
    return rehearsal


def test_asking_writes_nothing_but_the_wish(cast: Cast, now: datetime) -> None:
    rehearsal = ask(cast, now)
    assert (rehearsal.taken_at, rehearsal.letter) == (None, None)
    assert db.session.scalars(select(Message)).all() == []
    assert walk(rehearsal, now) == [
        "asked done",
        "ticked waiting",
        "taken later",
        "written later",
        "handed later",
        "answered later",
    ]


def test_a_tick_brings_what_was_asked_for_before_it_was_sent(cast: Cast, now: datetime) -> None:
    rehearsal = ask(cast, now)
    assert rehearsals.asked(ticked_at=now - SECOND) == []
    assert rehearsals.asked(ticked_at=now) == [rehearsal.id]
    assert rehearsals.asked(ticked_at=now + HOUR) == []


def test_it_is_taken_once_and_told_by_letter_and_bell(cast: Cast, now: datetime) -> None:
    rehearsal = ask(cast, now)
    letter = take(rehearsal, now + 2 * SECOND)
    assert letter is not None
    assert take(rehearsal, now + 3 * SECOND) is None
    assert rehearsals.asked(ticked_at=now + MINUTE) == []
    assert (rehearsal.ticked_at, rehearsal.taken_at) == (now + SECOND, now + 2 * SECOND)
    assert (letter.kind, letter.to, letter.urgent) == (MessageKind.TEST, "alice@example.org", True)
    assert letter.not_after == now + HOUR
    (news,) = db.session.scalars(select(Notification)).all()
    assert (news.user_id, news.letter_id, news.path) == (cast.alice.id, letter.id, "/health")


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_its_letter_reads(cast: Cast, now: datetime) -> None:
    letter = take(ask(cast, now), now + 2 * SECOND)
    assert letter is not None
    assert letter.subject == "Your test reminder from Fika"
    assert letter.text == LETTER


def test_handing_over_ends_with_the_servers_answer(cast: Cast, now: datetime) -> None:
    rehearsal = written(cast, now, state=MessageState.SENT, sent_at=now + SECOND)
    times = [step.at for step in rehearsals.steps(rehearsal, WELL, now=now + MINUTE)]
    assert times[-2:] == [now + SECOND, now + SECOND]


def test_one_at_a_time(cast: Cast, now: datetime) -> None:
    rehearsal = written(cast, now)
    with pytest.raises(NotAllowed, match="on its way already"):
        ask(cast, now + MINUTE)
    with transaction():
        rehearsal.letter.state = MessageState.SENT  # type: ignore[union-attr]
    assert ask(cast, now + MINUTE).id != rehearsal.id


def test_what_nobody_took_within_an_hour_is_given_up(cast: Cast, now: datetime) -> None:
    rehearsal = ask(cast, now)
    assert not rehearsals.is_final(rehearsal, sends=True, now=now + 59 * MINUTE)
    assert rehearsals.is_final(rehearsal, sends=True, now=now + HOUR)
    assert "given up after an hour" in said(rehearsal, now + HOUR)
    assert ask(cast, now + HOUR)


def test_five_an_hour_are_enough(cast: Cast, now: datetime) -> None:
    for minute in range(rehearsals.AN_HOUR):
        written(cast, now + minute * MINUTE, state=MessageState.SENT)
    with pytest.raises(NotAllowed, match="5 test reminders within an hour are enough"):
        ask(cast, now + 6 * MINUTE)
    assert ask(cast, now + HOUR + MINUTE)


def test_what_is_missing_after_ten_seconds_is_named(cast: Cast, now: datetime) -> None:
    rehearsal = ask(cast, now)
    assert said(rehearsal, now + 9 * SECOND) == ""
    assert walk(rehearsal, now + 10 * SECOND)[1] == "ticked silent"
    assert said(rehearsal, now + 10 * SECOND) == WELL.silent


@pytest.mark.parametrize(
    ("facts", "around", "last", "sentence"),
    [
        ({}, WELL, ["handed waiting", "answered later"], ""),
        ({"state": MessageState.TRANSMITTING}, WELL, ["handed waiting", "answered later"], "just now"),
        (
            {"server_reply": "451 later"},
            WELL,
            ["handed waiting", "answered later"],
            "said “451 later” and is asked again",
        ),
        (
            {},
            Surroundings(sends=True, hold="The server is away.", silent=""),
            ["handed waiting", "answered later"],
            "It waits. The server is away.",
        ),
        (
            {},
            Surroundings(sends=False, hold="", silent=""),
            ["handed done", "answered later"],
            "No mail leaves this installation",
        ),
        (
            {"state": MessageState.SENT, "server_reply": "250 taken"},
            WELL,
            ["handed done", "answered done"],
            "“250 taken”",
        ),
        (
            {"state": MessageState.FAILED, "server_reply": "550 nobody here"},
            WELL,
            ["handed done", "answered failed"],
            "“550 nobody here”",
        ),
        ({"state": MessageState.EXPIRED}, WELL, ["handed failed", "answered failed"], "of no more use"),
    ],
)
@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_the_letters_way_is_shown(
    cast: Cast,
    now: datetime,
    facts: dict[str, object],
    around: Surroundings,
    last: list[str],
    sentence: str,
) -> None:
    rehearsal = written(cast, now, **facts)
    soon = now + 3 * SECOND
    assert walk(rehearsal, soon, around)[:4] == ["asked done", "ticked done", "taken done", "written done"]
    assert walk(rehearsal, soon, around)[4:] == last
    assert sentence in said(rehearsal, soon, around)
    is_over = last[1] != "answered later" or not around.sends
    assert rehearsals.is_final(rehearsal, sends=around.sends, now=soon) == is_over


def test_a_letter_that_is_kept_bars_no_other(cast: Cast, now: datetime) -> None:
    written(cast, now)
    assert ask(cast, now + MINUTE, sends=False)


def test_old_ones_are_swept_and_their_letters_stay(cast: Cast, now: datetime) -> None:
    written(cast, now, state=MessageState.SENT)
    with transaction():
        rehearsals.sweep(now=now + 29 * DAY)
    assert db.session.scalars(select(Rehearsal.id)).all() != []
    with transaction():
        rehearsals.sweep(now=now + 31 * DAY)
    assert db.session.scalars(select(Rehearsal.id)).all() == []
    assert db.session.scalars(select(Message.id)).all() != []
