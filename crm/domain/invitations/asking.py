"""Asking anew: another date is another question (RFC 5546 §2.1.4)."""

from __future__ import annotations

from sqlalchemy import select, update

from crm.database import db
from crm.models import Interview, Proposal, ProposalState, Rsvp


def ask_anew(interview: Interview) -> None:
    """The date, length or place has changed with the SEQUENCE that it has now: nobody has answered that."""
    interview.dated_sequence = interview.sequence
    interview.rsvp, interview.rsvp_at = Rsvp.NEEDS_ACTION, None
    drop_proposals(interview)


def drop_proposals(interview: Interview) -> None:
    """No time that was proposed stands open any more."""
    db.session.execute(
        update(Proposal)
        .where(
            Proposal.workspace_id == interview.workspace_id,
            Proposal.interview_id == interview.id,
            Proposal.state == ProposalState.OPEN,
        )
        .values(state=ProposalState.GONE)
    )


def is_their_wish(interview: Interview) -> bool:
    """Whether the talk is at a time that the contact proposed, and was accepted."""
    query = select(Proposal.id).where(
        Proposal.workspace_id == interview.workspace_id,
        Proposal.interview_id == interview.id,
        Proposal.state == ProposalState.ACCEPTED,
        Proposal.starts_at == interview.starts_at,
    )
    return db.session.scalars(query.limit(1)).first() is not None
