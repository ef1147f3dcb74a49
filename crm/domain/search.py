"""Search: contacts by any words of their name, organisation, title, address or tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from crm.database import db
from crm.domain import words
from crm.models import Contact, ContactTag, Stage, Workspace, campaign_contacts

#: How much of the notes is searched.
NOTES = 2000


@dataclass(frozen=True)
class Filter:
    """What to look for; an empty field excludes nothing."""

    q: str = ""
    stage: str = ""
    campaign: int | None = None
    tag: str = ""
    #: None: open ones only; "any": every closed one; else those closed for this reason.
    closed: str | None = None


def contacts(
    workspace: Workspace, look_for: Filter, *, limit: int = 50, after: tuple[str, int] | None = None
) -> Sequence[Contact]:
    """Contacts by name; `after` is the (name_key, id) of the last one seen."""
    query = narrow(select(Contact).where(Contact.workspace_id == workspace.id), look_for)
    if after:
        name_key, last = after
        query = query.where(
            (Contact.name_key > name_key) | ((Contact.name_key == name_key) & (Contact.id > last))
        )
    query = query.options(joinedload(Contact.organisation), selectinload(Contact.tags))
    return db.session.scalars(query.order_by(Contact.name_key, Contact.id).limit(limit)).all()


def narrow(query: Select[Contact], look_for: Filter) -> Select[Contact]:
    """A query over contacts with the filter's conditions."""
    query = query.where(Contact.deleted_at.is_(None))
    for word in words.key(look_for.q).split():
        query = query.where(Contact.search_text.contains(word, autoescape=True))
    if look_for.stage:
        query = query.where(Contact.stage == Stage(look_for.stage))
    if look_for.campaign is not None:
        query = query.where(
            Contact.id.in_(
                select(campaign_contacts.c.contact_id).where(
                    campaign_contacts.c.campaign_id == look_for.campaign
                )
            )
        )
    if look_for.tag:
        query = query.where(
            Contact.id.in_(
                select(ContactTag.contact_id).where(
                    ContactTag.workspace_id == Contact.workspace_id,
                    ContactTag.tag_key == words.key(look_for.tag),
                )
            )
        )
    return query.where(_closed(look_for.closed))


def tags(workspace: Workspace, limit: int = 100) -> list[str]:
    """The words in use, for the filter."""
    query = select(ContactTag.tag).where(ContactTag.workspace_id == workspace.id).distinct()
    return sorted(set(db.session.scalars(query.order_by(ContactTag.tag).limit(limit))), key=str.casefold)


def text_of(contact: Contact) -> str:
    """What is searched of a contact, folded."""
    organisation = contact.organisation.name if contact.organisation else ""
    parts = [contact.name, organisation, contact.title, contact.email, contact.phone, contact.source]
    parts += [*contact.tag_names, (contact.notes or "")[:NOTES]]
    return words.key(" ".join(part for part in parts if part))


def _closed(closed: str | None) -> ColumnElement[bool]:
    if closed is None:
        return Contact.closed.is_(None)
    return Contact.closed.is_not(None) if closed == "any" else Contact.closed == closed
