"""Rehearsals: a tick of the scheduler, and nothing else, brings a test reminder to a worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crm.database import transaction, utcnow
from crm.domain import rehearsals
from workers.app import app
from workers.health import NODE
from workers.house import house


@app.task(name="workers.rehearsals.take", bind=True)
def take(self: Any) -> int:
    """Take what was asked for before the tick was sent; a hint carries no time, and proves no scheduler."""
    sent_at = getattr(self.request, "sent_at", None)
    return take_asked(datetime.fromisoformat(sent_at)) if sent_at else 0


def take_asked(ticked_at: datetime) -> int:
    """Write the test letters, each in a unit of work of its own; answers how many were ours."""
    taken = 0
    for rehearsal_id in rehearsals.asked(ticked_at=ticked_at):
        with transaction():
            found = rehearsals.take(rehearsal_id, ticked_at=ticked_at, node=NODE, house=house(), now=utcnow())
        taken += found is not None
    return taken
