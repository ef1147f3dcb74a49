"""Inviting later: an address became known, or a first letter could not be delivered (P-A6)."""

from __future__ import annotations

from datetime import datetime

from crm.domain import invitations, mail
from crm.domain.errors import NotAllowed
from crm.domain.interviews.record import coming_with, snapshot, withdraw_letters, written
from crm.models import Contact, Interview, InterviewState, Message, MessageKind, Rsvp, User


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
    undo = {"interview": {**written(before), "invited": False}}
    interview.invited, interview.updated_at = True, now
    return invitations.send(interview, MessageKind.INVITATION, user=by, house=house, now=now, undo=undo)


def may_ask_again(interview: Interview, now: datetime) -> bool:
    """Whether the contact was invited and has not answered, and no letter is on its way to them."""
    silent = interview.state is InterviewState.PLANNED and interview.rsvp is Rsvp.NEEDS_ACTION
    if not silent or not interview.invited or not invitations.invitable(interview, now):
        return False
    return invitations.told(interview) and not invitations.waiting(interview)


def ask_again(interview: Interview, *, by: User, now: datetime, house: mail.Letterhead) -> Message:
    """Send the invitation once more as it stands; SEQUENCE stays (RFC 5546 §3.2.2.7).

    Raises NotAllowed where there is nothing to be asked.
    """
    if not may_ask_again(interview, now):
        raise NotAllowed("They have answered, or a letter is on its way to them already.")
    return invitations.resend(interview, user=by, house=house, now=now)


def follow_address(contact: Contact, *, by: User, now: datetime, house: mail.Letterhead) -> None:
    """The contact has another address: whoever reads the old one is un-invited, the new one is invited.

    What has not left yet to the old one never does (RFC 5546 §3.2.2.6, §3.2.5).
    """
    address = (contact.email or "").casefold()
    for interview in coming_with(contact, now):
        if not interview.invited or interview.guest in ("", address):
            continue
        withdraw_letters(interview, "The contact has another address now.")
        if invitations.invitable(interview, now):
            interview.updated_at = now
            invitations.send(interview, MessageKind.INVITATION, user=by, house=house, now=now)
