"""Claiming: promises that are due, with all that their letters speak of, in a few queries a batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.database import db
from crm.models import Contact, Reminder, User
from crm.models.reminder import IS_WAITING

#: So many times as many owners are looked at, so that several workers each find some that are free.
CANDIDATES = 4
#: One by one these would be five queries a letter.
SPOKEN_OF = (
    selectinload(Reminder.owner),
    selectinload(Reminder.interview),
    selectinload(Reminder.contact).options(
        joinedload(Contact.workspace), joinedload(Contact.organisation), selectinload(Contact.referred_by)
    ),
)


def claim(now: datetime, limit: int) -> Sequence[Reminder]:
    """Promises that are due, oldest first, of owners whom nobody else is writing to at the moment.

    Else two workers would each find a part of what is late, and write two letters about it.
    """
    # The condition of the index word for word: no database proves that a parameter fits it.
    owners = select(Reminder.owner_id).where(IS_WAITING, Reminder.due_at <= now)
    owners = owners.group_by(Reminder.owner_id).order_by(func.min(Reminder.due_at))
    waiting = db.session.scalars(owners.limit(limit * CANDIDATES)).all()
    if not waiting:
        return []
    places = case({owner: place for place, owner in enumerate(waiting)}, value=User.id)
    mine = select(User.id).where(User.id.in_(waiting)).order_by(places).limit(limit)
    mine = mine.with_for_update(skip_locked=True, key_share=True)
    query = select(Reminder).where(
        IS_WAITING, Reminder.due_at <= now, Reminder.owner_id.in_(db.session.scalars(mine).all())
    )
    query = query.order_by(Reminder.due_at, Reminder.id).limit(limit).with_for_update(skip_locked=True)
    return db.session.scalars(query.options(*SPOKEN_OF)).all()
