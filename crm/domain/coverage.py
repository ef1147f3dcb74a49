"""Coverage: what the talks held so far tell of a field, and who could close the gaps (P-L2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.models import (
    Campaign,
    Contact,
    InField,
    Interview,
    InterviewState,
    Organisation,
    Stage,
    WorkRole,
    Workspace,
    campaign_contacts,
)

INTERVIEWS_NEEDED = 3
ORGANISATIONS_NEEDED = 2
ROLE_NAMES = {
    WorkRole.PRACTITIONER: "a practitioner",
    WorkRole.SUPERVISOR: "a supervisor",
    WorkRole.HIRING_MANAGER: "a hiring manager",
}
#: Contacts that are looked at for who could close a gap.
LOOKED_AT = 200


@dataclass(frozen=True)
class Candidate:
    """A located contact who would close a gap, and which."""

    contact: Contact
    closes: list[str]
    #: Missing roles that this contact has.
    roles: tuple[WorkRole, ...] = ()
    #: Whether the organisation would be another one.
    adds_organisation: bool = False


@dataclass(frozen=True)
class Coverage:
    """What the talks held so far cover of a campaign, and what is missing."""

    interviewed: int
    roles_covered: list[WorkRole]
    roles_missing: list[WorkRole]
    organisations: int
    candidates: list[Candidate] = field(default_factory=list)
    #: Who was talked with, each once.
    people: list[Contact] = field(default_factory=list)
    #: Who agreed to a talk that is still to come.
    agreed: list[Contact] = field(default_factory=list)
    needed: int = INTERVIEWS_NEEDED
    organisations_needed: int = ORGANISATIONS_NEEDED

    @property
    def complete(self) -> bool:
        """Nothing is missing."""
        enough = self.interviewed >= self.needed and self.organisations >= self.organisations_needed
        return enough and not self.roles_missing

    @property
    def places(self) -> list[Organisation]:
        """Organisations that were heard, in the order of their names."""
        found = {one.organisation_id: one.organisation for one in self.people if one.organisation}
        return sorted(found.values(), key=lambda organisation: organisation.name_key)

    def who(self, role: WorkRole) -> list[Contact]:
        """Those talked with who cover a role."""
        return [contact for contact in self.people if role in contact.roles and counts(contact)]

    def could(self, role: WorkRole) -> list[Contact]:
        """Located contacts who would cover a role."""
        return [candidate.contact for candidate in self.candidates if role in candidate.roles]

    def will(self, role: WorkRole) -> list[Contact]:
        """Those who agreed to talk and would cover a role."""
        return [contact for contact in self.agreed if role in contact.roles and counts(contact)]

    def could_add(self) -> list[Contact]:
        """Located contacts of organisations that nobody was heard from."""
        return [candidate.contact for candidate in self.candidates if candidate.adds_organisation]


def coverage(campaign: Campaign, *, candidates: int = 20) -> Coverage:
    """Three interviews, three roles, two organisations: what is there, and who could close the gaps."""
    found = _cover(_talks(campaign.workspace_id, [campaign.id]).get(campaign.id, []))
    if not found.complete:
        ahead = _ahead(campaign)
        found.agreed.extend(contact for contact in ahead if contact.stage is Stage.AGREED)
        found.candidates.extend(_candidates(ahead, found)[:candidates])
    return found


def coverages(workspace: Workspace, campaigns: Iterable[Campaign]) -> dict[int, Coverage]:
    """The same for several campaigns in one query, without looking for who could close the gaps."""
    ids = [campaign.id for campaign in campaigns]
    talks = _talks(workspace.id, ids)
    return {campaign_id: _cover(talks.get(campaign_id, [])) for campaign_id in ids}


def counts(contact: Contact) -> bool:
    """All should work in the field now or have done so recently (P-L2)."""
    return contact.in_field is not InField.NO


def _cover(talks: Sequence[Contact]) -> Coverage:
    """From the contact of each talk."""
    people = list({contact.id: contact for contact in talks}.values())
    covered = {role for contact in people if counts(contact) for role in contact.roles}
    return Coverage(
        interviewed=len(talks),
        roles_covered=[role for role in WorkRole if role in covered],
        roles_missing=[role for role in WorkRole if role not in covered],
        organisations=len({contact.organisation_id for contact in people if contact.organisation_id}),
        people=people,
    )


def _talks(workspace_id: int, campaign_ids: list[int]) -> dict[int, list[Contact]]:
    """For each campaign the contact of each talk held, one a talk, in the order in which they were held."""
    table = campaign_contacts
    query = (
        select(table.c.campaign_id, Contact)
        .join(Contact, Contact.id == table.c.contact_id)
        .join(Interview, Interview.contact_id == Contact.id)
        .where(
            table.c.workspace_id == workspace_id,
            table.c.campaign_id.in_(campaign_ids),
            Contact.deleted_at.is_(None),
            Interview.state == InterviewState.COMPLETED,
        )
        .options(joinedload(Contact.organisation))
        .order_by(Interview.ended_at, Interview.id)
    )
    found: dict[int, list[Contact]] = {}
    for campaign_id, contact in db.session.execute(query):
        found.setdefault(campaign_id, []).append(contact)
    return found


def _ahead(campaign: Campaign) -> Sequence[Contact]:
    """Who was not talked with yet, those who agreed first."""
    query = (
        select(Contact)
        .join(campaign_contacts, campaign_contacts.c.contact_id == Contact.id)
        .where(
            campaign_contacts.c.campaign_id == campaign.id,
            Contact.workspace_id == campaign.workspace_id,
            Contact.deleted_at.is_(None),
            Contact.closed.is_(None),
            Contact.stage.in_([Stage.LOCATED, Stage.AGREED]),
        )
        .options(joinedload(Contact.organisation))
        .order_by(Contact.stage == Stage.LOCATED, Contact.roles == "", Contact.name_key)
        .limit(LOOKED_AT)
    )
    return db.session.scalars(query).all()


def _candidates(ahead: Sequence[Contact], found: Coverage) -> list[Candidate]:
    located = [contact for contact in ahead if contact.stage is Stage.LOCATED and counts(contact)]
    offers = [_offer(contact, found) for contact in located]
    return sorted((offer for offer in offers if offer.closes), key=lambda offer: -len(offer.closes))


def _offer(contact: Contact, found: Coverage) -> Candidate:
    roles = tuple(role for role in found.roles_missing if role in contact.roles)
    closes = [f"Is {ROLE_NAMES[role]}." for role in roles]
    heard = {organisation.id for organisation in found.places}
    adds = found.organisations < found.organisations_needed and contact.organisation_id not in {None, *heard}
    if adds and contact.organisation is not None:
        closes.append(f"Would add {contact.organisation.name} as another organisation.")
    left = found.needed - found.interviewed
    if left > 1:
        closes.append(f"Would be one of the {left} interviews still needed.")
    elif left == 1:
        closes.append("Would be the last interview needed.")
    return Candidate(contact, closes, roles, adds)
