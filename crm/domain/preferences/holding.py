"""Holding: whether a letter may come to a user now, asked when it is about to leave."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import select, update

from crm.database import db
from crm.domain import clock
from crm.domain.preferences.quiet import Quiet
from crm.models import Message, MessageState, Preference, User

#: What stands at a letter that is held.
HELD = "This letter waits until your quiet hours are over."


def held_until(*, user_id: int, workspace_id: int, now: datetime) -> datetime | None:
    """When a letter to this user may go that quiet hours or a day off hold now; None: it may go.

    One query by a unique index. What is urgent is not asked about.
    """
    query = select(Preference.quiet_from, Preference.quiet_until, Preference.days_off, User.timezone)
    query = query.join(User, User.id == Preference.user_id).where(
        Preference.workspace_id == workspace_id, Preference.user_id == user_id
    )
    found = db.session.execute(query).first()
    if found is None:
        return None
    begin, end, days_off, zone = found
    return quiet(begin, end, days_off).until(now, clock.zone(zone))


def look_again(*, user_id: int, workspace_id: int | None = None, now: datetime) -> None:
    """The user's wishes or clocks have changed: whether letters are still held is asked anew at once."""
    query = update(Message).where(
        Message.user_id == user_id, Message.state == MessageState.WAITING, Message.server_reply == HELD
    )
    if workspace_id is not None:
        query = query.where(Message.workspace_id == workspace_id)
    db.session.execute(query.values(next_try_at=now).execution_options(synchronize_session=False))


def quiet(begin: str | None, end: str | None, days_off: tuple[str, ...]) -> Quiet:
    """The wishes as a row holds them."""
    hours = (time.fromisoformat(begin), time.fromisoformat(end)) if begin and end else None
    return Quiet(hours, days_off)
