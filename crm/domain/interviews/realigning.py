"""Realigning: where countries change their clocks, the time that was agreed on stays on the wall."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from crm.database import db
from crm.domain import clock, mail
from crm.domain.interviews.planning import change
from crm.models import Contact, Interview, InterviewState, User

#: Few enough for one unit of work.
BATCH = 200


def realign(*, house: mail.Letterhead, now: datetime, after: int = 0) -> int:
    """Move talks whose zone has other rules than when they were planned; everybody hears of it.

    Looks at a batch of those after an id, and answers the id to go on from: 0 at the end. New
    rules come with a new version of the zone data.
    """
    query = (
        select(Interview)
        .join(Contact, Contact.id == Interview.contact_id)
        .where(
            Interview.id > after,
            Interview.state == InterviewState.PLANNED,
            Interview.starts_at > now,
            Contact.deleted_at.is_(None),
        )
    )
    query = query.order_by(Interview.id).limit(BATCH).with_for_update(of=Interview, skip_locked=True)
    found = db.session.scalars(query).all()
    for interview in found:
        where = clock.zone(interview.timezone)
        if clock.wall(interview.starts_at, where) != interview.wall_start:
            owner = db.session.get_one(User, interview.owner_id)
            meant = clock.instant(interview.wall_start, where)
            change(interview, {"starts_at": meant}, by=owner, now=now, house=house)
    return found[-1].id if len(found) == BATCH else 0
