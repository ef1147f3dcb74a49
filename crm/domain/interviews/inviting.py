"""Inviting later: an address became known, or a first letter could not be delivered (P-A6)."""

from __future__ import annotations

from datetime import datetime

from crm.domain import invitations, mail
from crm.domain.errors import NotAllowed
from crm.domain.interviews.record import snapshot
from crm.models import Interview, InterviewState, Message, MessageKind, User


def may_invite(interview: Interview, now: datetime) -> bool:
    """Whether the contact of a planned talk has heard nothing so far, and can be told."""
    unheard = not invitations.told(interview) and not invitations.waiting(interview)
    return interview.state is InterviewState.PLANNED and unheard and invitations.invitable(interview, now)


def invite(interview: Interview, *, by: User, now: datetime, house: mail.Letterhead) -> Message:
    """Send the invitation that was not sent with the date; taken back, the talk stands without one.

    Raises NotAllowed where one is under way already, or where nobody can be told.
    """
    if not may_invite(interview, now):
        raise NotAllowed("An invitation is under way already, or nobody can be told any more.")
    before = snapshot(interview)
    undo = {"interview": {**before, "starts_at": before["starts_at"].isoformat(), "invited": False}}
    interview.invited, interview.updated_at = True, now
    return invitations.send(interview, MessageKind.INVITATION, user=by, house=house, now=now, undo=undo)
