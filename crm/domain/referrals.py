"""Referrals: who led to whom, found again by what people call them (P-L3)."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import search, words
from crm.domain.errors import Invalid
from crm.models import Contact, Workspace

#: What tells two of the same name and organisation apart: "Ada Ek, Water Works (#12)".
NUMBER = re.compile(r"\(#(\d{1,9})\)$")
#: More of the same name than anybody chooses among.
SAME = 20


def label(contact: Contact) -> str:
    """What somebody is called among others: the name, and where they work."""
    return f"{contact.name}, {contact.organisation.name}" if contact.organisation else contact.name


def suggest(workspace: Workspace, q: str, *, limit: int = 8) -> list[str]:
    """What could be meant by the beginning of a name; each of them finds one contact."""
    if not q.strip():
        return []
    found = search.contacts(workspace, search.Filter(q=q, closed="all"), limit=limit)
    return _labels(list(found))


def find(workspace: Workspace, text: str) -> Contact | None:
    """The contact of that name or label, None for no text.

    Raises Invalid, for the field `referred_by`, where there is nobody or more than one.
    """
    text = words.line(text)
    if not text:
        return None
    found = _candidates(workspace, text)
    if not found:
        raise Invalid(
            referred_by=f"No contact of yours is called “{text[:80]}”. Add them first, or leave this empty."
        )
    if len(found) > 1:
        names = "; ".join(_labels(found))
        raise Invalid(referred_by=f"Several contacts are called so. Write which one: {names}.")
    return found[0]


def of(contact: Contact, *, limit: int = 50) -> list[Contact]:
    """Those whom a contact has referred."""
    query = select(Contact).where(
        Contact.workspace_id == contact.workspace_id,
        Contact.referred_by_id == contact.id,
        Contact.deleted_at.is_(None),
    )
    query = query.options(joinedload(Contact.organisation))
    return list(db.session.scalars(query.order_by(Contact.name_key).limit(limit)))


def _candidates(workspace: Workspace, text: str) -> list[Contact]:
    query = select(Contact).where(Contact.workspace_id == workspace.id, Contact.deleted_at.is_(None))
    query = query.options(joinedload(Contact.organisation)).order_by(Contact.id).limit(SAME)
    number = NUMBER.search(text)
    if number:
        return list(db.session.scalars(query.where(Contact.id == int(number[1]))))
    found = db.session.scalars(query.where(Contact.name_key.in_(_names(text)))).all()
    wanted = words.key(text)
    exact = [contact for contact in found if wanted == words.key(label(contact))]
    return exact or [contact for contact in found if wanted == contact.name_key]


def _names(text: str) -> list[str]:
    """The names that a label may begin with; a name may hold commas itself."""
    parts = text.split(", ")
    return [words.key(", ".join(parts[:length])) for length in range(1, len(parts) + 1)]


def _labels(contacts: list[Contact]) -> list[str]:
    plain = [label(contact) for contact in contacts]
    return [
        f"{text} (#{contact.id})" if plain.count(text) > 1 else text
        for text, contact in zip(plain, contacts, strict=True)
    ]
