"""The outbox: finished letters wait here as rows, and leave by the worker's hand alone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crm.database import db
from crm.domain.errors import Invalid
from crm.domain.mail import senders
from crm.domain.mail.letterhead import Letterhead
from crm.domain.mail.mime import Letter, build, short_name
from crm.domain.mail.render import render
from crm.models import BadAddress, Contact, Message, MessageBody, MessageKind, MessageState, User

#: How long a letter to a contact waits, so that it can be taken back (contract, Mail).
GRACE = timedelta(seconds=10)
#: A letter that names no end of its use is given up after so long.
GIVE_UP = timedelta(days=5)


@dataclass(frozen=True)
class Draft:
    """A letter before it is written: which, to whom, about what, and for how long it is of use."""

    kind: MessageKind
    #: The file in `templates/email`.
    letter: str
    user: User
    workspace_id: int
    dedupe_key: str
    values: dict[str, Any] = field(default_factory=dict)
    contact: Contact | None = None
    interview_id: int | None = None
    reminder_id: int | None = None
    #: Written in the user's name, to the contact.
    to_contact: bool = False
    #: Another address than the user's or the contact's own.
    to: str = ""
    #: From another address than the house's own: one of ours with a tag.
    sender: str = ""
    #: Answers to `sender` are read here, so that no other address is named for them.
    is_read: bool = False
    #: Waits so long, even where nobody may take it back.
    wait: timedelta = timedelta(0)
    not_after: datetime | None = None
    #: Leaves in quiet hours and on days off too.
    urgent: bool = False
    unsubscribe: str = ""
    calendar: bytes = b""
    method: str = ""
    #: Kept out of the ledger's eyes: the body holds a secret.
    secret: bool = False
    undo: dict[str, Any] | None = None
    #: Where answers to a letter to the user go.
    reply_to: str = ""
    reply_to_name: str = ""


def put(draft: Draft, *, house: Letterhead, now: datetime) -> Message:
    """Write the letter whole and queue it. A second one with the same dedupe key is the first one."""
    found = db.session.scalars(select(Message).where(Message.dedupe_key == draft.dedupe_key)).first()
    if found is not None:
        return found
    message = add(draft, house=house, now=now)
    db.session.flush()
    return message


def add(draft: Draft, *, house: Letterhead, now: datetime) -> Message:
    """The same without a look whether it is there: for many at once, whose flush fails where one is."""
    message_id = f"<out.{secrets.token_hex(12)}@{house.domain}>"
    subject, text, html = render(
        draft.letter, {**draft.values, "user": draft.user, "addresses": house.addresses}
    )
    message = _row(draft, message_id, subject, now=now, house=house)
    message.body = body = MessageBody(workspace_id=draft.workspace_id)
    if not draft.secret:
        body.text, body.html = text, html
    try:
        body.raw = build(_letter(draft, message_id, subject, text, html, house=house, now=now))
    except Invalid as problem:
        message.state, message.server_reply = MessageState.FAILED, problem.sentence
    _suppress(message)
    db.session.add(message)
    return message


def requeue(message: Message, *, now: datetime) -> None:
    """Let a letter wait again that was withdrawn before anybody tried it."""
    if message.state is MessageState.CANCELLED and message.attempts == 0 and message.raw is not None:
        message.state, message.server_reply = MessageState.WAITING, None
        message.next_try_at = now + GRACE if message.to_contact else now


def _row(draft: Draft, message_id: str, subject: str, *, house: Letterhead, now: datetime) -> Message:
    return Message(
        workspace_id=draft.workspace_id,
        user_id=draft.user.id,
        contact_id=draft.contact.id if draft.contact else None,
        interview_id=draft.interview_id,
        reminder_id=draft.reminder_id,
        dedupe_key=draft.dedupe_key,
        kind=draft.kind,
        to_contact=draft.to_contact,
        to=_recipient(draft)[0],
        sender=senders.envelope(house, message_id),
        subject=subject[:300],
        message_id=message_id,
        state=MessageState.WAITING,
        next_try_at=now + (GRACE if draft.to_contact else draft.wait),
        not_after=draft.not_after or now + GIVE_UP,
        urgent=draft.urgent,
        undo=draft.undo,
        created_at=now,
    )


def _letter(
    draft: Draft, message_id: str, subject: str, text: str, html: str, *, house: Letterhead, now: datetime
) -> Letter:
    to, to_name = _recipient(draft)
    in_name = draft.to_contact
    answers_to, answers_name = _answers_to(draft, house)
    return Letter(
        message_id=message_id,
        date=now,
        sender=draft.sender or _sender(draft, message_id, house),
        sender_name=short_name(draft.user.name, " via Fika") if in_name else "Fika",
        to=to,
        to_name=to_name,
        subject=subject,
        text=text,
        html=html,
        reply_to=answers_to,
        reply_to_name=answers_name,
        automatic=not in_name,
        unsubscribe=draft.unsubscribe,
        calendar=draft.calendar,
        method=draft.method,
    )


def _sender(draft: Draft, message_id: str, house: Letterhead) -> str:
    return senders.of_letter(house, message_id) if _is_read(draft, house) else house.mail_from


def _answers_to(draft: Draft, house: Letterhead) -> tuple[str, str]:
    """Where answers go that are not read here: to the user; those to a letter to the user where it says."""
    if not draft.to_contact:
        return draft.reply_to, draft.reply_to_name
    return ("", "") if draft.is_read or _is_read(draft, house) else (draft.user.email, draft.user.name)


def _is_read(draft: Draft, house: Letterhead) -> bool:
    """Whether answers to a letter to a contact find their way by its own address; talks have theirs."""
    return draft.to_contact and house.reads_mail and draft.interview_id is None


def _recipient(draft: Draft) -> tuple[str, str]:
    if draft.to_contact and draft.contact is not None:
        return draft.to or draft.contact.email or "", draft.contact.name
    return draft.to or draft.user.email, draft.user.name


def _suppress(message: Message) -> None:
    """A contact's address that a server refused for good is not tried again.

    What a user asked for is never switched off by a failure: their own letters are tried each time.
    """
    if not message.to_contact:
        return
    query = select(BadAddress.reason).where(
        BadAddress.workspace_id == message.workspace_id, BadAddress.address == message.to.casefold()
    )
    reason = db.session.scalars(query).first()
    if reason and message.state is MessageState.WAITING:
        message.state = MessageState.SUPPRESSED
        message.server_reply = f"This address was refused before: {reason}"
