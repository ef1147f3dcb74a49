"""Search: contacts by any words of their name, organisation, title, address or tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, literal, select, true, tuple_, union_all
from sqlalchemy.orm import joinedload, selectinload

from crm.database import db
from crm.domain import words
from crm.models import Campaign, Contact, ContactTag, Stage, Workspace, campaign_contacts

Columns = TypeVarTuple("Columns")

#: How much of the notes is searched.
NOTES = 2000
#: So many words of a search are looked for; each costs a condition, and databases take only so many.
WORDS = 20


@dataclass(frozen=True)
class Filter:
    """What to look for; an empty field excludes nothing."""

    q: str = ""
    stage: str = ""
    campaign: int | None = None
    tag: str = ""
    #: None: open ones only; "any": every closed one; "all": open or not; else closed for this reason.
    closed: str | None = None


@dataclass(frozen=True)
class Choices:
    """What a list can be narrowed to: campaigns with their ids, and the tags in use."""

    campaigns: list[tuple[int, str]]
    tags: list[str]


def contacts(
    workspace: Workspace,
    look_for: Filter,
    *,
    limit: int = 50,
    after: tuple[str, int] | None = None,
    before: tuple[str, int] | None = None,
) -> Sequence[Contact]:
    """Contacts by name; `after` is the (name_key, id) of the last one seen, `before` of the first one."""
    query = narrow(select(Contact).where(Contact.workspace_id == workspace.id), look_for)
    query = query.options(joinedload(Contact.organisation), selectinload(Contact.tags)).limit(limit)
    place = tuple_(Contact.name_key, Contact.id)
    if before:
        query = query.where(place < before).order_by(Contact.name_key.desc(), Contact.id.desc())
        return db.session.scalars(query).all()[::-1]
    if after:
        query = query.where(place > after)
    return db.session.scalars(query.order_by(Contact.name_key, Contact.id)).all()


def count(workspace: Workspace, look_for: Filter, *, most: int) -> int:
    """How many contacts there are; counting stops one above `most`."""
    some = narrow(select(Contact.id).where(Contact.workspace_id == workspace.id), look_for)
    return db.session.scalar(select(func.count()).select_from(some.limit(most + 1).subquery())) or 0


def narrow(query: Select[*Columns], look_for: Filter) -> Select[*Columns]:
    """A query over contacts with the filter's conditions."""
    query = query.where(Contact.deleted_at.is_(None))
    for word in words.key(look_for.q).split()[:WORDS]:
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


def choices(workspace: Workspace, limit: int = 200) -> Choices:
    """What there is to narrow a list to, in one statement."""
    mine = select(Campaign.id, Campaign.name).where(
        Campaign.workspace_id == workspace.id, Campaign.deleted_at.is_(None)
    )
    used = select(literal(0), ContactTag.tag).where(ContactTag.workspace_id == workspace.id).distinct()
    rows = db.session.execute(union_all(*(select(part.limit(limit).subquery()) for part in (mine, used))))
    found = sorted(((row[0], row[1]) for row in rows), key=lambda row: row[1].casefold())
    tags = {words.key(name): name for number, name in found if not number}
    return Choices([row for row in found if row[0]], list(tags.values()))


def text_of(contact: Contact) -> str:
    """What is searched of a contact, folded."""
    organisation = contact.organisation.name if contact.organisation else ""
    parts = [contact.name, organisation, contact.title, contact.email, contact.phone, contact.source]
    parts += [*contact.tag_names, (contact.notes or "")[:NOTES]]
    return words.key(" ".join(part for part in parts if part))


def _closed(closed: str | None) -> ColumnElement[bool]:
    if closed == "all":
        return true()
    if closed is None:
        return Contact.closed.is_(None)
    return Contact.closed.is_not(None) if closed == "any" else Contact.closed == closed
