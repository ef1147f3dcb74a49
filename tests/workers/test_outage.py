"""A night without the mail server: nothing is lost, nothing comes twice, and what still helps goes first."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask

from crm.database import db, transaction, utcnow
from crm.domain import interviews, mail
from crm.models import Message, MessageKind, MessageState
from tests.cast import Cast
from tests.domain import waiting
from tests.domain.play import HOUR, MINUTE, local
from tests.services import smtp
from tests.services.smtp import SmtpServer
from tests.workers.conftest import ledger
from workers.mail import drain
from workers.reminders import write_due

#: From one evening to the next morning.
EVENING, MORNING = local("2026-03-10 20:00"), local("2026-03-11 08:00")
LETTERS = 200
TOO_LATE = "This letter was of no more use by now."


class Mailer:
    """A real mail server that goes away and comes back on the same port."""

    def __init__(self) -> None:
        self.server, self._controller = smtp.start()

    def go(self) -> None:
        self._controller.stop(no_assert=True)

    def come_back(self) -> None:
        self._controller = Controller(self.server, hostname="127.0.0.1", port=self.server.port)
        self._controller.start()


@pytest.fixture
def mailer() -> Iterator[Mailer]:
    found = Mailer()
    yield found
    found.go()


@pytest.fixture
def server(core: Flask, mailer: Mailer) -> Iterator[SmtpServer]:
    """What arrives, from the evening on."""
    before = core.config["SETTINGS"]
    core.config["SETTINGS"] = replace(before, smtp_url=mailer.server.url, mail_from="crm@fika.example")
    yield mailer.server
    core.config["SETTINGS"] = before


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stands still until it is moved."""
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


def due(cast: Cast) -> list[Message]:
    """Letters to Alice, in no order; a fifth of them ends during the night."""
    hours = [number * 60 / LETTERS + 0.2 for number in range(LETTERS)]
    random.Random(7).shuffle(hours)
    return [
        waiting.put(cast, EVENING, f"letter {number}", not_after=EVENING + after * HOUR)
        for number, after in enumerate(hours)
    ]


def pass_night(clock: time_machine.Traveller, every: timedelta = 10 * MINUTE) -> None:
    """What scheduler and workers do meanwhile."""
    while utcnow() + every < MORNING:
        clock.shift(every)
        write_due()
        assert drain() == 0
    clock.move_to(MORNING)


def arrived(server: SmtpServer) -> list[str]:
    """Every Message-ID in the order in which it came."""
    return [letter.message["Message-ID"] for letter in server.letters]


def test_after_a_night_200_letters_leave_once_and_in_the_order_of_their_usefulness(
    cast: Cast, mailer: Mailer, server: SmtpServer, clock: time_machine.Traveller
) -> None:
    due(cast)
    mailer.go()
    assert drain() == 0
    pass_night(clock)
    assert server.letters == []
    mailer.come_back()
    drain()
    letters = ledger(cast.workspace)
    useful = [letter for letter in letters if letter.not_after and letter.not_after > MORNING]
    useful.sort(key=lambda letter: (letter.not_after, letter.id))
    assert (len(letters), len(useful)) == (LETTERS, LETTERS * 4 // 5)
    assert arrived(server) == [letter.message_id for letter in useful]
    assert {(letter.state, letter.attempts) for letter in useful} == {(MessageState.SENT, 1)}
    assert drain() == 0


def test_after_a_night_what_is_past_its_use_says_so_and_was_never_tried(
    cast: Cast, mailer: Mailer, server: SmtpServer, clock: time_machine.Traveller
) -> None:
    due(cast)
    mailer.go()
    pass_night(clock)
    mailer.come_back()
    drain()
    past = [letter for letter in ledger(cast.workspace) if letter.not_after and letter.not_after <= MORNING]
    assert len(past) == LETTERS // 5
    assert {(letter.state, letter.server_reply, letter.attempts) for letter in past} == {
        (MessageState.EXPIRED, TOO_LATE, 0)
    }
    assert set(arrived(server)).isdisjoint(letter.message_id for letter in past)


def test_meanwhile_the_channel_is_stopped_and_the_first_letter_opens_it(
    cast: Cast, mailer: Mailer, server: SmtpServer, clock: time_machine.Traveller
) -> None:
    due(cast)
    mailer.go()
    drain()
    db.session.rollback()
    assert mail.channel().stopped_at == EVENING
    pass_night(clock)
    db.session.rollback()
    assert mail.channel().stopped_at == EVENING, "since when, and not since the last probe"
    mailer.come_back()
    drain()
    db.session.rollback()
    assert mail.channel().stopped_at is None


def test_a_server_that_leaves_in_the_middle_gets_the_rest_when_it_is_back(
    cast: Cast, mailer: Mailer, server: SmtpServer, clock: time_machine.Traveller
) -> None:
    due(cast)
    server.leave_after = 30
    assert drain() == 30
    mailer.go()
    server.leave_after = None
    pass_night(clock)
    mailer.come_back()
    drain()
    counted = arrived(server)
    sent = [letter for letter in ledger(cast.workspace) if letter.state is MessageState.SENT]
    assert len(counted) == len(set(counted)) == len(sent)
    assert {letter.state for letter in ledger(cast.workspace)} == {MessageState.SENT, MessageState.EXPIRED}


def test_what_was_written_in_the_night_leaves_in_the_morning_as_it_was_written(
    cast: Cast, mailer: Mailer, server: SmtpServer, clock: time_machine.Traveller, house: mail.Letterhead
) -> None:
    with transaction():
        talk = interviews.plan(
            cast.ada, by=cast.alice, starts_at=MORNING + 3 * HOUR, now=EVENING, house=house, invite=False
        )
        assert talk.sequence == 0
    mailer.go()
    pass_night(clock)
    mailer.come_back()
    drain()
    kinds = [letter.kind for letter in ledger(cast.workspace)]
    assert kinds == [MessageKind.PREPARE, MessageKind.BRIEF]
    assert sorted(letter.content.strip() for letter in server.letters) == sorted(
        (letter.raw or b"").strip() for letter in ledger(cast.workspace)
    )
    assert all("This was due" not in (letter.text or "") for letter in ledger(cast.workspace))


def test_a_talk_that_began_meanwhile_is_not_told_of_any_more(
    cast: Cast, mailer: Mailer, server: SmtpServer, clock: time_machine.Traveller, house: mail.Letterhead
) -> None:
    start: datetime = MORNING - MINUTE
    with transaction():
        interviews.plan(cast.ada, by=cast.alice, starts_at=start, now=EVENING, house=house, invite=False)
    mailer.go()
    pass_night(clock)
    mailer.come_back()
    assert drain() == 0
    found = {(letter.kind, letter.state, letter.server_reply) for letter in ledger(cast.workspace)}
    assert found == {
        (MessageKind.PREPARE, MessageState.EXPIRED, TOO_LATE),
        (MessageKind.BRIEF, MessageState.EXPIRED, TOO_LATE),
    }
