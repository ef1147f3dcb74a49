"""The dropbox: what users send a copy of, or forward, becomes part of the right contact's timeline.

Only mail from the user's own address writes there by itself. Whatever else comes to the address, which is
a secret but may get about, is an offer that the user takes or leaves.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from crm.database import db
from crm.domain import touches
from crm.domain.inbox import answering, forwarding, keeping, matching
from crm.domain.inbox.forwarding import Forwarded
from crm.domain.inbox.keeping import Case
from crm.domain.inbox.matching import Found
from crm.domain.inbox.reading import Person
from crm.domain.mail import plus
from crm.domain.mail.plus import Tag
from crm.models import Came, Direction, Dropbox, Received, User, Workspace

#: People of one message who are offered as contacts, or written down with it.
MOST = 10


def address(workspace: Workspace, user: User, mailbox: str, *, now: datetime) -> str:
    """The user's private address, made at the first look."""
    return plus.tagged(mailbox, Tag.DROPBOX, _box(workspace, user, now).token)


def rotate(workspace: Workspace, user: User, *, now: datetime) -> None:
    """Another address: what is sent to the old one reaches nobody from now on."""
    box = _box(workspace, user, now)
    box.token, box.created_at = _token(), now


def of_dropbox(case: Case) -> Received | None:
    """A message to somebody's dropbox; None where it came to none."""
    for token in matching.tokens(case.mail, case.house.mail_from, Tag.DROPBOX):
        owner = matching.owner_of(token)
        if owner is not None:
            return _of(case, *owner)
    return None


def of_upload(case: Case, workspace: Workspace, user: User) -> Received:
    """A message that the user gave us as a file: their own, or one that they got."""
    if _is_own(case, user):
        return _copied(case, workspace.id, user) or _nothing(case, workspace.id, user)
    found = case.mail
    facts = found.at, found.subject, found.text, found.quoted, found.is_automatic
    inner = Forwarded(found.sender, list(found.to), *facts)
    return _forwarded(case, inner, workspace.id, user) or _nothing(case, workspace.id, user)


def _of(case: Case, user: User, workspace_id: int) -> Received:
    if not _is_own(case, user):
        return _from_elsewhere(case, workspace_id, user)
    inner = forwarding.original(case.mail)
    others = _others(case, case.mail.to, user)
    found = None
    if inner is not None and not others:
        found = _forwarded(case, inner, workspace_id, user)
    return found or _copied(case, workspace_id, user) or _nothing(case, workspace_id, user)


def _is_own(case: Case, user: User) -> bool:
    return case.mail.sender.address.casefold() == user.email.casefold()


def _from_elsewhere(case: Case, workspace_id: int, user: User) -> Received:
    """A contact who answered to all, or somebody who is to be looked at first."""
    contact = matching.within(workspace_id, case.mail.sender.address)
    if contact is None:
        return _offer(case, case.mail.sender, workspace_id, user)
    if case.mail.is_automatic:
        return _nothing(case, workspace_id, user)
    return answering.heard(case, Found(None, contact), contact)


def _copied(case: Case, workspace_id: int, user: User) -> Received | None:
    """What the user wrote: an outgoing touch of every contact it went to, an offer for everybody else."""
    others = _others(case, case.mail.to, user)
    rows = [_sent_to(case, number, person, workspace_id, user) for number, person in enumerate(others)]
    return rows[0] if rows else None


def _sent_to(case: Case, number: int, person: Person, workspace_id: int, user: User) -> Received:
    case = _numbered(case, number)
    contact = matching.within(workspace_id, person.address)
    if contact is None:
        return _offer(case, person, workspace_id, user, Direction.OUT)
    text = answering.shown(case.mail.subject, case.mail.text)
    logged = touches.wrote(contact, text, by=user, at=_past(case, case.mail.at), now=case.now)
    return answering.keep(
        case, Came.SENT, f"You wrote to {contact.name}.", contact, Found(), logged.activity.id
    )


def _forwarded(case: Case, inner: Forwarded, workspace_id: int, user: User) -> Received | None:
    """What the user got from somebody, or once wrote to somebody, and now passes on to us."""
    at = _past(case, inner.at)
    mail = replace(case.mail, sender=inner.sender, to=tuple(inner.to), at=at, subject=inner.subject)
    case = replace(case, mail=replace(mail, text=inner.text, quoted=inner.quoted))
    if inner.sender.address.casefold() == user.email.casefold():
        return _copied(case, workspace_id, user)
    contact = matching.within(workspace_id, inner.sender.address)
    if contact is None:
        return _offer(case, inner.sender, workspace_id, user)
    if inner.is_automatic:
        return answering.automatically(case, Found(), contact)
    logged = touches.heard(contact, answering.shown(case.mail.subject, case.mail.text), at=at, now=case.now)
    sentence = f"{contact.name} wrote to you."
    return answering.keep(case, Came.REPLY, sentence, contact, Found(), logged.activity.id)


def _offer(
    case: Case, person: Person, workspace_id: int, user: User, way: Direction = Direction.IN
) -> Received:
    """Somebody who is no contact yet: the user decides."""
    who = person.name or person.address
    return keeping.keep(
        case,
        Came.OFFER,
        f"{who} is not among your contacts yet.",
        workspace_id=workspace_id,
        user_id=user.id,
        direction=way,
        sender=person.address[:254],
        sender_name=person.name[:200],
        at=_past(case, case.mail.at),
    )


def _nothing(case: Case, workspace_id: int, user: User) -> Received:
    """It came to the user's own address, and names nobody."""
    return keeping.keep(
        case,
        Came.UNKNOWN,
        "It names nobody whom it could belong to.",
        workspace_id=workspace_id,
        user_id=user.id,
        text="",
        quoted="",
    )


def _others(case: Case, people: Sequence[Person], user: User) -> list[Person]:
    """Those beside the user and ourselves."""
    mailbox, own = case.house.mail_from, user.email.casefold()
    return [
        person
        for person in people
        if person.address.casefold() != own and not matching.is_ours(person.address, mailbox)
    ][:MOST]


def _numbered(case: Case, number: int) -> Case:
    """One message to several people is a row for each."""
    if not number:
        return case
    digest = hashlib.sha256(f"{case.mail.digest} {number}".encode()).hexdigest()
    return replace(case, mail=replace(case.mail, digest=digest))


def _past(case: Case, at: datetime | None) -> datetime:
    """When it was written, which may be long ago, and is never to come."""
    return min(at, case.now) if at is not None else case.now


def _box(workspace: Workspace, user: User, now: datetime) -> Dropbox:
    query = select(Dropbox).where(Dropbox.workspace_id == workspace.id, Dropbox.user_id == user.id)
    box = db.session.scalars(query).first()
    if box is None:
        box = Dropbox(workspace_id=workspace.id, user_id=user.id, token=_token(), created_at=now)
        db.session.add(box)
        db.session.flush()
    return box


def _token() -> str:
    """80 random bits as small letters and figures."""
    return secrets.token_hex(10)
