"""Contacts: found, added, changed, closed, put into the trash and taken out again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crm.database import db
from crm.domain import campaigns, fields, mail, organisations, reminders, search, stages, timeline, words
from crm.domain.errors import Invalid, NotAllowed, NotFound
from crm.models import (
    Closed,
    Contact,
    ContactTag,
    Happened,
    InField,
    Interest,
    Stage,
    User,
    WorkRole,
    Workspace,
)

#: How long something stays in the trash.
KEPT = timedelta(days=30)

CLEANERS: dict[str, fields.Cleaner] = {
    "name": fields.required("a name"),
    "email": fields.email,
    "phone": fields.line(60),
    "organisation": fields.line(),
    "title": fields.line(),
    "roles": fields.choices(WorkRole),
    "in_field": fields.choice(InField),
    "source": fields.line(),
    "campaigns": lambda value: list(value or ()),
    "interest": fields.choice(Interest),
    "linkedin_url": fields.web_address,
    "postal_address": fields.block(1000),
    "timezone": fields.timezone,
    "referred_by": fields.as_is,
    "tags": fields.tags,
    "notes": fields.block(),
    "closed": fields.choice(Closed),
}
#: Fields that need more than being set.
LINKED = ("organisation", "campaigns", "referred_by", "tags", "closed")


def get(workspace: Workspace, contact_id: int, *, lock: bool = False, deleted: bool = False) -> Contact:
    """One contact of this workspace; NotFound for others', and for the trash unless `deleted`."""
    query = select(Contact).where(Contact.workspace_id == workspace.id, Contact.id == contact_id)
    if not deleted:
        query = query.where(Contact.deleted_at.is_(None))
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound("contact")
    return found


def add(workspace: Workspace, values: dict[str, Any], *, by: User, now: datetime) -> Contact:
    """Add a located contact and promise to ask. A known address makes a second contact.

    Raises Invalid with a sentence for each field that cannot be used.
    """
    cleaned = fields.clean({"name": None, **values}, CLEANERS)
    contact = Contact(
        workspace_id=workspace.id,
        owner_id=by.id,
        name=cleaned["name"],
        name_key=words.key(cleaned["name"]),
        stage=Stage.LOCATED,
        stage_since=now,
        asks=0,
        created_at=now,
        updated_at=now,
    )
    db.session.add(contact)
    db.session.flush()
    _set(contact, cleaned, now=now)
    source = f" Source: {contact.source}." if contact.source else ""
    timeline.write(contact, Happened.CHANGE, f"Added as a contact.{source}", by=by, at=now, now=now)
    stages.promise(contact, at=now, now=now)
    return contact


def change(contact: Contact, values: dict[str, Any], *, by: User, now: datetime) -> Contact:
    """Change facts; None clears one. Closing stops all promises, reopening makes them anew.

    Raises Invalid with a sentence for each field that cannot be used.
    """
    cleaned = fields.clean(values, CLEANERS)
    before = contact.closed
    interest = contact.interest
    _set(contact, cleaned, now=now)
    contact.updated_at = now
    if contact.closed != before:
        _closed_or_opened(contact, by=by, now=now)
    elif contact.interest != interest and contact.stage is Stage.RECONNECTED:
        reminders.rhythm(contact, now=now)
    return contact


def delete(contact: Contact, *, by: User, now: datetime) -> None:
    """Put a contact into the trash: nobody is written to, nothing is owed any more."""
    if contact.deleted_at is not None:
        return
    contact.deleted_at = contact.updated_at = now
    reminders.drop(contact, None, now=now)
    mail.withdraw_for(contact, "The contact was deleted.")
    timeline.write(contact, Happened.CHANGE, "Deleted.", by=by, at=now, now=now)


def restore(contact: Contact, *, by: User, now: datetime) -> Contact:
    """Take a contact out of the trash with all that was owed. NotAllowed after 30 days."""
    if contact.deleted_at is None:
        return contact
    if now - contact.deleted_at > KEPT:
        raise NotAllowed("This contact was deleted more than 30 days ago and cannot be restored.")
    if not contact.closed:
        reminders.revive(contact, dropped_at=contact.deleted_at, now=now)
    contact.deleted_at, contact.updated_at = None, now
    timeline.write(contact, Happened.CHANGE, "Restored.", by=by, at=now, now=now)
    return contact


def trash(workspace: Workspace, *, now: datetime, limit: int = 100) -> list[Contact]:
    """What can still be restored, latest first."""
    query = select(Contact).where(Contact.workspace_id == workspace.id, Contact.deleted_at > now - KEPT)
    return list(db.session.scalars(query.order_by(Contact.deleted_at.desc()).limit(limit)))


def _set(contact: Contact, values: dict[str, Any], *, now: datetime) -> None:
    for field in values.keys() - set(LINKED):
        setattr(contact, field, values[field])
    if "name" in values:
        contact.name_key = words.key(contact.name)
    if "email" in values:
        contact.email_key = contact.email.casefold() if contact.email else None
    if "organisation" in values:
        contact.organisation = organisations.named(contact.workspace_id, values["organisation"], now=now)
    if "referred_by" in values:
        contact.referred_by_id = _referrer(contact, values["referred_by"])
    if "tags" in values:
        _tag(contact, values["tags"])
    if "closed" in values:
        contact.closed = values["closed"]
    if "campaigns" in values:
        campaigns.assign(contact, values["campaigns"])
    contact.search_text = search.text_of(contact)
    db.session.flush()
    db.session.expire(contact, ["campaigns", "referred_by"])


def _referrer(contact: Contact, referrer_id: int | None) -> int | None:
    if referrer_id is None:
        return None
    query = select(Contact.id).where(Contact.workspace_id == contact.workspace_id, Contact.id == referrer_id)
    if referrer_id == contact.id or db.session.scalars(query).first() is None:
        raise Invalid(referred_by="Choose another contact of yours as the one who referred them.")
    return referrer_id


def _tag(contact: Contact, tags: list[str]) -> None:
    kept = {tag.tag_key: tag for tag in contact.tags}
    contact.tags = [
        kept.get(words.key(tag))
        or ContactTag(workspace_id=contact.workspace_id, tag=tag, tag_key=words.key(tag))
        for tag in tags
    ]


def _closed_or_opened(contact: Contact, *, by: User, now: datetime) -> None:
    if contact.closed:
        word = "Parked" if contact.closed is Closed.PARKED else f"Closed: {contact.closed.replace('_', ' ')}"
        timeline.write(contact, Happened.CHANGE, f"{word}.", by=by, at=now, now=now)
        reminders.drop(contact, None, now=now)
        if contact.closed is Closed.DO_NOT_CONTACT:
            mail.withdraw_for(contact, "The contact asked to be left alone.")
    else:
        timeline.write(contact, Happened.CHANGE, "Reopened.", by=by, at=now, now=now)
        stages.renew(contact, now=now)
