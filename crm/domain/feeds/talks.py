"""Talks and their preparation, as one feed shows them. Rows in, plain values out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select

from crm.database import db
from crm.domain.addresses import Addresses
from crm.domain.calendar import Entry
from crm.domain.feeds.choices import Choices, Keyed, about, but, title
from crm.domain.places import job
from crm.models import (
    Contact,
    Include,
    Interview,
    InterviewState,
    Medium,
    Organisation,
    OwnCopy,
    Preference,
    Privacy,
    Rsvp,
)

#: What the guest answered, as a line of the talk's own.
ANSWERS = {
    Rsvp.ACCEPTED: "{name} accepted.",
    Rsvp.DECLINED: "{name} declined this date.",
    Rsvp.TENTATIVE: "{name} answered: perhaps.",
    Rsvp.DELEGATED: "{name} passed the invitation on.",
}


class Talk(NamedTuple):
    """All that a calendar shows of a talk, as plain values: a feed of a thousand loads no objects."""

    id: int
    uid: str
    sequence: int
    state: InterviewState
    rsvp: Rsvp
    starts_at: datetime
    ends_at: datetime
    minutes: int
    place: str
    created_at: datetime
    updated_at: datetime
    #: Of the contact.
    name: str
    title: str | None
    phone: str | None
    organisation: str | None
    #: Whether the owner gets talks by letter.
    comes_by_letter: bool


def entry_of(interview: Interview, addresses: Addresses) -> Entry:
    """A talk as the seeker's own calendar shows it, alone."""
    contact = interview.contact
    organisation = contact.organisation.name if contact.organisation else None
    own = [getattr(interview, name) for name in OWN]
    talk = Talk._make([*own, contact.name, contact.title, contact.phone, organisation, False])
    return _entry(talk, addresses, Privacy.FULL)


def of(chosen: Choices, addresses: Addresses, since: datetime, ids: frozenset[int] | None) -> Iterator[Keyed]:
    """The talks of a feed and their preparation; of these ids alone, where there are any."""
    query = about(_TALKS, Interview, chosen)
    if ids is not None:
        query = query.where(Interview.id.in_(ids))
    told = {"workspace_id": chosen.workspace_id, "user_id": chosen.user_id, "since": since}
    # Plain rows: the session's own way costs more than what is read.
    for row in db.session.connection().execute(query, told):
        talk = Talk._make(row)
        entry = _entry(talk, addresses, chosen.privacy)
        # Whoever gets talks by letter would see them twice.
        if Include.INTERVIEWS in chosen.include and not talk.comes_by_letter:
            alarm = None if chosen.alarms is None else timedelta(minutes=chosen.alarms)
            yield Keyed(f"interview-{talk.id}", talk.starts_at, but(entry, alarm=alarm))
        if Include.PREPARATION in chosen.include:
            yield _preparation(chosen, talk, entry)


def _entry(talk: Talk, addresses: Addresses, privacy: Privacy) -> Entry:
    full = privacy is Privacy.FULL
    return Entry(
        uid=talk.uid,
        summary=title("Interview with {name}", talk.name, privacy),
        updated_at=max(talk.updated_at, talk.created_at),
        created_at=talk.created_at,
        starts_at=talk.starts_at,
        ends_at=talk.ends_at,
        sequence=talk.sequence,
        description=_description(talk) if full else "",
        location=talk.place if full else "",
        url=addresses.interview(talk.id) if privacy is not Privacy.BUSY else "",
        # Nobody is kept from another date by a talk that was declined.
        busy=talk.rsvp is not Rsvp.DECLINED,
        cancelled=talk.state is InterviewState.CANCELLED,
        tentative=talk.rsvp is Rsvp.TENTATIVE,
    )


def _preparation(chosen: Choices, talk: Talk, entry: Entry) -> Keyed:
    """The time before a talk; it blocks nobody, since only the seeker knows how much of it is needed."""
    starts_at = talk.starts_at - timedelta(minutes=chosen.preparation_minutes)
    before = but(
        entry,
        uid=f"preparation-{talk.uid}",
        summary=title("Prepare for {name}", talk.name, chosen.privacy),
        starts_at=starts_at,
        ends_at=talk.starts_at,
        description="",
        location="",
        busy=False,
    )
    return Keyed(f"preparation-{talk.id}", starts_at, before)


def _description(talk: Talk) -> str:
    lines = [
        job(talk.title, talk.organisation),
        f"Phone: {talk.phone}" if talk.phone else "",
        f"{talk.minutes} minutes",
        ANSWERS.get(talk.rsvp, "").format(name=talk.name),
    ]
    return "\n".join(line for line in lines if line)


#: What of a talk itself is shown, in the order of `Talk`.
OWN = Talk._fields[: Talk._fields.index("name")]
_BY_LETTER = select(Preference.id).where(
    Preference.workspace_id == bindparam("workspace_id"),
    Preference.user_id == bindparam("user_id"),
    Preference.own_copy == OwnCopy.INVITATION,
)
#: Put together once: doing it for each fetch takes as long as asking it.
_TALKS: Select[tuple[object, ...]] = (
    select(
        *(Interview.__table__.c[name] for name in OWN),
        Contact.name,
        Contact.title,
        Contact.phone,
        Organisation.name,
        _BY_LETTER.exists(),
    )
    .join(Contact, Contact.id == Interview.contact_id)
    .outerjoin(Organisation, Organisation.id == Contact.organisation_id)
    .where(
        Interview.workspace_id == bindparam("workspace_id"),
        Interview.owner_id == bindparam("user_id"),
        Interview.state != InterviewState.CANCELLED,
        Interview.medium != Medium.EMAIL,
        Interview.starts_at >= bindparam("since"),
        Contact.deleted_at.is_(None),
    )
)
