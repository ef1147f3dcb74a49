"""Making promises and dropping them, always in the unit of work of what caused it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, select

from crm.database import db
from crm.domain import clock
from crm.domain.reminders.promises import FOLLOW_UPS, PROMISES, Anchor, Step, schedule
from crm.models import OPEN, Contact, Interview, Kind, Reminder, ReminderState, Workspace


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

    What was promised of the same talk before is looked at: nothing that was told is told again,
    unless its time has moved into the future. None where the workspace switched the promise off
    or nothing of it is of use any more.
    """
    before = _before(contact, kind, interview) if interview else None
    if before is not None and before.state in OPEN and before.anchor_at == anchor_at:
        return before
    days = delay(contact.workspace, kind) if days is None else days
    anchor = Anchor(anchor_at, clock.zone(contact.owner.timezone), days, rounds)
    steps = schedule(kind, anchor, now=now) if _is_promised(contact, kind) else []
    told = bool(steps) and steps[0].at == now and _was_told(before, steps[0].name)
    if told and before is not None and _stays_done(before, steps):
        return before
    drop(contact, [kind], now=now, subject=_subject(interview))
    return _store(contact, kind, anchor, steps, interview, told=told, now=now) if steps else None


def delay(workspace: Workspace, kind: Kind) -> int:
    """The days that this workspace lets pass before a promise comes due."""
    return int(workspace.promises.get(kind, {}).get("days") or PROMISES[kind].days or 0)


def is_off(workspace: Workspace, kind: Kind) -> bool:
    """Whether this workspace has switched a promise off."""
    return bool(workspace.promises.get(kind, {}).get("off"))


def open_of(
    contact: Contact, kinds: Collection[Kind] | None = None, *, subject: str | None = None
) -> list[Reminder]:
    """What is still owed for a contact, soonest first."""
    query = _of(contact).where(Reminder.state.in_(OPEN))
    if kinds is not None:
        query = query.where(Reminder.kind.in_(kinds))
    if subject is not None:
        query = query.where(Reminder.subject == subject)
    return list(db.session.scalars(query.order_by(Reminder.due_at, Reminder.id)))


def kept(contact: Contact, kind: Kind, *, since: datetime | None = None) -> bool:
    """Whether a promise of this kind was kept, ever or since an instant."""
    query = _of(contact).where(Reminder.kind == kind, Reminder.state == ReminderState.DONE)
    if since is not None:
        query = query.where(Reminder.updated_at >= since)
    return db.session.scalars(query.limit(1)).first() is not None


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


def revive(contact: Contact, *, dropped_at: datetime, now: datetime) -> None:
    """Owe again what was dropped at an instant; what came due meanwhile is due now, once."""
    query = _of(contact).where(Reminder.state == ReminderState.CANCELLED, Reminder.updated_at == dropped_at)
    for reminder in db.session.scalars(query).all():
        _stand_again(reminder, now)
    db.session.flush()


def _stand_again(reminder: Reminder, now: datetime) -> None:
    ahead = list(reminder.steps[reminder.step :])
    passed = [step for step in ahead if datetime.fromisoformat(step[1]) <= now]
    if passed:
        ahead = [[passed[-1][0], now.isoformat()], *ahead[len(passed) :]]
    reminder.steps = [*reminder.steps[: reminder.step], *ahead]
    reminder.updated_at = now
    if not ahead:
        reminder.state = ReminderState.SENT
        return
    snoozed = ahead[0][0] == "snoozed"
    reminder.state = ReminderState.SNOOZED if snoozed else ReminderState.PENDING
    reminder.due_at = datetime.fromisoformat(ahead[0][1])


def _store(
    contact: Contact,
    kind: Kind,
    anchor: Anchor,
    steps: list[Step],
    interview: Interview | None,
    *,
    told: bool,
    now: datetime,
) -> Reminder:
    reminder = Reminder(
        workspace_id=contact.workspace_id,
        owner_id=contact.owner_id,
        contact=contact,
        interview=interview,
        kind=kind,
        subject=_subject(interview),
        anchor_at=anchor.at,
        steps=[[step.name, clock.written(step.at, anchor.zone)] for step in steps],
        step=int(told),
        due_at=steps[int(told) and len(steps) > 1].at,
        state=ReminderState.SENT if told and len(steps) == 1 else ReminderState.PENDING,
        created_at=now,
        updated_at=now,
    )
    db.session.add(reminder)
    db.session.flush()
    return reminder


def _is_promised(contact: Contact, kind: Kind) -> bool:
    return not (contact.closed or contact.deleted_at or is_off(contact.workspace, kind))


def _before(contact: Contact, kind: Kind, interview: Interview) -> Reminder | None:
    """What was last promised of this kind about this talk, whatever became of it."""
    query = _of(contact).where(Reminder.kind == kind, Reminder.subject == _subject(interview))
    return db.session.scalars(query.order_by(Reminder.id.desc()).limit(1)).first()


def _stays_done(before: Reminder, steps: list[Step]) -> bool:
    """What the user called done is not owed again, unless something of it lies ahead once more."""
    return before.state is ReminderState.DONE and (len(steps) == 1 or before.kind is Kind.THANK_YOU)


def _was_told(before: Reminder | None, name: str) -> bool:
    if before is None:
        return False
    return before.state is ReminderState.DONE or name in [step for step, _ in before.steps[: before.step]]


def _subject(interview: Interview | None) -> str:
    return f"interview {interview.id}" if interview else ""


def _of(contact: Contact) -> Select[Reminder]:
    return select(Reminder).where(
        Reminder.workspace_id == contact.workspace_id, Reminder.contact_id == contact.id
    )
