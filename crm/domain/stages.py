"""Entering a stage: the state, its history, and the promises that go and come with it.

The low step under every move; who wants to move a contact calls `pipeline.move`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from crm.database import db
from crm.domain import reminders, timeline
from crm.models import Contact, Happened, Interview, InterviewState, Kind, Stage, StageChange, User

NAMES = {
    Stage.LOCATED: "Located",
    Stage.AGREED: "Agreed",
    Stage.INTERVIEWED: "Interviewed",
    Stage.THANKED: "Thanked",
    Stage.RECONNECTED: "Reconnected",
}


def enter(
    contact: Contact, to: Stage, *, by: User, at: datetime, now: datetime, reason: str = ""
) -> StageChange:
    """Put a contact into a stage, note it in the history, and renew what is owed."""
    was = contact.stage
    skipped = list(Stage)[was.number + 1 : to.number]
    change = StageChange(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        by_id=by.id,
        was=was,
        became=to,
        at=at,
        reason=reason,
        skipped=tuple(stage.value for stage in skipped),
    )
    db.session.add(change)
    contact.stage, contact.stage_since, contact.updated_at = to, at, now
    timeline.write(contact, Happened.STAGE, _sentence(change, skipped), by=by, at=at, now=now)
    reminders.drop_stage(contact, was, now=now, back=to.number < was.number)
    promise(contact, at=at, now=now)
    return change


def promise(contact: Contact, *, at: datetime, now: datetime) -> None:
    """Promise what the contact's stage owes, as of `at`; what a talk owes comes with the talk."""
    if contact.stage is Stage.LOCATED:
        _promise_located(contact, at=at, now=now)
    elif contact.stage is Stage.AGREED:
        _promise_agreed(contact, at=at, now=now)
    elif contact.stage is Stage.THANKED:
        reminders.rhythm(contact, now=now, since=at)
        reminders.tell_referrer(contact, at=at, now=now)
    elif contact.stage is Stage.RECONNECTED:
        reminders.rhythm(contact, now=now, since=at)


def renew(contact: Contact, *, now: datetime) -> None:
    """Promise everything anew for a contact that was out of the way, as if it began now.

    What has a time of its own keeps it: talks, the 24 hours, and the rhythm from the last touch.
    """
    if contact.stage in (Stage.THANKED, Stage.RECONNECTED):
        reminders.rhythm(contact, now=now)
    else:
        promise(contact, at=now, now=now)
    if contact.stage is Stage.THANKED:
        reminders.tell_referrer(contact, at=contact.stage_since, now=now)
    for interview in planned(contact) if contact.stage is not Stage.AGREED else ():
        reminders.for_interview(interview, now=now)
    for interview in unthanked(contact):
        reminders.for_thanks(interview, now=now)


def planned(contact: Contact) -> list[Interview]:
    """The talks that are still to come, or to be recorded, soonest first."""
    return _interviews(contact, InterviewState.PLANNED)


def held(contact: Contact) -> list[Interview]:
    """The talks that took place, earliest first."""
    return _interviews(contact, InterviewState.COMPLETED)


def unthanked(contact: Contact) -> list[Interview]:
    """The talks that nobody was thanked for yet, earliest first."""
    return [interview for interview in held(contact) if interview.thanked_at is None]


def _interviews(contact: Contact, state: InterviewState) -> list[Interview]:
    query = select(Interview).where(
        Interview.workspace_id == contact.workspace_id,
        Interview.contact_id == contact.id,
        Interview.state == state,
    )
    return list(db.session.scalars(query.order_by(Interview.starts_at, Interview.id)))


def _promise_located(contact: Contact, *, at: datetime, now: datetime) -> None:
    if contact.asks:
        reminders.after_ask(contact, at=at, now=now)
    else:
        reminders.promise(contact, Kind.ASK, anchor_at=at, now=now)


def _promise_agreed(contact: Contact, *, at: datetime, now: datetime) -> None:
    coming = planned(contact)
    for interview in coming:
        reminders.for_interview(interview, now=now)
    if not coming:
        reminders.promise(contact, Kind.SET_DATE, anchor_at=at, now=now)


def _sentence(change: StageChange, skipped: list[Stage]) -> str:
    text = f"Moved from {NAMES[change.was]} to {NAMES[change.became]}."
    if skipped:
        text += f" Skipped: {', '.join(NAMES[stage] for stage in skipped)}."
    return f"{text} {change.reason}".strip()
