"""A crowd: many users with a reminder each that comes due, and the whole machinery working on them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from crm.database import db, transaction, utcnow
from crm.domain import accounts, contacts
from crm.models import Reminder, ReminderState
from tests.kill.scene import Scene, wait_until
from tests.services.accidents import ACCIDENTS, Broker

BEAT = ("celery", "--quiet", "-A", "workers.clock", "beat", "--loglevel", "WARNING")


def gather(count: int, over: timedelta) -> None:
    """So many users, each of whom is to ask one contact for a talk; it comes due for all within a span."""
    now = utcnow()
    with transaction():
        for number in range(count):
            facts = {"email": f"user{number}@example.org", "name": f"User {number}", "timezone": "UTC"}
            user = accounts.add(facts, password_hash=None, now=now)
            contacts.add(accounts.workspace_of(user), {"name": f"Contact {number}"}, by=user, now=now)
            reminder = db.session.query(Reminder).filter_by(owner_id=user.id).one()
            reminder.due_at = now + over * (number / count)
            reminder.steps = [["once", reminder.due_at.isoformat()]]


def happens(scene: Scene, folder: Path, chance: Random, accidents: int) -> Broker:
    """Two workers and two schedulers work while the broker has accidents, until every reminder is settled."""
    happening = [*ACCIDENTS, *chance.choices(ACCIDENTS, k=max(0, accidents - len(ACCIDENTS)))]
    chance.shuffle(happening)
    with machinery(scene, folder) as broker:
        for accident in happening:
            time.sleep(chance.uniform(0.2, 1.2))
            broker.have(accident, chance)
        wait_until(lambda: not (_owed() or scene.unsettled()))
    scene.post.listener.settle()
    return broker


@contextmanager
def machinery(scene: Scene, folder: Path) -> Iterator[Broker]:
    """A broker of its own, two workers and two schedulers beside the scene's database."""
    folder.mkdir(parents=True, exist_ok=True)
    own = replace(scene.settings, data_dir=folder)
    broker = Broker(folder, own.broker_socket)
    if own.redis_url is not None:
        own = replace(own, redis_url=broker.url)
    beside = replace(scene, settings=own)
    with ExitStack() as running:
        running.callback(broker.kill)
        for number in range(2):
            running.enter_context(beside.worker(threads=8))
            running.enter_context(_beat(beside, number))
        yield broker


@contextmanager
def _beat(scene: Scene, number: int) -> Iterator[None]:
    """A scheduler as the Procfile starts it."""
    process = subprocess.Popen([sys.executable, "-m", *BEAT], env=scene.environment())
    file = scene.settings.data_dir / f"beat-{number}.pid"
    file.write_text(str(process.pid))
    try:
        yield
    finally:
        process.kill()
        process.wait(20)
        file.unlink()


def _owed() -> int:
    """How many reminders have no letter yet."""
    db.session.rollback()
    return db.session.query(Reminder).filter(Reminder.state == ReminderState.PENDING).count()
