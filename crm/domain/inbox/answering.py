"""What somebody wrote to us: an answer to an invitation, a reply of theirs, or of a program of theirs."""

from __future__ import annotations

from crm.database import db
from crm.domain import answers, timeline, touches, words
from crm.domain.inbox import automatic, forwarding, keeping, matching, telling
from crm.domain.inbox.keeping import Case
from crm.domain.inbox.matching import Found
from crm.domain.mail.plus import Tag
from crm.models import Came, Contact, Direction, Happened, Received, User

#: Characters of a reply that stand in the timeline.
MOST = 20_000


def of_calendar(case: Case) -> Received | None:
    """An answer to an invitation, in whatever part of the message it is; None where there is none."""
    found = case.mail
    for ics in found.calendars:
        taken = answers.take(
            ics, sender=_answerer(case), recipients=found.recipients, now=case.now, house=case.house
        )
        if taken is not None:
            return keeping.keep(
                case,
                Came.RSVP,
                taken.sentence,
                workspace_id=taken.contact.workspace_id,
                user_id=taken.contact.owner_id,
                contact_id=taken.contact.id,
            )
    return None


def of_person(case: Case) -> Received | None:
    """Mail to or from a contact; None where nobody knows whose it is."""
    found = _whose(case)
    contact = found.contact
    if contact is None:
        return None
    owner = db.session.get_one(User, contact.owner_id)
    if case.mail.sender.address.casefold() == owner.email.casefold():
        # What a program of theirs wrote reaches out to nobody.
        return None if case.mail.is_automatic else _wrote(case, found, contact, owner)
    return automatically(case, found, contact) if case.mail.is_automatic else heard(case, found, contact)


def heard(case: Case, found: Found, contact: Contact) -> Received:
    """A person answered: a touch, which the user is told of at once."""
    text = shown(case.mail.subject, case.mail.text)
    logged = touches.heard(contact, text, at=case.at, now=case.now)
    row = keep(case, Came.REPLY, f"{contact.name} wrote to you.", contact, found, logged.activity.id)
    telling.of_reply(row, contact, house=case.house, now=case.now)
    return row


def shown(subject: str, text: str) -> str:
    """A message in the timeline: what it says, else what it is called."""
    return words.block(text)[:MOST] or words.line(subject)[:300] or "(without words)"


def keep(case: Case, kind: Came, sentence: str, contact: Contact, found: Found, activity_id: int) -> Received:
    """The row of a message that became an entry of the timeline."""
    return keeping.keep(
        case,
        kind,
        sentence,
        workspace_id=contact.workspace_id,
        user_id=contact.owner_id,
        contact_id=contact.id,
        letter_id=found.letter.id if found.letter else None,
        activity_id=activity_id,
    )


def _answerer(case: Case) -> str:
    """Who answered: where users passed on to their dropbox what they got, whoever wrote to them."""
    sender = case.mail.sender.address
    tokens = matching.tokens(case.mail, case.house.mail_from, Tag.DROPBOX)
    owners = [owner[0].email.casefold() for owner in map(matching.owner_of, tokens) if owner]
    inner = forwarding.original(case.mail) if sender.casefold() in owners else None
    return inner.sender.address if inner is not None else sender


def _whose(case: Case) -> Found:
    """The tag of our address first, then the thread, then who wrote it."""
    house = case.house
    found = matching.by_token(case.mail, house.mail_from, house.domain)
    if found.letter is None and found.contact is None:
        found = matching.by_thread(case.mail)
    if found.letter is None and found.contact is None:
        found = Found(None, matching.by_sender(case.mail.sender.address))
    return found if found.letter is None or found.letter.to_contact else Found()


def _wrote(case: Case, found: Found, contact: Contact, owner: User) -> Received:
    """The user answered in the same thread from their own program, with us among the recipients."""
    text = shown(case.mail.subject, case.mail.text)
    logged = touches.wrote(contact, text, by=owner, at=case.at, now=case.now)
    return keep(case, Came.SENT, f"You wrote to {contact.name}.", contact, found, logged.activity.id)


def automatically(case: Case, found: Found, contact: Contact) -> Received:
    """A program answered: noted, and nothing that is owed changes by it."""
    said = f"{case.mail.subject}\n{case.mail.text}"
    back = automatic.back_on(said, case.at.date())
    sentence = (
        f"{contact.name} is away until {back.day} {back:%B %Y}." if back else "An automatic answer came."
    )
    text = f"{sentence}\n\n{shown(case.mail.subject, case.mail.text)}"[:MOST]
    entry = timeline.write(
        contact, Happened.AUTO_REPLY, text, by=None, at=case.at, now=case.now, direction=Direction.IN
    )
    db.session.flush()
    return keep(case, Came.AUTO_REPLY, sentence, contact, found, entry.id)
