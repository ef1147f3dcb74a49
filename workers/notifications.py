"""Notifications: what is on its way to devices. A task of its own, so that letters never wait for it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from random import SystemRandom
from threading import BoundedSemaphore

from crm.database import transaction, utcnow
from crm.domain.notifications import pushing
from crm.domain.notifications.pushing import Claimed
from workers.app import app
from workers.house import settings
from workers.push import Answer, Courier, Verdict

#: Seconds that one task works; then it lets go, and the next tick goes on.
SHIFT = 20.0
#: So many push services are spoken to side by side.
LINES = 8
CHANCE = SystemRandom()
#: One task of a process at a time; its other threads are for letters.
_desk = BoundedSemaphore(1)


@app.task(name="workers.notifications.push")
def push(shift: float = SHIFT) -> int:
    """Send what waits; answers how many pushes were dealt with."""
    if settings().never_send or not _desk.acquire(blocking=False):
        return 0
    try:
        done, until = 0, time.monotonic() + shift
        while time.monotonic() < until and (batch := _claim()):
            _send(batch)
            done += len(batch)
        return done
    finally:
        _desk.release()


def _claim() -> list[Claimed]:
    with transaction():
        return pushing.claim(now=utcnow())


def _send(batch: list[Claimed]) -> None:
    """Side by side, so that a slow push service holds up few; what became of each is its own commit."""
    courier = Courier(settings())
    with ThreadPoolExecutor(min(LINES, len(batch)), "push") as lines:
        sent = {lines.submit(courier.send, claimed): claimed for claimed in batch}
        for answered in as_completed(sent):
            with transaction():
                _settle(sent[answered], answered.result())


def _settle(claimed: Claimed, answer: Answer) -> None:
    now = utcnow()
    if answer.verdict is Verdict.TAKEN:
        pushing.sent(claimed, answer.reply, now=now)
    elif answer.verdict is Verdict.GONE:
        pushing.gone(claimed)
    elif answer.verdict is Verdict.REFUSED:
        pushing.failed(claimed, answer.reply)
    else:
        pushing.put_back(claimed, answer.reply, now=now, jitter=CHANCE.random(), wait=answer.wait)
