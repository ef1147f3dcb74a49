"""Heartbeats: a tick that was sent, taken and run proves scheduler and worker in one."""

from __future__ import annotations

import os
import socket
from datetime import datetime
from typing import Any

from crm.database import transaction, utcnow
from crm.domain import health, idempotency, inbox, notifications, rehearsals
from workers.app import app

NODE = f"{socket.gethostname()[:80]}:{os.getpid()}"
STARTED_AT = utcnow()


@app.task(name="workers.health.beat", bind=True)
def beat(self: Any) -> None:
    """Write down that this worker lives, and when the scheduler sent the tick."""
    sent_at = getattr(self.request, "sent_at", None)
    with transaction():
        health.beat(health.WORKER, NODE, started_at=STARTED_AT, now=utcnow())
        if sent_at:
            health.beat(health.SCHEDULER, "any", started_at=STARTED_AT, now=datetime.fromisoformat(sent_at))


@app.task(name="workers.health.sweep")
def sweep() -> None:
    """Forget what is kept for a while only."""
    with transaction():
        idempotency.sweep(now=utcnow())
    with transaction():
        notifications.sweep(now=utcnow())
    with transaction():
        rehearsals.sweep(now=utcnow())
    with transaction():
        inbox.sweep(now=utcnow())
