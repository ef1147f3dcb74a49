"""Asking again: the invitation as it stands, once more, for whoever lost it (RFC 5546 §3.2.6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm.database import db
from crm.domain import invitations, mail
from crm.models import Interview, InterviewState, MessageKind, User

#: A program that asks at every start shall not be written to at every start.
SELDOM = timedelta(hours=1)


def send(interview: Interview, *, house: mail.Letterhead, now: datetime) -> str:
    """Send what stands, with the SEQUENCE that it has (RFC 5546 §2.1.4); answers what was done."""
    letters = invitations.letters(interview)
    if invitations.waiting(interview) or (letters and now - letters[0].created_at < SELDOM):
        return "It was sent a short while ago already."
    if not interview.invited or not invitations.invitable(interview, now):
        return "There is nothing to be sent any more."
    is_off = interview.state is InterviewState.CANCELLED
    owner = db.session.get_one(User, interview.owner_id)
    kind = MessageKind.CANCELLATION if is_off else MessageKind.INVITATION
    invitations.send(interview, kind, user=owner, house=house, now=now)
    return "It was sent again as it stands."
