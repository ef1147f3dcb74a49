"""Asking anew: another date is another question (RFC 5546 §2.1.4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from crm.database import db
from crm.models import Answer, Interview, Proposal, ProposalState, Rsvp


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


def open_numbers(interview: Interview) -> list[int]:
    """The numbers of the times that stand open."""
    query = select(Proposal.number).where(
        Proposal.workspace_id == interview.workspace_id,
        Proposal.interview_id == interview.id,
        Proposal.state == ProposalState.OPEN,
    )
    return list(db.session.scalars(query.order_by(Proposal.number)))


def reopen(interview: Interview, numbers: list[int], starts_at: datetime) -> None:
    """A change is taken back: what it closed stands open, also the time to which it moved the talk.

    `starts_at` is the time at which the talk stands again.
    """
    left = interview.starts_at if interview.starts_at != starts_at else None
    accepted = (Proposal.state == ProposalState.ACCEPTED) & (Proposal.starts_at == left)
    db.session.execute(
        update(Proposal)
        .where(
            Proposal.workspace_id == interview.workspace_id,
            Proposal.interview_id == interview.id,
            Proposal.number.in_(numbers) | accepted,
        )
        .values(state=ProposalState.OPEN)
    )


def unheeded(interview: Interview) -> Answer | None:
    """The guest's last word on the date that stands again, where it came while another one stood."""
    query = select(Answer).where(
        Answer.workspace_id == interview.workspace_id,
        Answer.interview_id == interview.id,
        Answer.attendee == interview.guest,
        Answer.sequence >= interview.dated_sequence,
        Answer.rsvp.is_not(None),
    )
    latest = (Answer.sequence.desc(), Answer.stamped_at.desc(), Answer.id.desc())
    answer = db.session.scalars(query.order_by(*latest).limit(1)).first()
    return None if answer is None or answer.applied else answer
