"""The picture: how things stand for one user, and for the whole installation. Counts stop at a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, Select, Subquery, func, select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain.health.parts import SCHEDULER, WORKER
from crm.models import WAITING, Heartbeat, Kind, Message, MessageState, Push, Reminder, User, Workspace
from crm.models.message import IS_DOUBTFUL, IS_LEASED, IS_QUEUED, IS_SENT, IS_UNCERTAIN
from crm.models.notification import IS_PUSHABLE
from crm.models.reminder import IS_WAITING

#: Nobody needs to know a backlog more exactly than up to here.
MOST = 1000
NEXT = 10
#: A process that was silent for longer is not shown.
WORKERS = 20


@dataclass(frozen=True)
class Mine:
    """What one user may know of how their reminders run."""

    last_tick_at: datetime | None
    last_letter_at: datetime | None
    oldest_due_at: datetime | None
    #: Reminders that are due and not told yet, and letters to the user that wait.
    reminders: int
    letters: int
    next: Sequence[Reminder]


class Coming(NamedTuple):
    """A reminder of anybody's: nothing of whom it is about."""

    kind: Kind
    due_at: datetime
    email: str


@dataclass(frozen=True)
class Whole:
    """What the owner of the installation sees besides."""

    workers: Sequence[Heartbeat]
    last_letter_at: datetime | None
    #: The reminder that has been due for the longest.
    oldest_due_at: datetime | None
    #: How many there are, by what they are: "reminders due", "letters waiting", …
    backlog: dict[str, int]
    next: Sequence[Coming]


def mine(workspace: Workspace, user: User, *, now: datetime) -> Mine:
    """How things stand for a user, in two statements."""
    reminders = select(Reminder).where(
        Reminder.workspace_id == workspace.id, Reminder.owner_id == user.id, Reminder.state.in_(WAITING)
    )
    due = reminders.where(Reminder.due_at <= now)
    letters = _latest_letters(workspace, user)
    figures = (
        _last_beat(SCHEDULER),
        _last_letter_to(workspace, user),
        due.with_only_columns(func.min(Reminder.due_at)).scalar_subquery(),
        _count(due.with_only_columns(Reminder.id)),
        _count(select(letters.c.id).where(letters.c.state == MessageState.WAITING)),
    )
    coming = reminders.where(Reminder.due_at > now).options(joinedload(Reminder.contact))
    coming = coming.order_by(Reminder.due_at, Reminder.id).limit(NEXT)
    tick, letter, due_at, reminders_due, waiting = db.session.execute(select(*figures)).one()
    return Mine(tick, letter, due_at, reminders_due, waiting, db.session.scalars(coming).all())


def whole(*, now: datetime) -> Whole:
    """How things stand for everybody, in three statements."""
    beats = select(Heartbeat).where(Heartbeat.part == WORKER).order_by(Heartbeat.at.desc(), Heartbeat.node)
    counts = _counts(now)
    figures = (_last_letter(), _first_due(now), *map(_count, counts.values()))
    last, due, *many = db.session.execute(select(*figures)).one()
    return Whole(
        workers=db.session.scalars(beats.limit(WORKERS)).all(),
        last_letter_at=last,
        oldest_due_at=due,
        backlog=dict(zip(counts, many, strict=True)),
        next=_coming(now),
    )


def _counts(now: datetime) -> dict[str, Select[Any]]:
    """What is counted, each off an index that holds nothing else."""
    letters = select(Message.id)
    return {
        "reminders due": select(Reminder.id).where(IS_WAITING, Reminder.due_at <= now),
        "letters due": letters.where(IS_QUEUED, Message.next_try_at <= now),
        "letters for later": letters.where(IS_QUEUED, Message.next_try_at > now),
        "letters under way": letters.where(IS_LEASED),
        "letters in doubt": letters.where(IS_DOUBTFUL),
        "letters uncertain": letters.where(IS_UNCERTAIN),
        "notifications to devices": select(Push.id).where(IS_PUSHABLE),
    }


def _coming(now: datetime) -> list[Coming]:
    """The next reminders of all; the condition stands inside, where its words mean one table alone."""
    first = select(Reminder.owner_id, Reminder.kind, Reminder.due_at).where(IS_WAITING, Reminder.due_at > now)
    few = first.order_by(Reminder.due_at).limit(NEXT).subquery()
    query = select(few.c.kind, few.c.due_at, User.email).join(User, User.id == few.c.owner_id)
    return [Coming(*row) for row in db.session.execute(query.order_by(few.c.due_at))]


def _latest_letters(workspace: Workspace, user: User) -> Subquery:
    """A user's letters among the workspace's latest; what waits is never far back."""
    columns = (Message.id, Message.user_id, Message.state)
    latest = select(*columns).where(Message.workspace_id == workspace.id).order_by(Message.id.desc())
    few = latest.limit(MOST).subquery()
    return select(few).where(few.c.user_id == user.id).subquery()


def _last_letter_to(workspace: Workspace, user: User) -> ScalarSelect[Any]:
    """When a letter last left to a user, not for them to a contact."""
    letters = select(Message.sent_at).where(
        IS_SENT,
        Message.workspace_id == workspace.id,
        Message.user_id == user.id,
        Message.to_contact.is_(False),
    )
    return letters.order_by(Message.sent_at.desc()).limit(1).scalar_subquery()


def _last_letter() -> ScalarSelect[Any]:
    letters = select(Message.sent_at).where(Message.sent_at.is_not(None))
    return letters.order_by(Message.sent_at.desc()).limit(1).scalar_subquery()


def _first_due(now: datetime) -> ScalarSelect[Any]:
    first = select(Reminder.due_at).where(IS_WAITING, Reminder.due_at <= now)
    return first.order_by(Reminder.due_at).limit(1).scalar_subquery()


def _last_beat(part: str) -> ScalarSelect[Any]:
    return select(func.max(Heartbeat.at)).where(Heartbeat.part == part).scalar_subquery()


def _count(rows: Select[Any]) -> ScalarSelect[Any]:
    return select(func.count()).select_from(rows.limit(MOST).subquery()).scalar_subquery()
