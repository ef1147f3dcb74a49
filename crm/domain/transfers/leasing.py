"""Who works on an import: a lease that runs out, so that a killed worker's list goes on with another."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from crm.database import db
from crm.domain.transfers.loading import LEASE, RUNNING, fail
from crm.models import Import, ImportFile, ImportState

#: So often a list may be taken up without getting a piece further; then it is what stops the workers.
MOST_ATTEMPTS = 3
STUCK = (
    "Something in this list stops us each time, and it was written down. What was brought in before that "
    "stays; undo it, or divide the list and import the parts."
)
#: A list that was looked at and never confirmed holds other people's addresses for no purpose.
DRAFTS_LAST = timedelta(days=1)
DRAFTS_AT_ONCE = 50


def claim(*, now: datetime) -> Import | None:
    """The oldest import that nobody works on, leased to the caller; None where there is none.

    One that was taken up too often without getting any further comes back as failed.
    """
    query = (
        select(Import)
        .where(Import.state.in_(RUNNING), or_(Import.lease_until.is_(None), Import.lease_until < now))
        .order_by(Import.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = db.session.scalars(query).first()
    if found is not None:
        found.lease_until = now + LEASE
        found.attempts += 1
        if found.attempts > MOST_ATTEMPTS:
            fail(found, STUCK, now=now)
    return found


def claimed(import_id: int, *, lock: bool = True) -> Import | None:
    """The import that a worker has claimed, as it stands now."""
    query = select(Import).where(Import.id == import_id)
    return db.session.scalars(query.with_for_update() if lock else query).first()


def release(import_id: int) -> None:
    """Let whoever comes next go on at once."""
    found = claimed(import_id)
    if found is not None:
        found.lease_until = None


def drop_drafts(*, now: datetime) -> None:
    """Throw away lists that were looked at and never confirmed."""
    query = select(Import.id).where(Import.state == ImportState.DRAFT, Import.created_at < now - DRAFTS_LAST)
    ids = db.session.scalars(query.limit(DRAFTS_AT_ONCE).with_for_update(skip_locked=True)).all()
    if ids:
        db.session.execute(delete(ImportFile).where(ImportFile.import_id.in_(ids)))
        db.session.execute(delete(Import).where(Import.id.in_(ids)))
