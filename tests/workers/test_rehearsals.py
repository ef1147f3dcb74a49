"""The rehearsals' worker: only a tick of the scheduler brings a test reminder, and once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from crm.database import db, transaction, utcnow
from crm.domain import health, rehearsals
from crm.models import Rehearsal
from crm.settings import Settings
from tests.cast import Cast
from tests.services.smtp import SmtpServer
from tests.workers.conftest import fresh, ledger
from tests.workers.running import scheduler, tick, worker
from workers.mail import drain
from workers.rehearsals import take, take_asked

SUBJECT = "Your test reminder from Fika"


def ask(cast: Cast) -> Rehearsal:
    with transaction():
        return rehearsals.ask(cast.workspace, cast.alice, sends=True, now=utcnow())


def test_a_hint_takes_nothing(core: Flask, cast: Cast) -> None:
    ask(cast)
    assert take.apply().get() == 0
    assert ledger(cast.workspace) == []


def test_a_tick_that_was_sent_before_takes_nothing(core: Flask, cast: Cast) -> None:
    ask(cast)
    assert take_asked(utcnow() - timedelta(seconds=5)) == 0


def test_a_tick_takes_it_and_its_letter_arrives(posting: Flask, cast: Cast, smtp_server: SmtpServer) -> None:
    rehearsal = ask(cast)
    assert take_asked(utcnow()) == 1
    assert drain() == 1
    (letter,) = smtp_server.letters
    assert letter.recipients == ("alice@example.org",)
    assert letter.message["Subject"] == SUBJECT
    db.session.expire_all()
    assert rehearsal.node
    assert rehearsal.letter is not None
    assert fresh(rehearsal.letter).state == "sent"


def test_two_workers_take_it_once(core: Flask, cast: Cast) -> None:
    ask(cast)
    taken: list[int] = []
    now = utcnow()

    def work() -> None:
        with core.app_context():
            taken.append(take_asked(now))
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 1
    assert len(ledger(cast.workspace)) == 1


def test_scheduler_and_worker_carry_it_to_the_mail_server(
    core: Flask, pair: Settings, cast: Cast, smtp_server: SmtpServer
) -> None:
    with worker(pair, SMTP_URL=smtp_server.url):
        rehearsal = ask(cast)
        tick(pair, "rehearsals.take")
        tick(pair, "health.beat")
        # Hints are answered, so the worker lives; and without the scheduler nothing is taken.
        _wait_for(lambda: health.last_beat(health.WORKER))
        assert not _is_taken(rehearsal)
        assert "the scheduler has sent no tick" in health.silent_since(rehearsal.asked_at)
        with scheduler(pair):
            _wait_for(lambda: SUBJECT in [letter.message["Subject"] for letter in smtp_server.letters])
    db.session.rollback()
    db.session.expire_all()
    assert rehearsal.ticked_at is not None
    assert rehearsal.taken_at is not None
    assert rehearsal.asked_at <= rehearsal.ticked_at <= rehearsal.taken_at


def _is_taken(rehearsal: Rehearsal) -> bool:
    db.session.rollback()
    db.session.refresh(rehearsal)
    return rehearsal.taken_at is not None


def _wait_for(sign: Callable[[], object], seconds: float = 40.0) -> None:
    last = time.monotonic() + seconds
    while not sign():
        assert time.monotonic() < last
        time.sleep(0.1)
        db.session.rollback()
