"""The way out for letters: open, or stopped because nothing would get through; and how fast it may go."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from crm.database import db
from crm.domain.errors import Invalid
from crm.models import MailChannel, Message
from crm.models.message import IS_DOUBTFUL, IS_LEASED

HOUR = timedelta(hours=1)
#: The most that the owner may allow; without a rate there is no limit.
FASTEST = 1_000_000


def channel(*, lock: bool = False) -> MailChannel:
    """The way out. It is open before it was ever used; whoever changes it locks it, and so makes it."""
    query = select(MailChannel).where(MailChannel.id == 1)
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        found = MailChannel(id=1, reason="", said="")
        if lock:
            db.session.add(found)
    return found


def stop_channel(reason: str, *, now: datetime, probe_after: timedelta) -> None:
    """Nothing would get through: keep every letter, try again after the given time."""
    row = channel(lock=True)
    row.stopped_at, row.reason, row.probe_at = row.stopped_at or now, reason, now + probe_after
    row.said, row.said_at = reason, now


def open_channel() -> None:
    """It works (again)."""
    row = channel(lock=True)
    row.stopped_at, row.reason, row.probe_at = None, "", None


def note(said: str, *, now: datetime) -> None:
    """Write down the server's last word."""
    row = channel(lock=True)
    row.said, row.said_at = said[:2000], now


def set_rate(per_hour: int | None) -> None:
    """Let at most so many letters leave within an hour; None: as many as there are.

    Raises Invalid for a number that is no rate.
    """
    if per_hour is not None and not 1 <= per_hour <= FASTEST:
        raise Invalid(per_hour=f"Give a number between 1 and {FASTEST:,}, or leave it empty for no limit.")
    channel(lock=True).per_hour = per_hour


def is_at_rate(*, now: datetime) -> bool:
    """Whether as many letters left within the last hour as may, so that the others wait for their turn."""
    per_hour = channel().per_hour
    return per_hour is not None and _leaving(now) >= per_hour


def room(wanted: int, *, now: datetime) -> int:
    """How many of the letters wanted can go now; decided under the channel's lock where there is a rate."""
    rate = select(MailChannel.per_hour).where(MailChannel.id == 1)
    if db.session.scalar(rate) is None:
        return wanted
    per_hour = db.session.scalar(rate.with_for_update())
    return wanted if per_hour is None else max(0, min(wanted, per_hour - _leaving(now)))


def _leaving(now: datetime) -> int:
    """How many left within the last hour, or may be leaving just now."""
    gone = select(func.count()).select_from(Message).where(Message.sent_at > now - HOUR)
    held = select(func.count()).select_from(Message)
    counts = (gone, held.where(IS_LEASED), held.where(IS_DOUBTFUL))
    return sum(db.session.scalar(count) or 0 for count in counts)
