"""The seeker's own copy: talks come into their calendar by the feed or by letters, never by both.

Both would have the same UID, and most programs would show the talk twice.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from crm.database import db
from crm.domain import calendar, clock, humane, mail, places, preferences
from crm.domain.calendar import Method, Party
from crm.domain.invitations.letters import GONE
from crm.domain.invitations.sending import METHODS, carried, is_ours
from crm.domain.invitations.wording import MEDIA
from crm.domain.places import Fact
from crm.models import (
    Interview,
    InterviewState,
    Medium,
    Message,
    MessageKind,
    MessageState,
    OwnCopy,
    User,
    Workspace,
)


def is_wanted(user: User, workspace_id: int) -> bool:
    """Whether talks come to this user by letter; feeds leave them out then."""
    return preferences.of(user, workspace_id).own_copy is OwnCopy.INVITATION


def follow(interview: Interview, *, house: mail.Letterhead, now: datetime) -> Message | None:
    """Keep the seeker's calendar in step with the talk, where they want that by letter."""
    owner = db.session.get_one(User, interview.owner_id)
    if not is_wanted(owner, interview.workspace_id):
        return None
    return _follow(interview, owner, wanted=True, house=house, now=now)


def choose(user: User, workspace: Workspace, way: OwnCopy, *, house: mail.Letterhead, now: datetime) -> None:
    """Choose how talks come from now on; those that are to come change over at once."""
    wishes = preferences.change(user, workspace.id, {}, now=now)
    if wishes.own_copy is way:
        return
    wishes.own_copy = way
    query = select(Interview).where(
        Interview.workspace_id == workspace.id,
        Interview.owner_id == user.id,
        Interview.state == InterviewState.PLANNED,
        Interview.starts_at > now,
    )
    for interview in db.session.scalars(query.order_by(Interview.starts_at).limit(100)).all():
        # Feeds leave it out, or hold it again.
        interview.updated_at = now
        _follow(interview, user, wanted=way is OwnCopy.INVITATION, house=house, now=now)


def _follow(
    interview: Interview, owner: User, *, wanted: bool, house: mail.Letterhead, now: datetime
) -> Message | None:
    if interview.starts_at <= now:
        return None
    _withdraw(interview)
    is_known = _is_known(interview)
    stands = interview.state is InterviewState.PLANNED and interview.medium is not Medium.EMAIL
    if stands and wanted:
        return _put(interview, MessageKind.UPDATE if is_known else MessageKind.INVITATION, owner, house, now)
    return _put(interview, MessageKind.CANCELLATION, owner, house, now) if is_known else None


def _put(
    interview: Interview, kind: MessageKind, owner: User, house: mail.Letterhead, now: datetime
) -> Message:
    draft = mail.Draft(
        kind=kind,
        letter="own_copy",
        user=owner,
        workspace_id=interview.workspace_id,
        dedupe_key=f"own {interview.id} {kind.value} {interview.sequence} {now.isoformat()}",
        values=values(interview, kind, owner),
        contact=interview.contact,
        interview_id=interview.id,
        sender=interview.organizer if is_ours(interview, house) else "",
        # Undone within the time of grace, nobody's calendar blinks.
        wait=mail.GRACE,
        not_after=interview.starts_at,
        urgent=True,
        calendar=_calendar(interview, METHODS[kind], owner, house, now),
        method=METHODS[kind].value,
    )
    return mail.put(draft, house=house, now=now)


def _calendar(
    interview: Interview, method: Method, owner: User, house: mail.Letterhead, now: datetime
) -> bytes:
    """A REQUEST to somebody who has accepted already: programs keep such an entry in step by themselves.

    Its organizer is never the seeker, since programs ask nobody to their own invitation.
    """
    organizer = interview.organizer if is_ours(interview, house) else house.mail_from
    return calendar.invitation(
        calendar.Entry(
            uid=interview.uid,
            summary=f"Talk with {interview.contact.name}",
            updated_at=interview.updated_at,
            created_at=interview.created_at,
            starts_at=interview.starts_at,
            ends_at=interview.ends_at,
            sequence=interview.sequence,
            description=f"{interview.minutes} minutes, {MEDIA[interview.medium]}.",
            location=interview.place,
            url=house.addresses.interview(interview.id),
            cancelled=method is Method.CANCEL,
        ),
        method,
        Party("Fika", carried(organizer)),
        Party(owner.name, carried(owner.email)),
        stamp=now,
        accepted=True,
    )


def values(interview: Interview, kind: MessageKind, owner: User) -> dict[str, object]:
    """What the letter speaks of; times are the seeker's own."""
    where = clock.zone(owner.timezone)
    local = interview.starts_at.astimezone(where)
    return {
        "contact": interview.contact,
        "interview": interview,
        "word": {MessageKind.INVITATION: "Planned", MessageKind.UPDATE: "Changed"}.get(kind, "Taken out"),
        "day": f"{local:%A} {local.day} {local:%B, %H:%M}",
        "facts": [
            Fact("When", humane.exact(interview.starts_at, where)),
            Fact("How", f"{interview.minutes} minutes, {MEDIA[interview.medium]}"),
            places.where(interview),
        ],
    }


def _withdraw(interview: Interview) -> None:
    """What has not left is replaced."""
    for letter in _letters(interview, MessageState.WAITING):
        mail.withdraw(letter, "Replaced by a later change.")


def _is_known(interview: Interview) -> bool:
    """Whether the talk may be in the seeker's calendar by letter."""
    gone = _letters(interview, *GONE)
    return bool(gone) and gone[-1].kind is not MessageKind.CANCELLATION


def _letters(interview: Interview, *states: MessageState) -> list[Message]:
    query = select(Message).where(
        Message.workspace_id == interview.workspace_id,
        Message.interview_id == interview.id,
        Message.to_contact.is_(False),
        Message.kind.in_(METHODS),
        Message.state.in_(states),
    )
    return list(db.session.scalars(query.order_by(Message.id)))
