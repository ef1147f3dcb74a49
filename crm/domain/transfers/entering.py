"""People of a list who are new: contacts with tags, a campaign, an entry in the timeline, an ask promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from crm.database import db
from crm.domain import search, words
from crm.domain.transfers import asks
from crm.domain.transfers.facts import with_note
from crm.domain.transfers.rows import Person
from crm.models import (
    Activity,
    Contact,
    ContactTag,
    Happened,
    Import,
    Organisation,
    Stage,
    User,
    Workspace,
    campaign_contacts,
)


def notes_of(person: Person) -> str:
    """The notes; a web address stands there, since a contact has no field for it."""
    return with_note(person, f"Website: {person.website}").notes if person.website else person.notes


def contact_of(
    person: Person, organisation: Organisation | None, import_: Import, *, now: datetime
) -> Contact:
    """A new located contact; it is not in the database yet."""
    contact = Contact(
        workspace_id=import_.workspace_id,
        owner_id=import_.user_id,
        import_id=import_.id,
        organisation=organisation,
        name=person.name,
        name_key=words.key(person.name),
        email=person.email or None,
        email_key=person.email.casefold() or None,
        phone=person.phone or None,
        title=person.title or None,
        linkedin_url=person.linkedin_url or None,
        postal_address=person.postal_address or None,
        notes=notes_of(person) or None,
        source=import_.source or None,
        tags=[tag_of(word, import_.workspace_id) for word in person.tags],
        stage=Stage.LOCATED,
        stage_since=now,
        asks=0,
        created_at=now,
        updated_at=now,
    )
    contact.search_text = search.text_of(contact)
    return contact


def tag_of(word: str, workspace_id: int) -> ContactTag:
    """A tag as it is kept."""
    return ContactTag(workspace_id=workspace_id, tag=word, tag_key=words.key(word))


def enter(
    contacts: Sequence[Contact], import_: Import, *, workspace: Workspace, owner: User, now: datetime
) -> None:
    """Store new contacts with all that comes with them."""
    if not contacts:
        return
    db.session.add_all(contacts)
    db.session.flush()
    join_campaign(contacts, import_)
    source = f" Source: {import_.source}." if import_.source else ""
    db.session.execute(
        insert(Activity),
        [
            {
                "workspace_id": contact.workspace_id,
                "contact_id": contact.id,
                "by_id": import_.user_id,
                "kind": Happened.IMPORT,
                "at": now,
                "text": f"Imported from {import_.filename}.{source}",
                "created_at": now,
            }
            for contact in contacts
        ],
    )
    asks.promise_all(contacts, workspace=workspace, owner=owner, now=now)


def join_campaign(contacts: Sequence[Contact], import_: Import) -> None:
    """Put contacts into the import's campaign, where it has one."""
    if import_.campaign_id is None or not contacts:
        return
    rows = [
        {
            "workspace_id": contact.workspace_id,
            "campaign_id": import_.campaign_id,
            "contact_id": contact.id,
        }
        for contact in contacts
    ]
    db.session.execute(insert(campaign_contacts), rows)
