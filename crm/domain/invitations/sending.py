"""Sending: the letters that keep the contact's calendar in step (RFC 5546 §3.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crm.domain import calendar, mail, words
from crm.domain.calendar import Method, Party
from crm.domain.errors import Invalid
from crm.domain.invitations import links
from crm.domain.invitations.asking import ask_anew, is_their_wish
from crm.domain.invitations.letters import told
from crm.domain.invitations.wording import MEDIA, values
from crm.domain.mail import plus
from crm.domain.mail.plus import Tag
from crm.models import Interview, Message, MessageKind, User

#: What each letter does to the calendar that reads it.
METHODS = {
    MessageKind.INVITATION: Method.REQUEST,
    MessageKind.UPDATE: Method.REQUEST,
    MessageKind.CANCELLATION: Method.CANCEL,
    MessageKind.DECLINE_COUNTER: Method.DECLINECOUNTER,
}


def send(
    interview: Interview,
    kind: MessageKind,
    *,
    user: User,
    house: mail.Letterhead,
    now: datetime,
    undo: dict[str, Any] | None = None,
) -> Message:
    """Write the letter that keeps the contact's calendar in step; it waits ten seconds.

    An invitation goes to the contact's present address. Where another one was invited before, that one
    is told that it no longer is.
    """
    if METHODS[kind] is not Method.REQUEST:
        return _put(interview, kind, _guest(interview), user=user, house=house, now=now, undo=undo)
    address = (interview.contact.email or "").casefold()
    if interview.guest not in ("", address) and told(interview, interview.guest):
        _leave(interview, user, house, now)
        undo = None
    interview.guest = address
    return _put(interview, kind, interview.contact.email or "", user=user, house=house, now=now, undo=undo)


def resend(interview: Interview, *, user: User, house: mail.Letterhead, now: datetime) -> Message:
    """What stands, once more, with the SEQUENCE that it has: it is not another date (RFC 5546 §3.2.2.7)."""
    return send(interview, MessageKind.INVITATION, user=user, house=house, now=now)


def organizer_for(interview: Interview, user: User, house: mail.Letterhead) -> str:
    """Who the contact's answers are to go to: decided once for each interview (contract, Mail).

    An address of our own where its mail is read, with the talk's token in it; else the seeker's.
    """
    if not house.reads_mail:
        return user.email
    return plus.tagged(house.mail_from, Tag.INTERVIEW, interview.token)


def is_ours(interview: Interview, house: mail.Letterhead) -> bool:
    """Whether the organizer is an address of this mailbox, so that letters are sent from it too."""
    return plus.read(interview.organizer, house.mail_from) is not None


def carried(address: str) -> str:
    """An address as mail carries it, or calendars do not find it again; the outbox refuses the others."""
    try:
        return mail.ascii_address(address)
    except Invalid:
        return address


def _leave(interview: Interview, user: User, house: mail.Letterhead, now: datetime) -> None:
    """The mailbox that was invited before is un-invited: the talk itself stands (RFC 5546 §3.2.5)."""
    interview.sequence += 1
    ask_anew(interview)
    _put(
        interview,
        MessageKind.CANCELLATION,
        interview.guest,
        user=user,
        house=house,
        now=now,
        undo=None,
        elsewhere=True,
    )


def _put(
    interview: Interview,
    kind: MessageKind,
    address: str,
    *,
    user: User,
    house: mail.Letterhead,
    now: datetime,
    undo: dict[str, Any] | None,
    elsewhere: bool = False,
) -> Message:
    ours = is_ours(interview, house)
    answers_to = interview.organizer if ours and house.reads_mail else user.email
    more = {
        "elsewhere": elsewhere,
        "wished": is_their_wish(interview),
        "answers": links.answers(interview, house) if METHODS[kind] is Method.REQUEST else None,
        "answers_to": answers_to,
    }
    draft = mail.Draft(
        kind=kind,
        letter=kind.value,
        user=user,
        workspace_id=interview.workspace_id,
        dedupe_key=f"interview {interview.id} {kind.value} {interview.sequence} {now.isoformat()}"
        # Two mailboxes may be written to at once.
        f" {words.digest(address)[:8]}",
        values=values(interview, user, undo) | more,
        contact=interview.contact,
        interview_id=interview.id,
        to_contact=True,
        to=address,
        sender=interview.organizer if ours else "",
        is_read=ours and house.reads_mail,
        not_after=interview.starts_at,
        calendar=_calendar(interview, kind, address, user=user, house=house, now=now, whole=not elsewhere),
        method=METHODS[kind].value,
        undo=undo,
    )
    return mail.put(draft, house=house, now=now)


def _calendar(
    interview: Interview,
    kind: MessageKind,
    address: str,
    *,
    user: User,
    house: mail.Letterhead,
    now: datetime,
    whole: bool,
) -> bytes:
    method = METHODS[kind]
    sent_by = "" if is_ours(interview, house) else carried(house.mail_from)
    return calendar.invitation(
        _entry(interview, user, house, cancelled=method is Method.CANCEL),
        method,
        Party(user.name, carried(interview.organizer or user.email), sent_by=sent_by),
        Party(interview.contact.name, carried(address)),
        stamp=now,
        # Where one of several mailboxes is un-invited, or a wish refused, the talk's own status is not said.
        has_status=whole and method is not Method.DECLINECOUNTER,
    )


def _entry(interview: Interview, user: User, house: mail.Letterhead, *, cancelled: bool) -> calendar.Entry:
    """The talk as the contact's calendar shows it: nothing of the seeker's notes is in it."""
    page = links.answers(interview, house)
    other = f"answer at {page.another} or write" if page else "write"
    return calendar.Entry(
        uid=interview.uid,
        summary=f"Informational interview with {user.name}",
        updated_at=interview.updated_at,
        created_at=interview.created_at,
        starts_at=interview.starts_at,
        ends_at=interview.ends_at,
        sequence=interview.sequence,
        description=f"A short talk, {interview.minutes} minutes, {MEDIA[interview.medium]}."
        + ("" if cancelled else f" To move it or call it off, {other} to {user.email}."),
        location=interview.place,
        cancelled=cancelled,
    )


def _guest(interview: Interview) -> str:
    """The mailbox that knows of the talk."""
    return interview.guest or interview.contact.email or ""
