"""Campaigns: fields being explored, and how well they are covered (P-L2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, insert, select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import fields, words
from crm.domain.coverage import Candidate, Coverage, coverage, coverages
from crm.domain.errors import Invalid, NotFound
from crm.models import Campaign, Contact, Stage, Workspace, campaign_contacts

__all__ = [
    "Candidate",
    "Coverage",
    "add",
    "assign",
    "change",
    "coverage",
    "coverages",
    "get",
    "named",
    "of",
    "page",
    "people",
    "remove",
    "restore",
    "sizes",
]

CLEANERS: dict[str, fields.Cleaner] = {
    "name": fields.required("a name for the field you explore"),
    "purpose": fields.block(5000),
}


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


def named(workspace: Workspace, name: str, *, lock: bool = False) -> Campaign | None:
    """The campaign of that name, in whatever spelling; with `lock` no other one is added meanwhile."""
    if lock:
        db.session.execute(select(Workspace.id).where(Workspace.id == workspace.id).with_for_update())
    query = select(Campaign).where(Campaign.workspace_id == workspace.id, Campaign.deleted_at.is_(None))
    key = words.key(name)
    return next((found for found in db.session.scalars(query) if words.key(found.name) == key), None)


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
    # Those that were put away keep their contacts, for when they are brought back.
    active = select(Campaign.id).where(
        Campaign.workspace_id == contact.workspace_id, Campaign.deleted_at.is_(None)
    )
    db.session.execute(delete(table).where(table.c.contact_id == contact.id, table.c.campaign_id.in_(active)))
    rows = [
        {"workspace_id": contact.workspace_id, "campaign_id": campaign_id, "contact_id": contact.id}
        for campaign_id in sorted(wanted)
    ]
    if rows:
        db.session.execute(insert(table), rows)


def of(workspace: Workspace, contact_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each contact that is in some the ids of its campaigns, in one query."""
    table = campaign_contacts
    query = (
        select(table.c.contact_id, table.c.campaign_id)
        .join(Campaign, Campaign.id == table.c.campaign_id)
        .where(
            table.c.workspace_id == workspace.id,
            table.c.contact_id.in_(list(contact_ids)),
            Campaign.deleted_at.is_(None),
        )
    )
    found: dict[int, list[int]] = {}
    for contact_id, campaign_id in db.session.execute(query.order_by(table.c.campaign_id)):
        found.setdefault(contact_id, []).append(campaign_id)
    return found


def people(campaign: Campaign, *, limit: int = 200) -> list[Contact]:
    """The contacts of a campaign, those furthest on their way first."""
    query = (
        select(Contact)
        .join(campaign_contacts, campaign_contacts.c.contact_id == Contact.id)
        .where(
            campaign_contacts.c.campaign_id == campaign.id,
            Contact.workspace_id == campaign.workspace_id,
            Contact.deleted_at.is_(None),
        )
        .options(joinedload(Contact.organisation))
    )
    way = case({stage: stage.number for stage in Stage}, value=Contact.stage)
    return list(db.session.scalars(query.order_by(way.desc(), Contact.name_key).limit(limit)))


def sizes(workspace: Workspace) -> dict[int, int]:
    """How many contacts each campaign has."""
    query = (
        select(campaign_contacts.c.campaign_id, func.count())
        .join(Contact, Contact.id == campaign_contacts.c.contact_id)
        .where(campaign_contacts.c.workspace_id == workspace.id, Contact.deleted_at.is_(None))
        .group_by(campaign_contacts.c.campaign_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
