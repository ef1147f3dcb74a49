"""Making promises and dropping them, always in the unit of work of what caused it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from crm.database import db
from crm.domain import clock
from crm.domain.reminders.promises import PROMISES, RHYTHM, Anchor, Step, schedule
from crm.models import OPEN, Contact, Interest, Interview, Kind, Medium, Reminder, ReminderState, Stage

#: After the first ask, a silence is followed up twice.
FOLLOW_UPS = 2


def promise(
    contact: Contact,
    kind: Kind,
    *,
    anchor_at: datetime,
    now: datetime,
    interview: Interview | None = None,
    rounds: int = FOLLOW_UPS,
    days: int | None = None,
) -> Reminder | None:
    """Promise something to the contact's owner; what stood open of the same kind gives way.

    None where the workspace switched the promise off or nothing of it is of use any more.
    """
    subject = f"interview {interview.id}" if interview else ""
    drop(contact, [kind], now=now, subject=subject)
    choice = contact.workspace.promises.get(kind, {})
    delay = days if days is not None else choice.get("days", PROMISES[kind].days) or 0
    anchor = Anchor(anchor_at, clock.zone(contact.owner.timezone), delay, rounds)
    steps = (
        [] if choice.get("off") or contact.closed or contact.deleted_at else schedule(kind, anchor, now=now)
    )
    return _store(contact, kind, anchor, steps, subject, interview, now) if steps else None


def _store(
    contact: Contact,
    kind: Kind,
    anchor: Anchor,
    steps: list[Step],
    subject: str,
    interview: Interview | None,
    now: datetime,
) -> Reminder:
    reminder = Reminder(
        workspace_id=contact.workspace_id,
        owner_id=contact.owner_id,
        contact=contact,
        interview=interview,
        kind=kind,
        subject=subject,
        anchor_at=anchor.at,
        steps=[[step.name, step.at.isoformat()] for step in steps],
        step=0,
        due_at=steps[0].at,
        created_at=now,
        updated_at=now,
    )
    db.session.add(reminder)
    db.session.flush()
    return reminder


def open_of(
    contact: Contact, kinds: Collection[Kind] | None = None, *, subject: str | None = None
) -> list[Reminder]:
    """What is still owed for a contact, soonest first."""
    query = select(Reminder).where(
        Reminder.workspace_id == contact.workspace_id,
        Reminder.contact_id == contact.id,
        Reminder.state.in_(OPEN),
    )
    if kinds is not None:
        query = query.where(Reminder.kind.in_(kinds))
    if subject is not None:
        query = query.where(Reminder.subject == subject)
    return list(db.session.scalars(query.order_by(Reminder.due_at)))


def drop(
    contact: Contact,
    kinds: Collection[Kind] | None,
    *,
    now: datetime,
    subject: str | None = None,
    state: ReminderState = ReminderState.CANCELLED,
) -> None:
    """Take promises back, all of the contact's where no kinds are named; they stay in the records."""
    for reminder in open_of(contact, kinds, subject=subject):
        reminder.state, reminder.updated_at = state, now
    db.session.flush()


def for_interview(interview: Interview, *, now: datetime) -> None:
    """What a planned talk owes: preparation, a brief, and the question how it went."""
    contact = interview.contact
    drop(contact, [Kind.ASK, Kind.FOLLOW_UP, Kind.CLOSE, Kind.SET_DATE], now=now)
    entered_late = interview.created_at >= interview.starts_at
    asked_from = interview.created_at if entered_late else interview.ends_at
    kinds = [Kind.PREPARE] if interview.medium is Medium.EMAIL else [Kind.PREPARE, Kind.BRIEF]
    for kind in kinds:
        promise(contact, kind, anchor_at=interview.starts_at, now=now, interview=interview)
    promise(contact, Kind.HOW_DID_IT_GO, anchor_at=asked_from, now=now, interview=interview)


def drop_interview(
    interview: Interview, *, now: datetime, state: ReminderState = ReminderState.CANCELLED
) -> None:
    """The talk is over or called off: nothing is owed before it any more."""
    kinds = [Kind.PREPARE, Kind.BRIEF, Kind.HOW_DID_IT_GO]
    drop(interview.contact, kinds, now=now, subject=f"interview {interview.id}", state=state)


def for_thanks(interview: Interview, *, now: datetime) -> None:
    """The 24 hours begin at the actual end (P-T1)."""
    if interview.ended_at is not None and interview.thanked_at is None:
        promise(interview.contact, Kind.THANK_YOU, anchor_at=interview.ended_at, now=now, interview=interview)


def rhythm(contact: Contact, *, now: datetime, first: bool = False, since: datetime | None = None) -> None:
    """Start the light rhythm anew (P-C4): three weeks after the thanks, by interest from then on."""
    if contact.stage not in (Stage.THANKED, Stage.RECONNECTED):
        return
    days = None if first else RHYTHM[contact.interest or Interest.OTHER]
    since = since or contact.touched_at or now
    promise(contact, Kind.STAY_IN_TOUCH, anchor_at=since, now=now, days=days)


def after_ask(contact: Contact, *, at: datetime, now: datetime) -> None:
    """Somebody was asked, or asked again: follow up at most twice, then offer to let go (P-A5)."""
    rounds = max(0, FOLLOW_UPS + 1 - contact.asks)
    drop(contact, [Kind.ASK, Kind.FOLLOW_UP, Kind.CLOSE], now=now)
    if rounds:
        promise(contact, Kind.FOLLOW_UP, anchor_at=at, now=now, rounds=rounds)
    promise(contact, Kind.CLOSE, anchor_at=at, now=now, rounds=rounds)


def kinds_of(stage: Stage) -> list[Kind]:
    """The promises that a stage owes."""
    kinds = [kind for kind, row in PROMISES.items() if row.stage is stage]
    return [*kinds, Kind.STAY_IN_TOUCH] if stage is Stage.RECONNECTED else kinds


def drop_stage(contact: Contact, stage: Stage, *, now: datetime, back: bool) -> None:
    """A stage was left: forward, what a talk owes stays with the talk; back, all of it is dropped."""
    stays: Iterable[Kind] = () if back else (Kind.PREPARE, Kind.BRIEF, Kind.HOW_DID_IT_GO, Kind.THANK_YOU)
    if not back and stage is Stage.THANKED:
        stays = (*stays, Kind.TELL_REFERRER)
    drop(contact, [kind for kind in kinds_of(stage) if kind not in stays], now=now)
