"""Health: whether promises are being kept, judged by heartbeats and by the oldest due row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from crm.database import db
from crm.domain import humane
from crm.domain.health import overdue
from crm.models import Heartbeat, MailChannel

#: Beats come every five seconds; three are missed before anybody worries.
SILENT = timedelta(seconds=20)
#: A part that died so recently is not trusted yet, though it was started again.
SHAKEN = timedelta(seconds=5)
#: As long as a journal's copy may take where nothing else is set.
GRACE = timedelta(hours=1)
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


def parts(
    *, now: datetime, deaths: Mapping[str, datetime], sends: bool, grace: timedelta = GRACE
) -> list[Part]:
    """Worker, scheduler and what is due. `deaths` are those that the supervisor saw.

    Without `sends` mail is kept, so that letters which wait are no sign of trouble. `grace` is how long a
    journal's copy may take.
    """
    worker, scheduler = last_beat(WORKER), last_beat(SCHEDULER)
    # The worker writes down both: when it is silent, the scheduler is judged by the worker's last word.
    witness = now if worker is None or now - worker <= SILENT else worker
    return [
        _alive(WORKER, worker, now, now, deaths.get("worker")),
        _alive(SCHEDULER, scheduler, now, witness, deaths.get("beat")),
        _backlog(now, sends, grace),
    ]


def silent_since(asked_at: datetime) -> str:
    """Which part has given no sign since somebody asked for something, in a sentence.

    A worker answers hints too, and writes down the time of a tick, so that the two can be told apart.
    """
    worker, scheduler = last_beat(WORKER), last_beat(SCHEDULER)
    if worker is None or worker <= asked_at:
        return "No worker has given a sign of life since."
    if scheduler is None or scheduler <= asked_at:
        return "A worker is there, but the scheduler has sent no tick since."
    return "Scheduler and worker are there; the worker has not come round to it yet."


def last_beat(part: str) -> datetime | None:
    """When the worker or the scheduler was last seen."""
    found: datetime | None = db.session.scalar(select(func.max(Heartbeat.at)).where(Heartbeat.part == part))
    return found


def channel_trouble() -> MailChannel | None:
    """The mail channel, where it is stopped."""
    query = select(MailChannel).where(MailChannel.stopped_at.is_not(None))
    return db.session.scalars(query).first()


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


def _backlog(now: datetime, sends: bool, grace: timedelta) -> Part:
    """Letters that a stopped channel or a rate holds back are told elsewhere: nothing of ours is ill."""
    letters = sends and channel_trouble() is None and not overdue.is_paced(now)
    found = overdue.oldest(now=now, letters=letters, grace=grace)
    if found is None or now - found.at < overdue.OVERDUE:
        return Part("due", well=True)
    return Part("due", well=False, sentence=found.sentence(now))
