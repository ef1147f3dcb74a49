"""Mail: the only place from which letters leave."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Lock

from crm.database import transaction, utcnow
from crm.domain import mail
from crm.wake import wake
from workers.app import app
from workers.batches import PROBE, Batch
from workers.house import is_stopping, settings

#: Seconds that one task works; then it lets go, and the next tick goes on.
SHIFT = 20.0
#: One connection a process: its other threads are for what is due besides, and SQLite has one writer.
_desk = Lock()


@app.task(name="workers.mail.drain")
def drain(shift: float = SHIFT) -> int:
    """Send what waits, batch by batch; answers how many letters the server took."""
    if not _desk.acquire(blocking=False):
        return 0
    try:
        return _work(time.monotonic() + shift)
    finally:
        _desk.release()


def _work(until: float) -> int:
    """One connection after the other, until nothing is due, nothing gets through, or the shift is over."""
    taken = 0
    while _may_try() and not is_stopping() and time.monotonic() < until:
        target = settings().smtp
        assert target is not None
        batch = Batch(target, settings().mail_journal or "")
        if not batch.open():
            break
        if batch.is_full:
            # There is more than one connection carries: other workers come and help, if there are any.
            wake("mail.drain")
        goes_on = batch.run()
        taken += batch.sent
        if not goes_on:
            break
    return taken


def _may_try() -> bool:
    """Whether a letter is due, and the channel is open, or a stopped one is to be probed now."""
    now = utcnow()
    with transaction():
        mail.recover(now=now)
        if settings().smtp is None or not mail.is_due(now=now):
            return False
        if mail.channel().stopped_at is None:
            return True
        channel = mail.channel(lock=True)
        if channel.probe_at is not None and channel.probe_at > now:
            return False
        # One prober at a time: the others see this and wait.
        channel.probe_at = now + timedelta(seconds=PROBE[1])
        return True
