"""Campaigns: fields being explored, and how well they are covered (P-L2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import fields
from crm.domain.errors import Invalid, NotFound
from crm.models import (
    Campaign,
    Contact,
    InField,
    Interview,
    InterviewState,
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
CLEANERS: dict[str, fields.Cleaner] = {
    "name": fields.required("a name for the field you explore"),
    "purpose": fields.block(5000),
}


@dataclass(frozen=True)
class Candidate:
    """A located contact who would close a gap, and which."""

    contact: Contact
    closes: list[str]


@dataclass(frozen=True)
class Coverage:
    """What the talks held so far cover of a campaign, and what is missing."""

    interviewed: int
    roles_covered: list[WorkRole]
    roles_missing: list[WorkRole]
    organisations: int
    candidates: list[Candidate] = field(default_factory=list)
    needed: int = INTERVIEWS_NEEDED
    organisations_needed: int = ORGANISATIONS_NEEDED

    @property
    def complete(self) -> bool:
        """Nothing is missing."""
        enough = self.interviewed >= self.needed and self.organisations >= self.organisations_needed
        return enough and not self.roles_missing


def get(workspace: Workspace, campaign_id: int, *, lock: bool = False) -> Campaign:
    """One campaign of this workspace; NotFound otherwise."""
    query = select(Campaign).where(
        Campaign.workspace_id == workspace.id, Campaign.id == campaign_id, Campaign.deleted_at.is_(None)
    )
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound("campaign")
    return found


def page(workspace: Workspace, *, limit: int = 50, after: int = 0) -> Sequence[Campaign]:
    """Campaigns, oldest first; `after` is the id of the last one seen."""
    query = select(Campaign).where(
        Campaign.workspace_id == workspace.id, Campaign.deleted_at.is_(None), Campaign.id > after
    )
    return db.session.scalars(query.order_by(Campaign.id).limit(limit)).all()


def add(workspace: Workspace, values: dict[str, Any], *, now: datetime) -> Campaign:
    """Start to explore a field."""
    cleaned = fields.clean({"name": None, **values}, CLEANERS)
    campaign = Campaign(
        workspace_id=workspace.id,
        name=cleaned["name"],
        purpose=cleaned.get("purpose") or "",
        created_at=now,
        updated_at=now,
    )
    db.session.add(campaign)
    db.session.flush()
    return campaign


def change(campaign: Campaign, values: dict[str, Any], *, now: datetime) -> Campaign:
    """Rename a campaign, or say better what it is for."""
    cleaned = fields.clean(values, CLEANERS)
    for name, value in cleaned.items():
        setattr(campaign, name, value or "")
    campaign.updated_at = now
    return campaign


def remove(campaign: Campaign, *, now: datetime) -> None:
    """Put a campaign away; its contacts stay."""
    campaign.deleted_at = now


def restore(workspace: Workspace, campaign_id: int) -> Campaign:
    """Bring a campaign back."""
    found = db.session.get(Campaign, campaign_id)
    if found is None or found.workspace_id != workspace.id:
        raise NotFound("campaign")
    found.deleted_at = None
    return found


def assign(contact: Contact, campaign_ids: list[int]) -> None:
    """Put a contact into exactly these campaigns; Invalid for one that is not this workspace's."""
    wanted = set(campaign_ids)
    known = select(Campaign.id).where(
        Campaign.workspace_id == contact.workspace_id, Campaign.id.in_(wanted), Campaign.deleted_at.is_(None)
    )
    if wanted - set(db.session.scalars(known)):
        raise Invalid(campaigns="Choose among your own campaigns.")
    table = campaign_contacts
    db.session.execute(delete(table).where(table.c.contact_id == contact.id))
    rows = [
        {"workspace_id": contact.workspace_id, "campaign_id": campaign_id, "contact_id": contact.id}
        for campaign_id in sorted(wanted)
    ]
    if rows:
        db.session.execute(insert(table), rows)


def sizes(workspace: Workspace) -> dict[int, int]:
    """How many contacts each campaign has."""
    query = (
        select(campaign_contacts.c.campaign_id, func.count())
        .join(Contact, Contact.id == campaign_contacts.c.contact_id)
        .where(campaign_contacts.c.workspace_id == workspace.id, Contact.deleted_at.is_(None))
        .group_by(campaign_contacts.c.campaign_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def coverage(campaign: Campaign, *, candidates: int = 20) -> Coverage:
    """Three interviews, three roles, two organisations: what is there, and who could close the gaps."""
    talks = _talks(campaign)
    people = {contact.id: contact for contact in talks}
    covered = {role for contact in people.values() if _counts(contact) for role in contact.roles}
    places = {contact.organisation_id for contact in people.values() if contact.organisation_id}
    found = Coverage(
        interviewed=len(talks),
        roles_covered=[role for role in WorkRole if role in covered],
        roles_missing=[role for role in WorkRole if role not in covered],
        organisations=len(places),
    )
    if not found.complete:
        found.candidates.extend(_candidates(campaign, found, places, candidates))
    return found


def _talks(campaign: Campaign) -> Sequence[Contact]:
    """The contact of each talk held, one a talk."""
    query = (
        select(Contact)
        .join(Interview, Interview.contact_id == Contact.id)
        .join(campaign_contacts, campaign_contacts.c.contact_id == Contact.id)
        .where(
            campaign_contacts.c.campaign_id == campaign.id,
            Contact.workspace_id == campaign.workspace_id,
            Contact.deleted_at.is_(None),
            Interview.state == InterviewState.COMPLETED,
        )
    )
    return db.session.scalars(query).all()


def _counts(contact: Contact) -> bool:
    """All should work in the field now or have done so recently (P-L2)."""
    return contact.in_field is not InField.NO


def _candidates(campaign: Campaign, found: Coverage, places: set[int], limit: int) -> list[Candidate]:
    query = (
        select(Contact)
        .join(campaign_contacts, campaign_contacts.c.contact_id == Contact.id)
        .where(
            campaign_contacts.c.campaign_id == campaign.id,
            Contact.workspace_id == campaign.workspace_id,
            Contact.deleted_at.is_(None),
            Contact.closed.is_(None),
            Contact.stage == Stage.LOCATED,
        )
        .options(joinedload(Contact.organisation))
        .order_by(Contact.roles == "", Contact.name_key)
        .limit(200)
    )
    offers = [Candidate(contact, _closes(contact, found, places)) for contact in db.session.scalars(query)]
    offers = sorted((offer for offer in offers if offer.closes), key=lambda offer: -len(offer.closes))
    return offers[:limit]


def _closes(contact: Contact, found: Coverage, places: set[int]) -> list[str]:
    if not _counts(contact):
        return []
    closes = [f"Is {ROLE_NAMES[role]}." for role in found.roles_missing if role in contact.roles]
    short = found.organisations < found.organisations_needed
    if short and contact.organisation and contact.organisation_id not in places:
        closes.append(f"Would add {contact.organisation.name} as another organisation.")
    if found.interviewed < found.needed:
        left = found.needed - found.interviewed
        closes.append(
            f"Would be one of the {left} interviews still needed."
            if left > 1
            else "Would be the last interview needed."
        )
    return closes
