"""Organisations: where contacts work, found by any spelling of their name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from crm.database import db
from crm.domain import fields, search, words
from crm.domain.errors import Invalid, NotFound
from crm.models import Contact, Organisation, Workspace

CLEANERS: dict[str, fields.Cleaner] = {
    "name": fields.required("the organisation's name"),
    "website": fields.web_address,
    "phone": fields.line(60),
    "email": fields.email,
    "address": fields.block(1000),
    "notes": fields.block(),
}


def get(workspace: Workspace, organisation_id: int, *, lock: bool = False) -> Organisation:
    """One organisation of this workspace; NotFound otherwise."""
    found = db.session.get(Organisation, organisation_id, with_for_update=lock or None)
    if found is None or found.workspace_id != workspace.id:
        raise NotFound("organisation")
    return found


def named(workspace_id: int, name: str | None, *, now: datetime) -> Organisation | None:
    """The organisation of that name, made where it is new; None for no name."""
    if not name:
        return None
    key = words.key(name)
    return _by_key(workspace_id, key) or _new(workspace_id, name, key, now)


def _new(workspace_id: int, name: str, key: str, now: datetime) -> Organisation | None:
    """A new one, unless somebody else has made it at this moment: then theirs."""
    try:
        with db.session.begin_nested():
            made = Organisation(workspace_id=workspace_id, name=name, name_key=key, created_at=now)
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        return _by_key(workspace_id, key)
    return made


def add(workspace: Workspace, values: dict[str, Any], *, now: datetime) -> Organisation:
    """An employer worth knowing, before anybody there is known (P-L4).

    Raises Invalid for what cannot be used, and where there is one of that name.
    """
    cleaned = fields.clean({"name": None, **values}, CLEANERS)
    if _by_key(workspace.id, words.key(cleaned["name"])) is not None:
        raise Invalid(name="There is an organisation of this name already.")
    organisation = named(workspace.id, cleaned.pop("name"), now=now)
    assert organisation is not None
    change(organisation, cleaned)
    return organisation


def change(organisation: Organisation, values: dict[str, Any]) -> None:
    """Change facts; Invalid where the new name is another organisation's."""
    cleaned = fields.clean(values, CLEANERS)
    if "name" in cleaned:
        other = _by_key(organisation.workspace_id, words.key(cleaned["name"]))
        if other is not None and other.id != organisation.id:
            raise Invalid(name="Another organisation has this name already.")
        organisation.name_key = words.key(cleaned["name"])
    for field, value in cleaned.items():
        setattr(organisation, field, value or "")
    if "name" in cleaned:
        # Contacts are found by where they work.
        for contact in people(organisation, limit=None):
            contact.search_text = search.text_of(contact)


def page(
    workspace: Workspace, *, q: str = "", limit: int = 50, after: int = 0
) -> list[tuple[Organisation, int]]:
    """Organisations with the number of their contacts, in the order of their names; `after` is an offset."""
    counts = (
        select(Contact.organisation_id, func.count().label("contacts"))
        .where(Contact.workspace_id == workspace.id, Contact.deleted_at.is_(None))
        .group_by(Contact.organisation_id)
        .subquery()
    )
    query = (
        select(Organisation, func.coalesce(counts.c.contacts, 0))
        .outerjoin(counts, counts.c.organisation_id == Organisation.id)
        .where(Organisation.workspace_id == workspace.id)
    )
    if q:
        query = query.where(Organisation.name_key.contains(words.key(q), autoescape=True))
    query = query.order_by(Organisation.name_key).offset(after).limit(limit)
    return [(organisation, count) for organisation, count in db.session.execute(query)]


def people(organisation: Organisation, limit: int | None = 200) -> list[Contact]:
    """The contacts who work there."""
    query = select(Contact).where(
        Contact.workspace_id == organisation.workspace_id,
        Contact.organisation_id == organisation.id,
        Contact.deleted_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(Contact.name_key).limit(limit)))


def _by_key(workspace_id: int, name_key: str) -> Organisation | None:
    query = select(Organisation).where(
        Organisation.workspace_id == workspace_id, Organisation.name_key == name_key
    )
    return db.session.scalars(query).first()
