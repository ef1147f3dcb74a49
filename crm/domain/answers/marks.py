"""Marks: how the next talk with a contact stands, in a word, for a card of the board."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from crm.database import db
from crm.domain.invitations import DROPPED, LOST
from crm.models import Interview, InterviewState, Message, Proposal, ProposalState, Rsvp, Workspace


class Mark(StrEnum):
    """What the card says, the first that is true."""

    UNDELIVERED = "undelivered"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"


def of_many(workspace: Workspace, contact_ids: Collection[int], *, now: datetime) -> dict[int, Mark]:
    """For each contact how the next talk stands, where there is anything to say; one statement."""
    if not contact_ids:
        return {}
    query = select(Interview.contact_id, Interview.rsvp, _is_proposed(), _letter())
    query = query.where(
        Interview.workspace_id == workspace.id,
        Interview.contact_id.in_(contact_ids),
        Interview.state == InterviewState.PLANNED,
        Interview.ends_at > now,
    )
    found: dict[int, Mark | None] = {}
    for contact_id, rsvp, is_proposed, letter in db.session.execute(query.order_by(Interview.starts_at)):
        found.setdefault(contact_id, _mark(rsvp, is_proposed=is_proposed, is_lost=letter in LOST))
    return {contact_id: mark for contact_id, mark in found.items() if mark}


def _mark(rsvp: Rsvp, *, is_proposed: bool, is_lost: bool) -> Mark | None:
    if is_lost:
        return Mark.UNDELIVERED
    if is_proposed:
        return Mark.PROPOSED
    return None if rsvp is Rsvp.NEEDS_ACTION else Mark(rsvp.value)


def _is_proposed() -> Any:
    query = select(Proposal.id).where(
        Proposal.workspace_id == Interview.workspace_id,
        Proposal.interview_id == Interview.id,
        Proposal.state == ProposalState.OPEN,
    )
    return query.correlate(Interview).exists()


def _letter() -> Any:
    """What became of the latest letter to the contact."""
    query = select(Message.state).where(
        Message.workspace_id == Interview.workspace_id,
        Message.interview_id == Interview.id,
        Message.to_contact.is_(True),
        Message.state.not_in(DROPPED),
    )
    return query.order_by(Message.id.desc()).limit(1).correlate(Interview).scalar_subquery()
