"""Proposals: another time that the contact wished for, accepted with one click or declined."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from crm.database import db
from crm.domain import interviews, invitations, mail, timeline
from crm.domain.errors import NotAllowed, NotFound
from crm.models import Happened, Interview, MessageKind, Proposal, ProposalState, User


def open_of(interview: Interview) -> list[Proposal]:
    """The times that wait for an answer, in the order in which they were wished for."""
    return open_of_many([interview]).get(interview.id, [])


def open_of_many(talks: Collection[Interview]) -> dict[int, list[Proposal]]:
    """The same of several talks of one workspace, by their ids; one query."""
    found: dict[int, list[Proposal]] = {}
    if not talks:
        return found
    query = select(Proposal).where(
        Proposal.workspace_id == next(iter(talks)).workspace_id,
        Proposal.interview_id.in_([talk.id for talk in talks]),
        Proposal.state == ProposalState.OPEN,
    )
    for proposal in db.session.scalars(query.order_by(Proposal.number)):
        found.setdefault(proposal.interview_id, []).append(proposal)
    return found


def get(interview: Interview, number: int) -> Proposal:
    """One proposal by its number, answered or not; NotFound where there is none."""
    query = select(Proposal).where(
        Proposal.workspace_id == interview.workspace_id,
        Proposal.interview_id == interview.id,
        Proposal.number == number,
    )
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound("proposal")
    return found


def accept(
    interview: Interview, proposal: Proposal, *, by: User, now: datetime, house: mail.Letterhead
) -> None:
    """Move the talk to that time: the contact gets a REQUEST with the next SEQUENCE (RFC 5546 §3.2.7).

    Accepted again it changes nothing. Raises NotAllowed where it stands open no more, or has passed.
    """
    if proposal.state is ProposalState.ACCEPTED:
        return
    _check_open(proposal)
    if proposal.starts_at <= now:
        raise NotAllowed("This time has passed already. Choose another one.")
    proposal.state = ProposalState.ACCEPTED
    values = {"starts_at": proposal.starts_at, "minutes": proposal.minutes or interview.minutes}
    interviews.change(interview, values, by=by, now=now, house=house)


def decline(
    interview: Interview, proposal: Proposal, *, by: User, now: datetime, house: mail.Letterhead
) -> None:
    """Leave the talk where it is. A calendar program that proposed hears of it (RFC 5546 §3.2.8)."""
    if proposal.state is ProposalState.DECLINED:
        return
    _check_open(proposal)
    proposal.state = ProposalState.DECLINED
    text = f"Declined to meet at another time: {invitations.when(proposal.starts_at, by)}."
    timeline.write(interview.contact, Happened.RSVP, text, by=by, at=now, now=now)
    if proposal.by_counter and interview.invited and invitations.invitable(interview, now):
        invitations.send(interview, MessageKind.DECLINE_COUNTER, user=by, house=house, now=now)


def _check_open(proposal: Proposal) -> None:
    if proposal.state is not ProposalState.OPEN:
        raise NotAllowed("This time is no longer open: it was answered, or the talk has changed since.")
