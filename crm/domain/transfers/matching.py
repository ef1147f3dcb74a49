"""Which of the people on a list are contacts already: a look-up by their keys, not by all contacts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Select, String, column, select, values
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from crm.database import db
from crm.domain import words
from crm.domain.duplicates import Identity, Known, identity, linkedin_spellings
from crm.domain.transfers.rows import Person
from crm.models import Contact

KeyColumn = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


class Contacts:
    """The contacts that anybody of a piece could be, and those that the piece adds."""

    def __init__(self, workspace_id: int, people: Iterable[Person]) -> None:
        self._known = Known()
        self._contacts: dict[int, Contact] = {}
        for contact in _candidates(workspace_id, list(people)):
            self.add(contact)

    def add(self, contact: Contact) -> None:
        """Let a contact be found, also by what it holds only now."""
        self._contacts[id(contact)] = contact
        self._known.add(id(contact), _of_contact(contact))

    def find(self, person: Person) -> Contact | None:
        """The contact that this person is; the strongest key that both have decides."""
        found = self._known.find(_of_person(person))
        return None if found is None else self._contacts[found]


def _of_person(person: Person) -> Identity:
    return identity(
        person.name,
        email=person.email,
        linkedin_url=person.linkedin_url,
        phone=person.phone,
        organisation=person.organisation,
        title=person.title,
        shares_email=person.shares_email,
    )


def _of_contact(contact: Contact) -> Identity:
    return identity(
        contact.name,
        email=contact.email,
        linkedin_url=contact.linkedin_url,
        phone=contact.phone,
        organisation=contact.organisation.name if contact.organisation else "",
        title=contact.title,
    )


def _candidates(workspace_id: int, people: list[Person]) -> Iterator[Contact]:
    """Contacts with an address, a profile or a name of these people; the oldest first."""
    emails = {person.email.casefold() for person in people if person.email}
    profiles = {url for person in people for url in linkedin_spellings(person.linkedin_url)}
    names = {words.key(person.name) for person in people}
    found = {
        contact.id: contact
        for column, keys in (
            (Contact.email_key, emails),
            (Contact.linkedin_url, profiles),
            (Contact.name_key, names),
        )
        if keys
        for contact in db.session.scalars(_query(workspace_id, column, keys))
    }
    return iter(found[contact_id] for contact_id in sorted(found))


def _query(workspace_id: int, key: KeyColumn, keys: Iterable[str]) -> Select[Contact]:
    # A join, since PostgreSQL compares a long IN one by one once it has prepared the statement.
    wanted = values(column("key", String)).data([(one,) for one in sorted(keys)]).cte("wanted")
    return (
        select(Contact)
        .join(wanted, wanted.c.key == key)
        .where(Contact.workspace_id == workspace_id, Contact.deleted_at.is_(None))
        .options(joinedload(Contact.organisation), selectinload(Contact.tags))
    )
