"""Repeats: the same form sent twice within moments is one thing, not two."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crm.database import db
from crm.domain import words
from crm.models import Activity, Contact, User, Workspace

#: Nobody fills in the same form with the same words twice as fast as this.
WITHIN = timedelta(seconds=10)


def contact(workspace: Workspace, values: dict[str, Any], *, by: User, now: datetime) -> Contact | None:
    """Whom this user has just added by the same name and address; None where it is somebody new.

    The user is locked, so that of two forms at once the second finds what the first has made.
    """
    db.session.execute(select(User.id).where(User.id == by.id).with_for_update())
    email = words.key(values.get("email") or "")
    query = select(Contact).where(
        Contact.workspace_id == workspace.id,
        Contact.name_key == words.key(values.get("name") or ""),
        Contact.owner_id == by.id,
        Contact.created_at > now - WITHIN,
        Contact.deleted_at.is_(None),
    )
    found = db.session.scalars(query.order_by(Contact.id.desc())).all()
    return next((one for one in found if words.key(one.email or "") == email), None)


def entry(
    contact: Contact, kind: str, text: str, *, direction: str | None, by: User, now: datetime
) -> Activity | None:
    """What this user has just written into the timeline in the same words; the contact is locked."""
    query = select(Activity).where(
        Activity.workspace_id == contact.workspace_id,
        Activity.contact_id == contact.id,
        Activity.kind == kind,
        Activity.by_id == by.id,
        Activity.text == words.block(text),
        Activity.created_at > now - WITHIN,
    )
    found = db.session.scalars(query.order_by(Activity.id.desc())).first()
    return found if found is not None and (not direction or found.direction == direction) else None
