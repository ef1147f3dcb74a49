"""Whom a message concerns: by the address it was sent to, by its thread, and by who wrote it, in this order.

Only the first two prove that the writer got a letter of ours. An address alone may stand in several
workspaces, and then it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Select, or_, select

from crm.database import db
from crm.domain.inbox.reading import Incoming
from crm.domain.mail import plus
from crm.domain.mail.plus import Tag
from crm.models import Contact, Dropbox, Interview, Message, User

#: People with the same address whose letters are looked through, and how long an id of a relay is at least.
SAME, LONG = 5, 12


class Found(NamedTuple):
    """The letter that is answered or reported on, and the contact, as far as they are known."""

    letter: Message | None = None
    contact: Contact | None = None


def tokens(mail: Incoming, mailbox: str, tag: Tag) -> list[str]:
    """What the addresses of ours that it came to name, of one kind."""
    read = (plus.read(address, mailbox) for address in mail.recipients)
    return [found.token for found in read if found is not None and found.tag is tag]


def is_ours(address: str, mailbox: str) -> bool:
    """Whether an address is this mailbox, with a tag or without."""
    return address.casefold() == mailbox.casefold() or plus.read(address, mailbox) is not None


def by_token(mail: Incoming, mailbox: str, domain: str) -> Found:
    """By the tag of an address of ours: the letter, or the talk, that was told it."""
    for token in [*tokens(mail, mailbox, Tag.LETTER), *tokens(mail, mailbox, Tag.BOUNCE)]:
        letter = letter_of(token, domain)
        if letter is not None:
            return Found(letter, _living(letter.contact))
    for token in tokens(mail, mailbox, Tag.INTERVIEW):
        talk = _interview_of(token)
        if talk is not None:
            return Found(_latest_about(talk), _living(db.session.get(Contact, talk.contact_id)))
    return Found()


def by_thread(mail: Incoming) -> Found:
    """By the Message-IDs that it says it answers; a relay may have given a letter another than ours."""
    for message_id in mail.thread:
        letter = by_message_id(message_id)
        if letter is not None:
            return Found(letter, _living(letter.contact))
    relayed = _by_relay(mail.thread, mail.sender.address)
    return Found(relayed, _living(relayed.contact)) if relayed is not None else Found()


def by_sender(address: str) -> Contact | None:
    """The only contact of all workspaces with this address; None where there are several."""
    found = db.session.scalars(_with_address(address).limit(2)).all()
    return found[0] if len(found) == 1 else None


def within(workspace_id: int, address: str) -> Contact | None:
    """The contact of one workspace with this address, who was in touch last where there are several."""
    query = _with_address(address).where(Contact.workspace_id == workspace_id)
    query = query.order_by(Contact.touched_at.is_(None), Contact.touched_at.desc(), Contact.id)
    return db.session.scalars(query).first()


def letter_of(token: str, domain: str) -> Message | None:
    """The letter whose Message-ID holds this token."""
    return db.session.scalars(select(Message).where(Message.message_id == f"<out.{token}@{domain}>")).first()


def by_message_id(message_id: str) -> Message | None:
    """A letter by its Message-ID, which is ours alone to give."""
    bare = message_id.strip("<> ")
    return db.session.scalars(select(Message).where(Message.message_id == f"<{bare}>")).first()


def owner_of(token: str) -> tuple[User, int] | None:
    """The user whose dropbox this is, and the workspace it belongs to."""
    box = db.session.scalars(select(Dropbox).where(Dropbox.token == token)).first()
    if box is None:
        return None
    user = db.session.get_one(User, box.user_id)
    return (user, box.workspace_id) if user.active else None


def _by_relay(thread: Iterable[str], sender: str) -> Message | None:
    """A letter to the same address that a relay sent on under an id of its own, which its answer named."""
    people = db.session.scalars(_with_address(sender).limit(SAME)).all()
    ids = [bare.partition("@")[0] for bare in thread]
    named = [Message.server_reply.contains(name, autoescape=True) for name in ids if len(name) >= LONG]
    for contact in people if named else ():
        query = select(Message).where(
            Message.workspace_id == contact.workspace_id, Message.contact_id == contact.id, or_(*named)
        )
        letter = db.session.scalars(query.order_by(Message.id.desc()).limit(1)).first()
        if letter is not None:
            return letter
    return None


def _with_address(address: str) -> Select[Contact]:
    """Contacts, in any workspace, that are not in the trash."""
    return select(Contact).where(Contact.email_key == address.casefold(), Contact.deleted_at.is_(None))


def _interview_of(token: str) -> Interview | None:
    return db.session.scalars(select(Interview).where(Interview.token == token)).first()


def _latest_about(talk: Interview) -> Message | None:
    """The letter about a talk that the contact got last."""
    query = select(Message).where(
        Message.workspace_id == talk.workspace_id,
        Message.interview_id == talk.id,
        Message.to_contact.is_(True),
    )
    return db.session.scalars(query.order_by(Message.id.desc()).limit(1)).first()


def _living(contact: Contact | None) -> Contact | None:
    """A contact that is not in the trash: to those nothing happens any more."""
    return contact if contact is not None and contact.deleted_at is None else None
