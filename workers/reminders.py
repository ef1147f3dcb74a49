"""Reminders: what has come due is written, a few rows a unit of work."""

from __future__ import annotations

from crm.database import transaction, utcnow
from crm.domain.reminders import digests, looking_ahead, writing
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


@app.task(name="workers.reminders.write_digests")
def write_digests() -> int:
    """Write the digests and the looks ahead whose hour has come; answers how many users were looked at."""
    looked_at = 0
    for write, batch in (
        (digests.write_digests, digests.BATCH),
        (looking_ahead.write_look_aheads, looking_ahead.BATCH),
    ):
        for _ in range(BATCHES):
            with transaction():
                found = write(house=house(), now=utcnow())
            looked_at += found
            if found < batch:
                break
    if looked_at:
        wake("mail.drain")
    return looked_at
