"""Transfers: lists are loaded piece by piece, each piece a unit of work of its own."""

from __future__ import annotations

import time
from threading import BoundedSemaphore, Event

from crm.database import transaction, utcnow
from crm.domain import transfers
from crm.domain.transfers import Listing, Unreadable
from workers.app import app
from workers.house import is_stopping

#: Seconds that one task works; then it lets go, and the next tick goes on.
SHIFT = 20.0
#: Lists that one process loads side by side; its other threads are for letters, which are due at a time.
_desks = BoundedSemaphore(2)
#: SQLite has one writer and no queue: between two pieces, in seconds, letters get their turn.
BREATH = 0.03
_breath = Event()


@app.task(name="workers.transfers.run")
def run(shift: float = SHIFT) -> int:
    """Go on with the oldest list that nobody works on; answers how many pieces were loaded."""
    if not _desks.acquire(blocking=False):
        return 0
    try:
        with transaction():
            transfers.drop_drafts(now=utcnow())
            claimed = transfers.claim(now=utcnow())
            import_id = claimed.id if claimed else None
        return _work(import_id, shift) if import_id else 0
    finally:
        _desks.release()


def _work(import_id: int, shift: float) -> int:
    """One piece after the other. What breaks a piece is raised, and the list is tried again a few times."""
    done, until = 0, time.monotonic() + shift
    try:
        listing = _open(import_id)
        while listing and _step(import_id, listing):
            done += 1
            if time.monotonic() > until or is_stopping():
                break
            _breath.wait(BREATH)
    finally:
        with transaction():
            transfers.release(import_id)
    return done


def _open(import_id: int) -> Listing | None:
    """The list, read once for all pieces; nothing is locked while a large one is looked through."""
    found = transfers.claimed(import_id, lock=False)
    if found is None or found.state not in transfers.RUNNING:
        return None
    try:
        return transfers.open_list(found)
    except Unreadable as problem:
        _give_up(import_id, problem.sentence)
        return None


def _give_up(import_id: int, sentence: str) -> None:
    """The list is none after all; its file is gone where it was undone a moment ago."""
    with transaction():
        found = transfers.claimed(import_id)
        if found is not None and found.state in transfers.RUNNING:
            transfers.fail(found, sentence, now=utcnow())


def _step(import_id: int, listing: Listing) -> bool:
    """One piece, under the lock of its import: who was undone meanwhile is left alone."""
    with transaction():
        found = transfers.claimed(import_id)
        return found is not None and transfers.step(found, now=utcnow(), listing=listing)
