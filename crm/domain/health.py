"""Health: whether promises are being kept, judged by heartbeats and by the oldest due row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from crm.database import db
from crm.domain import humane, mail
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
    row.at, row.started_at = max(now, row.at), started_at


def parts(*, now: datetime, deaths: Mapping[str, datetime], sends: bool) -> list[Part]:
    """Worker, scheduler and what is due. `deaths` are those that the supervisor saw.

    Without `sends` mail is kept, so that letters which wait are no sign of trouble.
    """
    worker, scheduler = _last(WORKER), _last(SCHEDULER)
    # The worker writes down both: when it is silent, the scheduler is judged by the worker's last word.
    witness = now if worker is None or now - worker <= SILENT else worker
    return [
        _alive(WORKER, worker, now, now, deaths.get("worker")),
        _alive(SCHEDULER, scheduler, now, witness, deaths.get("beat")),
        _backlog(now, sends),
    ]


def channel_trouble() -> MailChannel | None:
    """The mail channel, where it is stopped."""
    query = select(MailChannel).where(MailChannel.stopped_at.is_not(None))
    return db.session.scalars(query).first()


def _last(part: str) -> datetime | None:
    found: datetime | None = db.session.scalar(select(func.max(Heartbeat.at)).where(Heartbeat.part == part))
    return found


def _alive(
    part: str, last: datetime | None, now: datetime, witness: datetime, died_at: datetime | None
) -> Part:
    name = NAMES[part]
    if last is None:
        return Part(part, well=False, sentence=f"{name} has not run yet.")
    if died_at is not None and (last <= died_at or now - died_at < SHAKEN):
        return Part(
            part,
            well=False,
            sentence=f"{name} stopped {humane.span(now - died_at)} ago and is being started again.",
        )
    if witness - last > SILENT:
        return Part(part, well=False, sentence=f"{name} was last seen {humane.span(now - last)} ago.")
    return Part(part, well=True)


def _backlog(now: datetime, sends: bool) -> Part:
    oldest = _oldest_due(now, sends)
    if oldest is None or now - oldest < OVERDUE:
        return Part("due", well=True)
    sentence = f"Something that was due {humane.span(now - oldest)} ago has not been done yet."
    return Part("due", well=False, sentence=sentence)


def _oldest_due(now: datetime, sends: bool) -> datetime | None:
    reminder = select(Reminder.due_at).where(Reminder.state.in_(WAITING), Reminder.due_at <= now)
    found = [db.session.scalars(reminder.order_by(Reminder.due_at).limit(1)).first()]
    if sends and channel_trouble() is None and not mail.is_at_rate(now=now):
        letter = select(Message.next_try_at).where(
            Message.state == MessageState.WAITING, Message.next_try_at <= now
        )
        found.append(db.session.scalars(letter.order_by(Message.next_try_at).limit(1)).first())
    return min((at for at in found if at is not None), default=None)
