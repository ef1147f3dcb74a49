"""The page of an invitation: a signed address for whoever was invited, for nothing but to answer it.

The address proves itself, so nothing is kept of it. It is good for one talk and for the mailbox that was
invited, and says so kindly once the talk has begun or is called off. Opening it changes nothing.
"""

from __future__ import annotations

import hashlib
import struct
from typing import NamedTuple

from sqlalchemy import select

from crm.database import db
from crm.domain import mail, signing
from crm.domain.errors import NotFound
from crm.models import Contact, Interview, User

#: That it is for an answer, to which talk, from which mailbox.
_FACTS = struct.Struct(">cI4s")
_PURPOSE = b"i"


class Answers(NamedTuple):
    """The addresses in a letter: the page with each answer at hand."""

    yes: str
    no: str
    another: str


def answers(interview: Interview, house: mail.Letterhead) -> Answers | None:
    """The ways to answer by the page; None where nothing can be signed."""
    if not house.signing_key:
        return None
    page = house.addresses.invitation(sign(interview, key=house.signing_key))
    return Answers(*(f"{page}/{choice}" for choice in Answers._fields))


def sign(interview: Interview, *, key: bytes) -> str:
    """The token of an invitation, 34 characters; `key` are bytes that nobody else has."""
    return signing.sign(_FACTS.pack(_PURPOSE, interview.id, _mark(interview)), key)


def find(token: str, *, key: bytes, lock: bool = False) -> Interview:
    """The talk that a token is for. NotFound for a made up one, or where another mailbox is invited now."""
    facts = signing.facts_in(token, _FACTS.size, key)
    if facts is None:
        raise NotFound("invitation")
    purpose, interview_id, mark = _FACTS.unpack(facts)
    if lock:
        of_it = select(Interview.contact_id).where(Interview.id == interview_id).scalar_subquery()
        db.session.scalars(select(Contact).where(Contact.id == of_it).with_for_update()).first()
    query = select(Interview).where(Interview.id == interview_id)
    query = query.join(Contact, Contact.id == Interview.contact_id).where(Contact.deleted_at.is_(None))
    found = db.session.scalars(query.with_for_update(of=Interview) if lock else query).first()
    if purpose != _PURPOSE or found is None or mark != _mark(found) or not seeker(found).active:
        raise NotFound("invitation")
    return found


def seeker(interview: Interview) -> User:
    """Who invites."""
    return db.session.get_one(User, interview.owner_id)


def _mark(interview: Interview) -> bytes:
    """What tells one mailbox from another."""
    return hashlib.sha256(interview.guest.encode()).digest()[:4]
