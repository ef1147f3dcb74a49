"""Reading: the bell's count, the list behind it, and what was seen of it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, false, func, or_, select, update
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain.errors import NotFound
from crm.models import SETTLED, Notification, Reminder, User, Workspace


class Mark(NamedTuple):
    """What stands on the bell: how many are new, and the newest of them (0 where none is)."""

    new: int
    newest: int


def get(workspace: Workspace, user: User, notification_id: int, *, lock: bool = False) -> Notification:
    """One notification of this user; NotFound otherwise."""
    query = select(Notification).where(*_of(workspace, user), Notification.id == notification_id)
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound("notification")
    return found


def mark(workspace: Workspace, user: User) -> Mark:
    """How many nobody has seen or acted on yet."""
    new, newest = db.session.execute(select(*mark_values(workspace, user))).one()
    return Mark(new, newest or 0)


def mark_values(workspace: Workspace, user: User) -> tuple[ScalarSelect[int], ScalarSelect[int | None]]:
    """The two of a Mark as values for a statement that asks for more."""
    of_user, reminder = _of(workspace, user), Notification.reminder
    new = select(func.count(Notification.id)).outerjoin(reminder).where(*of_user, *_new())
    newest = select(func.max(Notification.id)).outerjoin(reminder).where(*of_user, *_new())
    return new.scalar_subquery(), newest.scalar_subquery()


def page(
    workspace: Workspace, user: User, *, new: bool | None = None, limit: int = 50, before: int | None = None
) -> list[Notification]:
    """Notifications, newest first; `new` asks for those alone that are news, or for all others.

    `before` is the id of the last one seen.
    """
    query = select(Notification).outerjoin(Notification.reminder).where(*_of(workspace, user))
    if new is not None:
        query = query.where(*(_new() if new else [_old()]))
    if before:
        query = query.where(Notification.id < before)
    query = query.options(joinedload(Notification.reminder)).order_by(Notification.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def see(notification: Notification, *, now: datetime) -> Notification:
    """The user has seen it; the first time counts."""
    notification.seen_at = notification.seen_at or now
    return notification


def see_all(workspace: Workspace, user: User, *, until: int | None = None, now: datetime) -> None:
    """The user has seen all; with `until`, all up to the one with this id: the newest that was shown."""
    query = update(Notification).where(*_of(workspace, user), Notification.seen_at.is_(None))
    if until is not None:
        query = query.where(Notification.id <= until)
    db.session.execute(query.values(seen_at=now).execution_options(synchronize_session=False))


def _of(workspace: Workspace, user: User) -> list[ColumnElement[bool]]:
    return [Notification.workspace_id == workspace.id, Notification.user_id == user.id]


def _new() -> list[ColumnElement[bool]]:
    """As `Notification.is_news` has it, for the database."""
    return [Notification.seen_at.is_(None), ~_settled()]


def _old() -> ColumnElement[bool]:
    return or_(Notification.seen_at.is_not(None), _settled())


def _settled() -> ColumnElement[bool]:
    return func.coalesce(Reminder.state.in_(SETTLED), false())
