"""Applying an answer: how the talk stands by it, what it promises, and what is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from crm.database import db
from crm.domain import invitations, reminders, timeline
from crm.models import (
    Answer,
    Direction,
    Happened,
    Interview,
    Kind,
    Proposal,
    ProposalState,
    Rsvp,
)


@dataclass(frozen=True)
class Wish:
    """Another time to meet, of another length perhaps."""

    starts_at: datetime
    minutes: int | None = None


def apply(interview: Interview, answer: Answer, wishes: Sequence[Wish], *, now: datetime) -> None:
    """The guest said something that counts: how things stand, and what is owed now."""
    answer.applied = True
    if answer.rsvp is not None:
        interview.rsvp, interview.rsvp_at = answer.rsvp, now
        # Feeds show it, so that they have to be written anew.
        interview.updated_at = now
    if wishes or answer.rsvp is Rsvp.ACCEPTED:
        # What they say now replaces what they wished for before.
        invitations.drop_proposals(interview)
    for wish in wishes:
        _propose(interview, answer, wish, now)
    _promise(interview, answer.rsvp, now)


def by_delegate(interview: Interview, answer: Answer, *, now: datetime) -> str:
    """Somebody comes in the guest's place, or does not (RFC 5546 §3.2.2.3); answers what that means."""
    answer.applied = True
    if interview.rsvp is not Rsvp.DELEGATED:
        interview.rsvp, interview.rsvp_at, interview.updated_at = Rsvp.DELEGATED, now, now
    if answer.rsvp is Rsvp.DECLINED:
        reminders.promise(interview.contact, Kind.SET_DATE, anchor_at=now, now=now)
        return "Nobody comes, so a new date is needed."
    return ""


def write_down(interview: Interview, sentence: str, *, at: datetime) -> None:
    """The answer on the contact's timeline."""
    way = Direction.IN
    timeline.write(interview.contact, Happened.RSVP, sentence, by=None, at=at, now=at, direction=way)


def _propose(interview: Interview, answer: Answer, wish: Wish, now: datetime) -> None:
    query = select(func.max(Proposal.number)).where(
        Proposal.workspace_id == interview.workspace_id, Proposal.interview_id == interview.id
    )
    last = db.session.scalars(query).one() or 0
    proposal = Proposal(
        workspace_id=interview.workspace_id,
        interview=interview,
        answer=answer,
        number=last + 1,
        starts_at=wish.starts_at,
        minutes=wish.minutes,
        comment=answer.comment,
        # What has passed already cannot be agreed on.
        state=ProposalState.OPEN if wish.starts_at > now else ProposalState.GONE,
        created_at=now,
    )
    db.session.add(proposal)
    db.session.flush()


def _promise(interview: Interview, rsvp: Rsvp | None, now: datetime) -> None:
    """Declined: a new date is owed; everything else makes that needless again."""
    if rsvp is Rsvp.DECLINED:
        reminders.promise(interview.contact, Kind.SET_DATE, anchor_at=now, now=now)
    elif rsvp is not None:
        reminders.drop(interview.contact, [Kind.SET_DATE], now=now)
