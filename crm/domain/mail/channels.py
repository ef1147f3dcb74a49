"""The way out for letters: open, or stopped because nothing would get through."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from crm.database import db
from crm.models import MailChannel


def channel(*, lock: bool = False) -> MailChannel:
    """The way out; made at first use."""
    query = select(MailChannel).where(MailChannel.id == 1)
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        found = MailChannel(id=1)
        db.session.add(found)
    return found


def stop_channel(reason: str, *, now: datetime, probe_after: timedelta) -> None:
    """Nothing would get through: keep every letter, try again after the given time."""
    row = channel(lock=True)
    row.stopped_at, row.reason, row.probe_at = row.stopped_at or now, reason, now + probe_after


def open_channel() -> None:
    """It works (again)."""
    row = channel(lock=True)
    row.stopped_at, row.reason, row.probe_at = None, "", None
