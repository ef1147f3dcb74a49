"""The timeline: everything that happened with a contact, newest first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, tuple_

from crm.database import db
from crm.models import Activity, Contact, Direction, Happened, User


def write(
    contact: Contact,
    kind: Happened,
    text: str,
    *,
    by: User | None,
    at: datetime,
    now: datetime,
    direction: Direction | None = None,
) -> Activity:
    """Add one entry; `at` is when it happened, `now` when it was written down."""
    entry = Activity(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        by_id=by.id if by else None,
        kind=kind,
        direction=direction,
        at=at,
        text=text,
        created_at=now,
    )
    db.session.add(entry)
    return entry


def note_letter(workspace_id: int, contact_id: int, text: str, *, at: datetime) -> None:
    """Add what became of a letter to a contact: one statement, while many letters leave."""
    facts = {"workspace_id": workspace_id, "contact_id": contact_id, "kind": Happened.LETTER}
    db.session.execute(insert(Activity).values(**facts, at=at, text=text, created_at=at))


def of(contact: Contact, *, limit: int = 50, before: tuple[datetime, int] | None = None) -> list[Activity]:
    """A page of a contact's timeline, newest first; `before` is the (at, id) of the last one seen."""
    query = select(Activity).where(
        Activity.workspace_id == contact.workspace_id, Activity.contact_id == contact.id
    )
    if before:
        query = query.where(tuple_(Activity.at, Activity.id) < before)
    query = query.order_by(Activity.at.desc(), Activity.id.desc()).limit(limit)
    return list(db.session.scalars(query))
