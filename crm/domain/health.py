"""Health: whether promises are being kept, judged by heartbeats and by the oldest due row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from crm.database import db
from crm.domain import humane
from crm.models import WAITING, Heartbeat, MailChannel, Message, MessageState, Reminder

#: Beats come every five seconds; three are missed before anybody worries.
SILENT = timedelta(seconds=20)
#: A part that died so recently is not trusted yet, though it was started again.
SHAKEN = timedelta(seconds=5)
#: Nothing due should ever wait so long while all is well.
OVERDUE = timedelta(minutes=5)
FORGOTTEN = timedelta(hours=1)

WORKER, SCHEDULER = "worker", "scheduler"
NAMES = {WORKER: "The worker, which sends letters and imports lists,", SCHEDULER: "The scheduler"}


@dataclass(frozen=True)
class Part:
    """One part of the house, and the sentence that says what is wrong with it."""

    name: str
    well: bool
    sentence: str = ""


def beat(part: str, node: str, *, started_at: datetime, now: datetime) -> None:
    """Somebody is alive; whoever has not been for an hour is forgotten."""
    row = db.session.get(Heartbeat, (part, node))
    if row is None:
        db.session.execute(delete(Heartbeat).where(Heartbeat.part == part, Heartbeat.at < now - FORGOTTEN))
        row = Heartbeat(part=part, node=node, started_at=started_at, at=now)
        db.session.add(row)
    row.at, row.started_at = now, started_at


def parts(*, now: datetime, deaths: Mapping[str, datetime], sends: bool) -> list[Part]:
    """Worker, scheduler and what is due. `deaths` are those that the supervisor saw.

    Without `sends` mail is kept, so that letters which wait are no sign of trouble.
    """
    return [
        _alive(WORKER, now, deaths.get("worker")),
        _alive(SCHEDULER, now, deaths.get("beat")),
        _backlog(now, sends),
    ]


def channel_trouble() -> MailChannel | None:
    """The mail channel, where it is stopped."""
    query = select(MailChannel).where(MailChannel.stopped_at.is_not(None))
    return db.session.scalars(query).first()


def _alive(part: str, now: datetime, died_at: datetime | None) -> Part:
    row = db.session.execute(
        select(func.max(Heartbeat.at), func.max(Heartbeat.started_at)).where(Heartbeat.part == part)
    ).one()
    last, started = row[0], row[1]
    name = NAMES[part]
    if last is None:
        return Part(part, False, f"{name} has not run yet.")
    if now - last > SILENT:
        return Part(part, False, f"{name} was last seen {humane.span(now - last)} ago.")
    if died_at is not None and (started < died_at or now - died_at < SHAKEN):
        return Part(
            part, False, f"{name} stopped {humane.span(now - died_at)} ago and is being started again."
        )
    return Part(part, True)


def _backlog(now: datetime, sends: bool) -> Part:
    oldest = _oldest_due(now, sends)
    if oldest is None or now - oldest < OVERDUE:
        return Part("due", True)
    return Part(
        "due", False, f"Something that was due {humane.span(now - oldest)} ago has not been done yet."
    )


def _oldest_due(now: datetime, sends: bool) -> datetime | None:
    reminder = select(Reminder.due_at).where(Reminder.state.in_(WAITING), Reminder.due_at <= now)
    found = [db.session.scalars(reminder.order_by(Reminder.due_at).limit(1)).first()]
    if sends and channel_trouble() is None:
        letter = select(Message.next_try_at).where(
            Message.state == MessageState.WAITING, Message.next_try_at <= now
        )
        found.append(db.session.scalars(letter.order_by(Message.next_try_at).limit(1)).first())
    return min((at for at in found if at is not None), default=None)
