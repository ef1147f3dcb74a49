"""Contacts: found, added, read, changed, put into the trash and taken out again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from crm.database import utcnow
from crm.domain import campaigns, contacts, interviews, search
from crm.models import Closed, Contact, InField, Interest, Stage, WorkRole
from crm.views.api import gate
from crm.views.api.once import writes
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Body, Id, Instant, Line, Notes, Nothing, Shown, number, refuse
from crm.views.house import house

#: One contact belongs to few fields; a query takes only so many values.
MOST_CAMPAIGNS = 200
#: Words for "every closed contact", beside the reasons for which one can be closed.
ANY = ("any", "true", "1")


class ContactFacts(Body):
    """What is known of a contact; null is the same as not known."""

    email: Line | None = None
    phone: Line | None = None
    organisation: Annotated[Line | None, Field(description="A name; any spelling of it will do.")] = None
    title: Line | None = None
    roles: list[WorkRole] | None = None
    in_field: InField | None = None
    source: Line | None = None
    campaigns: Annotated[list[Id], Field(max_length=MOST_CAMPAIGNS)] | None = None
    interest: Interest | None = None
    linkedin_url: Line | None = None
    postal_address: Notes | None = None
    timezone: Annotated[Line | None, Field(description="An IANA name, such as Europe/Berlin.")] = None
    referred_by: Id | None = None
    tags: list[Line] | None = None
    notes: Notes | None = None

    def values(self) -> dict[str, Any]:
        """What was sent, as the domain takes it: ids are numbers there."""
        given = self.given()
        if given.get("campaigns"):
            given["campaigns"] = [number(campaign) for campaign in given["campaigns"]]
        if given.get("referred_by") is not None:
            given["referred_by"] = number(given["referred_by"])
        return given


class NewContact(ContactFacts):
    """A contact to add."""

    name: Line


class ContactChange(ContactFacts):
    """Facts to change; null clears. The stage has a call of its own."""

    name: Line | None = None
    closed: Closed | None = None


class ContactShown(Shown):
    """A contact."""

    id: Id
    name: str
    email: str | None
    phone: str | None
    organisation: str | None
    organisation_id: Id | None
    title: str | None
    roles: list[WorkRole]
    in_field: InField | None
    source: str | None
    campaigns: list[Id]
    interest: Interest | None
    linkedin_url: str | None
    postal_address: str | None
    timezone: str | None
    referred_by: Id | None
    tags: list[str]
    notes: str | None
    stage: Stage
    stage_since: Instant
    closed: Closed | None
    created_at: Instant
    updated_at: Instant


class ContactPage(Page):
    """A page of contacts."""

    items: list[ContactShown]


def _closed(value: str) -> str | None:
    if value in ("false", "0"):
        return None
    if value in ANY:
        return "any"
    if value not in list(Closed):
        raise refuse(f"Choose one of: {', '.join([*Closed, ANY[0]])}.")
    return value


class ContactQuery(Paging):
    """Which contacts: by words, stage, campaign and tag; closed ones only where they are asked for."""

    q: str = ""
    stage: Stage | None = None
    campaign: Id | None = None
    tag: str = ""
    closed: Annotated[
        str | None,
        AfterValidator(lambda value: value and _closed(value)),
        Field(description=f"A reason ({', '.join(Closed)}), or “any”."),
    ] = None

    def filter(self) -> search.Filter:
        """What to look for."""
        campaign = None if self.campaign is None else number(self.campaign)
        return search.Filter(self.q, self.stage or "", campaign, self.tag, self.closed)


def show_all(found: Iterable[Contact]) -> list[ContactShown]:
    """Contacts as they are answered, with their campaigns in one query."""
    people = list(found)
    ids = campaigns.of(workspace(), (contact.id for contact in people))
    return [_shown(contact, ids.get(contact.id, [])) for contact in people]


def show(contact: Contact) -> ContactShown:
    """One contact as it is answered."""
    return show_all([contact])[0]


@bp.get("/contacts")
@bp.input(ContactQuery, location="query", arg_name="query")
@bp.output(ContactPage)
def list_contacts(query: ContactQuery) -> ContactPage:
    """Search contacts, by name."""
    after = query.after(str, int)
    found = search.contacts(workspace(), query.filter(), limit=query.limit + 1, after=after)
    page, cursor = cut(found, query.limit, lambda contact: (contact.name_key, contact.id))
    return ContactPage(items=show_all(page), next=cursor)


@bp.post("/contacts")
@writes
@bp.input(NewContact, arg_name="body")
@bp.output(ContactShown, 201)
def add_contact(body: NewContact) -> ContactShown:
    """Add a located contact. A known address makes a second contact."""
    return show(contacts.add(workspace(), body.values(), by=user(), now=utcnow()))


@bp.get("/contacts/<id:contact_id>")
@bp.output(ContactShown)
def get_contact(contact_id: int) -> ContactShown:
    """Read one contact."""
    return show(contacts.get(workspace(), contact_id))


@bp.patch("/contacts/<id:contact_id>")
@writes
@bp.input(ContactChange, arg_name="body")
@bp.output(ContactShown)
def change_contact(contact_id: int, body: ContactChange) -> ContactShown:
    """Change facts, close or reopen."""
    contact = contacts.get(workspace(), contact_id, lock=True)
    now = utcnow()
    contacts.change(contact, body.values(), by=user(), now=now)
    interviews.follow_address(contact, by=user(), now=now, house=house())
    return show(contact)


@bp.delete("/contacts/<id:contact_id>")
@writes
@bp.doc(responses={204: "Gone; it can be restored for 30 days."})
def delete_contact(contact_id: int) -> tuple[str, int]:
    """Put a contact into the trash: nobody is written to, nothing is owed."""
    contacts.delete(contacts.get(workspace(), contact_id, lock=True), by=user(), now=utcnow())
    return "", 204


@bp.post("/contacts/<id:deleted_id>/restore")
@writes
@bp.input(Nothing, arg_name="_body")
@bp.output(ContactShown)
def restore_contact(deleted_id: int, _body: Nothing) -> ContactShown:
    """Take a contact out of the trash, with all that is owed."""
    contact = contacts.get(workspace(), deleted_id, lock=True, deleted=True)
    return show(contacts.restore(contact, by=user(), now=utcnow()))


def _shown(contact: Contact, campaign_ids: list[int]) -> ContactShown:
    return ContactShown(
        id=str(contact.id),
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        organisation=contact.organisation.name if contact.organisation else None,
        organisation_id=_id(contact.organisation_id),
        title=contact.title,
        roles=[WorkRole(role) for role in contact.roles],
        in_field=contact.in_field,
        source=contact.source,
        campaigns=[str(campaign_id) for campaign_id in campaign_ids],
        interest=contact.interest,
        linkedin_url=contact.linkedin_url,
        postal_address=contact.postal_address,
        timezone=contact.timezone,
        referred_by=_id(contact.referred_by_id),
        tags=contact.tag_names,
        notes=contact.notes,
        stage=contact.stage,
        stage_since=contact.stage_since,
        closed=contact.closed,
        created_at=contact.created_at,
        updated_at=contact.updated_at,
    )


def _id(row: int | None) -> str | None:
    return None if row is None else str(row)


gate.keepers["contact_id"] = lambda contact_id: contacts.get(workspace(), contact_id)
gate.keepers["deleted_id"] = lambda contact_id: contacts.get(workspace(), contact_id, deleted=True)
