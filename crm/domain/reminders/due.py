"""What is due: seen on one page, snoozed or finished there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain.errors import Invalid, NotAllowed, NotFound
from crm.domain.reminders.keeping import rhythm
from crm.models import OPEN, Contact, Kind, Reminder, ReminderState, User, Workspace

#: The furthest that something can be put off.
FURTHEST = timedelta(days=366)


def get(workspace: Workspace, reminder_id: int, *, lock: bool = False) -> Reminder:
    """One promise of this workspace; NotFound otherwise."""
    query = select(Reminder).where(Reminder.workspace_id == workspace.id, Reminder.id == reminder_id)
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound("reminder")
    return found


def agenda(workspace: Workspace, user: User, *, until: datetime, limit: int = 200) -> list[Reminder]:
    """What this user owes up to an instant, the most overdue first."""
    query = _open(workspace, user).where(Reminder.due_at < until)
    query = query.options(joinedload(Reminder.contact).joinedload(Contact.organisation))
    return list(db.session.scalars(query.order_by(Reminder.due_at).limit(limit)))


def count_due(workspace: Workspace, user: User, *, until: datetime) -> int:
    """How many things are due up to an instant; counted to 100 at the most."""
    bounded = _open(workspace, user).where(Reminder.due_at < until).limit(100).subquery()
    return db.session.scalar(select(func.count()).select_from(bounded)) or 0


def mark(workspace: Workspace, user: User, *, until: datetime, now: datetime) -> tuple[int, bool]:
    """What every page shows beside "Due": how many up to an instant, to 100, and whether one is overdue."""
    bounded = _open(workspace, user).where(Reminder.due_at < until).order_by(Reminder.due_at).limit(100)
    rows = bounded.with_only_columns(Reminder.due_at).subquery()
    count, first = db.session.execute(select(func.count(), func.min(rows.c.due_at))).one()
    return count, first is not None and first < now


def next_of(workspace: Workspace, contact_ids: Iterable[int]) -> dict[int, Reminder]:
    """For each contact what is due next, in one query; for the cards of the board."""
    ids = list(contact_ids)
    query = select(Reminder).where(
        Reminder.workspace_id == workspace.id, Reminder.contact_id.in_(ids), Reminder.state.in_(OPEN)
    )
    found: dict[int, Reminder] = {}
    for reminder in db.session.scalars(query.order_by(Reminder.due_at, Reminder.id)) if ids else ():
        found.setdefault(reminder.contact_id, reminder)
    return found


def page(
    workspace: Workspace,
    *,
    state: str | None = None,
    contact_id: int | None = None,
    limit: int = 50,
    after: tuple[datetime, int] | None = None,
) -> Sequence[Reminder]:
    """Promises in the order in which they come due; `after` is the last one seen."""
    query = select(Reminder).where(Reminder.workspace_id == workspace.id)
    if state:
        query = query.where(Reminder.state == ReminderState(state))
    if contact_id:
        query = query.where(Reminder.contact_id == contact_id)
    if after:
        at, last = after
        query = query.where((Reminder.due_at > at) | ((Reminder.due_at == at) & (Reminder.id > last)))
    return db.session.scalars(query.order_by(Reminder.due_at, Reminder.id).limit(limit)).all()


def snooze(reminder: Reminder, until: datetime, *, now: datetime) -> Reminder:
    """Put a promise off; its letter comes at `until`, later steps stay where they are.

    Raises Invalid for a time that has passed or is over a year away, NotAllowed for a closed promise.
    """
    _check_open(reminder)
    if until <= now:
        raise Invalid(until="Choose a time that is still to come.")
    if until > now + FURTHEST:
        raise Invalid(until="Choose a time within a year.")
    later = [step for step in reminder.steps[reminder.step :] if datetime.fromisoformat(step[1]) > until]
    reminder.steps = [*reminder.steps[: reminder.step], ["snoozed", until.isoformat()], *later]
    reminder.due_at, reminder.state, reminder.updated_at = until, ReminderState.SNOOZED, now
    return reminder


def done(reminder: Reminder, *, now: datetime) -> Reminder:
    """The user did it, or decided that it is done; doing it twice does no harm.

    Staying in touch is never done for good: the next date is promised at once (P-C4).
    """
    if reminder.state is ReminderState.DONE:
        return reminder
    _check_open(reminder)
    reminder.state, reminder.updated_at = ReminderState.DONE, now
    db.session.flush()
    if reminder.kind is Kind.STAY_IN_TOUCH:
        rhythm(reminder.contact, now=now, since=now)
    return reminder


def _open(workspace: Workspace, user: User) -> Select[Reminder]:
    return (
        select(Reminder)
        .join(Contact, Contact.id == Reminder.contact_id)
        .where(
            Reminder.workspace_id == workspace.id,
            Reminder.owner_id == user.id,
            Reminder.state.in_(OPEN),
            Contact.deleted_at.is_(None),
        )
    )


def _check_open(reminder: Reminder) -> None:
    if reminder.state not in OPEN:
        raise NotAllowed("This reminder is finished already.")
