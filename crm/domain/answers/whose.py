"""Whose answer it is: the talk that it is about, and whether it may speak for the person invited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import select

from crm.database import db
from crm.domain import words
from crm.domain.answers.reading import Person, Said
from crm.domain.mail import plus
from crm.domain.mail.plus import Tag
from crm.domain.mailboxes import mailboxes
from crm.models import Contact, Interview


class Standing(Enum):
    """For whom somebody speaks."""

    #: The person invited, by whatever address.
    GUEST = auto()
    #: Whom the guest sends instead (RFC 5546 §3.2.2.3).
    DELEGATE = auto()
    #: Nobody who was invited: a "party crasher" (RFC 5546 §3.2.3).
    STRANGER = auto()


@dataclass(frozen=True)
class Speaker:
    """Who answered; `address` is the guest's own where it is the guest."""

    standing: Standing
    person: Person
    address: str


def interview_of(said: Said, tokens: Sequence[str]) -> Interview | None:
    """The talk by the UID, which nobody but the invited was told, else by the token it was sent to; locked.

    None where there is no such talk, or its contact is in the trash.
    """
    found = _find(Interview.uid == said.uid) or _find(Interview.token.in_(tokens))
    if found is None:
        return None
    # The contact first, as everywhere: what is done to a talk is done to both.
    contact = select(Contact).where(Contact.id == found.contact_id, Contact.deleted_at.is_(None))
    if db.session.scalars(contact.with_for_update()).first() is None:
        return None
    db.session.refresh(found, with_for_update=True)
    return found


def _find(condition: object) -> Interview | None:
    return db.session.scalars(select(Interview).where(condition)).first()  # type: ignore[arg-type]


def tokens_of(recipients: Iterable[str], mailbox: str) -> list[str]:
    """The tokens of talks among the addresses that a letter came to."""
    named = (plus.read(address_of(recipient), mailbox) for recipient in recipients)
    return [found.token for found in named if found is not None and found.tag is Tag.INTERVIEW]


def speaker(said: Said, interview: Interview, sender: str, *, proven: bool) -> Speaker:
    """For whom an answer speaks. Believed where it comes from that very address, or was sent to our token.

    Programs name people by aliases, assistants answer in their names (SENT-BY, RFC 5545 §3.2.18), and
    letters are forwarded; a stranger's answer is kept and changes nothing.
    """
    sender, known = address_of(sender), _known(interview)
    is_from_guest = _is_one_of(sender, known)
    person = _named(said, known) or _first(said, sender)
    guest = Speaker(Standing.GUEST, person, interview.guest or sender)
    if person.delegated_from and _is_one_of(person.delegated_from, known):
        believed = proven or _is_one_of(sender, [person.address])
        standing = Standing.DELEGATE if believed else Standing.STRANGER
        return Speaker(standing, person, person.address)
    if is_from_guest or (proven and _is_alias(person, interview, known)):
        return guest
    return Speaker(Standing.STRANGER, person, person.address)


def address_of(written: str) -> str:
    """The bare address, in small letters, of "Ada <ada@example.com>"."""
    found = mailboxes(written)
    return found[0][1].strip().casefold() if found else ""


def is_seeker(interview: Interview, sender: str) -> bool:
    """Whether the seeker's own calendar program answers, to the copy that it was sent."""
    return _is_one_of(address_of(sender), [interview.contact.owner.email])


def _known(interview: Interview) -> list[str]:
    """The addresses by which the guest is known."""
    return [address for address in (interview.guest, (interview.contact.email or "").casefold()) if address]


def _named(said: Said, known: list[str]) -> Person | None:
    """The line that names the guest, or whoever answers in their name."""
    for person in said.people:
        if _is_one_of(person.address, known) or _is_one_of(person.sent_by, known):
            return person
    return None


def _first(said: Said, sender: str) -> Person:
    return said.people[0] if said.people else Person(sender)


def _is_alias(person: Person, interview: Interview, known: list[str]) -> bool:
    """Whether a line that came to our token speaks of the guest, under another address perhaps."""
    if _is_one_of(person.address, known) or _is_one_of(person.sent_by, known):
        return True
    same_name = bool(person.name) and words.key(person.name) == interview.contact.name_key
    local = person.address.partition("@")[0]
    return same_name or any(local == address.partition("@")[0] for address in known)


def _is_one_of(address: str, known: Iterable[str]) -> bool:
    """The same mailbox, whatever tag stands behind a plus."""
    return bool(address) and any(_mailbox(address) == _mailbox(other) for other in known)


def _mailbox(address: str) -> str:
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
