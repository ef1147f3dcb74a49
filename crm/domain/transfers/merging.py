"""People of a list who are known: what was empty is filled, nothing is overwritten, all can be given back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from crm.database import db
from crm.domain import search, words
from crm.domain.transfers.entering import notes_of, tag_of
from crm.domain.transfers.rows import MOST_TAGS, Person
from crm.models import Contact, Import, ImportChange, Organisation, campaign_contacts

#: Fields of a contact that are filled where they are empty.
FILLED = ("email", "phone", "title", "linkedin_url", "postal_address", "notes")


def fill(contact: Contact, person: Person, organisation: Organisation | None) -> dict[str, Any]:
    """Fill what is empty. Answers what changed, `{field: [before, after]}`; empty where nothing was new."""
    given: dict[str, Any] = {field: getattr(person, field) for field in FILLED} | {"notes": notes_of(person)}
    changes: dict[str, Any] = {}
    for field, value in given.items():
        if value and not getattr(contact, field):
            changes[field] = [getattr(contact, field), value]
            setattr(contact, field, value)
    if organisation is not None and contact.organisation is None:
        contact.organisation = organisation
        changes["organisation_id"] = [None, organisation.id]
    added = _tag(contact, person.tags)
    return changes | ({"tags": [[], added]} if added else {})


def _tag(contact: Contact, tags: Iterable[str]) -> list[str]:
    there = {tag.tag_key for tag in contact.tags}
    added = [word for word in tags if words.key(word) not in there][: max(0, MOST_TAGS - len(there))]
    contact.tags.extend(tag_of(word, contact.workspace_id) for word in added)
    return added


def settle(contact: Contact, *, now: datetime) -> None:
    """Bring up to date what follows from a contact's facts."""
    contact.email_key = contact.email.casefold() if contact.email else None
    contact.search_text = search.text_of(contact)
    contact.updated_at = now


def outside_campaign(contacts: Iterable[Contact], import_: Import) -> list[Contact]:
    """Those who are not in the import's campaign yet; nobody where it has none."""
    known = {contact.id: contact for contact in contacts if contact.id is not None}
    if import_.campaign_id is None or not known:
        return []
    query = select(campaign_contacts.c.contact_id).where(
        campaign_contacts.c.campaign_id == import_.campaign_id,
        campaign_contacts.c.contact_id.in_(list(known)),
    )
    inside = set(db.session.scalars(query))
    return [contact for contact_id, contact in known.items() if contact_id not in inside]


def give_back(contact: Contact, change: ImportChange, *, now: datetime) -> None:
    """Undo what an import filled, where it still stands as the import wrote it."""
    for field, (before, after) in change.fields.items():
        if field == "tags":
            keys = {words.key(word) for word in after}
            contact.tags = [tag for tag in contact.tags if tag.tag_key not in keys]
        elif field == "campaign":
            _leave_campaign(contact, after)
        elif field == "organisation_id" and contact.organisation_id == after:
            contact.organisation = None
        elif field in FILLED and getattr(contact, field) == after:
            setattr(contact, field, before)
    settle(contact, now=now)


def _leave_campaign(contact: Contact, campaign_id: int) -> None:
    table = campaign_contacts
    db.session.execute(
        delete(table).where(table.c.contact_id == contact.id, table.c.campaign_id == campaign_id)
    )
