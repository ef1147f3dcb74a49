"""Reminders: what has come due is written, a few rows a unit of work."""

from __future__ import annotations

from crm.database import transaction, utcnow
from crm.domain.reminders import writing
from crm.wake import wake
from workers.app import app
from workers.house import house

#: One task works at most so many batches; the next tick goes on.
BATCHES = 40


@app.task(name="workers.reminders.write_due")
def write_due() -> int:
    """Turn the reminders that are due into letters."""
    written = 0
    for _ in range(BATCHES):
        with transaction():
            moved = writing.write_due(house=house(), now=utcnow())
        written += moved
        if moved < writing.BATCH:
            break
    if written:
        # The tick that sends came along with this one, and found nothing yet.
        wake("mail.drain")
    return written
