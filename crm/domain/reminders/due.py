"""What is due: seen on one page, snoozed or finished there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain.errors import Invalid, NotAllowed, NotFound
from crm.domain.reminders.keeping import open_of
from crm.domain.reminders.occasions import rhythm
from crm.domain.reminders.promises import APART, BEFORE_A_TALK, OVERDUE, PROMISES
from crm.models import (
    OPEN,
    Contact,
    Interview,
    InterviewState,
    Kind,
    Reminder,
    ReminderState,
    User,
    Workspace,
)

#: What comes however often the steps before were put off (P-T1).
LAST_CALLS = ("two_hours_before", "two_hours_left", OVERDUE)
#: The furthest that something can be put off.
FURTHEST = timedelta(days=366)
#: The name of the step that a snooze puts in.
SNOOZED = "snoozed"
#: These are owed in their stage alone; the others outlive it.
ONLY_THERE = (Kind.ASK, Kind.FOLLOW_UP, Kind.CLOSE, Kind.SET_DATE)


def get(workspace: Workspace, reminder_id: int, *, lock: bool = False) -> Reminder:
    """One promise of this workspace; NotFound otherwise."""
    query = select(Reminder).where(Reminder.workspace_id == workspace.id, Reminder.id == reminder_id)
    found = db.session.scalars(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound("reminder")
    return found


def agenda(workspace: Workspace, user: User, *, until: datetime, limit: int = 200) -> list[Reminder]:
    """What this user owes up to an instant, the most overdue first."""
    query = open_for(workspace, user).where(Reminder.due_at < until)
    query = query.options(
        joinedload(Reminder.contact).joinedload(Contact.organisation), joinedload(Reminder.interview)
    )
    return list(db.session.scalars(query.order_by(Reminder.due_at).limit(limit)))


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
    """Put a promise off; its letter comes at `until`, later steps stay where they are. Twice is once.

    Raises Invalid for a time that has passed, is over a year away, or after the talk has begun,
    NotAllowed for a closed promise.
    """
    _check_open(reminder)
    if reminder.state is ReminderState.SNOOZED and reminder.due_at == until:
        return reminder
    _check_until(reminder, until, now)
    behind, ahead = reminder.steps[: reminder.step], reminder.steps[reminder.step :]
    passed = [step for n, step in enumerate(ahead) if _gives_way(step, until, is_next=n == 0)]
    later = [step for step in ahead if step not in passed]
    # What is passed over stays in the row, so that the snooze can be taken back.
    behind += [[f"{_mark(until)}{name}", at] for name, at in passed]
    reminder.steps, reminder.step = [*behind, [SNOOZED, until.isoformat()], *later], len(behind)
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


def take_back(reminder: Reminder, *, now: datetime) -> Reminder:
    """Undo *done* or the last *snooze*: the promise stands again as it stood before.

    Raises NotAllowed where there is nothing to undo, or where it is not owed any more.
    """
    if reminder.state is ReminderState.SNOOZED:
        _wake(reminder)
    elif reminder.state is ReminderState.DONE:
        if not _is_owed(reminder):
            raise NotAllowed("Things have moved on since, so this is no longer owed.")
        _replace_next(reminder, now)
    else:
        raise NotAllowed("There is nothing to take back here.")
    _stand(reminder, now)
    return reminder


def _check_until(reminder: Reminder, until: datetime, now: datetime) -> None:
    if until <= now:
        raise Invalid(until="Choose a time that is still to come.")
    if until > now + FURTHEST:
        raise Invalid(until="Choose a time within a year.")
    interview = reminder.interview
    if interview is not None and reminder.kind in BEFORE_A_TALK and until >= interview.starts_at:
        raise Invalid(until="The talk will have begun by then. Choose an earlier time.")


def _gives_way(step: list[str], until: datetime, *, is_next: bool) -> bool:
    """Whether a step is passed over by a snooze, which puts the next one off; the last calls stay.

    Steps less than two hours apart are one.
    """
    name = step[0]
    if name == SNOOZED or (is_next and name not in LAST_CALLS):
        return True
    return _at(step) < until + (timedelta(0) if name == OVERDUE else APART)


def _wake(reminder: Reminder) -> None:
    """Without the snooze, with what it passed over."""
    behind, (snoozed, *later) = reminder.steps[: reminder.step], reminder.steps[reminder.step :]
    mark, back = _mark(_at(snoozed)), []
    while behind and behind[-1][0].startswith(mark):
        name, at = behind.pop()
        back.append([name.removeprefix(mark), at])
    reminder.steps, reminder.step = [*behind, *sorted([*back, *later], key=_at)], len(behind)


def _is_owed(reminder: Reminder) -> bool:
    """Whether what has happened meanwhile leaves the promise any sense."""
    contact, interview = reminder.contact, reminder.interview
    if contact.closed or contact.deleted_at:
        return False
    if interview is not None and reminder.kind is Kind.THANK_YOU:
        return interview.thanked_at is None
    if interview is not None:
        return interview.state is InterviewState.PLANNED
    if reminder.kind is Kind.ASK and contact.asks:
        return False
    if reminder.kind is Kind.SET_DATE and _has_date(contact):
        return False
    stage = PROMISES[reminder.kind].stage
    if stage is None or reminder.kind in ONLY_THERE:
        return stage in (None, contact.stage)
    return contact.stage.number >= stage.number


def _has_date(contact: Contact) -> bool:
    query = select(Interview.id).where(
        Interview.workspace_id == contact.workspace_id,
        Interview.contact_id == contact.id,
        Interview.state == InterviewState.PLANNED,
    )
    return db.session.scalars(query.limit(1)).first() is not None


def _replace_next(reminder: Reminder, now: datetime) -> None:
    """What *done* promised instead gives way; a promise that came from elsewhere does not."""
    for other in open_of(reminder.contact, [reminder.kind], subject=reminder.subject):
        if other.created_at != reminder.updated_at:
            raise NotAllowed("A newer reminder of the same kind has taken its place.")
        other.state, other.updated_at = ReminderState.CANCELLED, now
    db.session.flush()


def _stand(reminder: Reminder, now: datetime) -> None:
    """State and time follow from the steps."""
    left = reminder.steps[reminder.step :]
    reminder.due_at, reminder.updated_at = _at((left or reminder.steps[-1:])[0]), now
    if not left:
        reminder.state = ReminderState.SENT
    else:
        reminder.state = ReminderState.SNOOZED if left[0][0] == SNOOZED else ReminderState.PENDING


def _at(step: list[str]) -> datetime:
    return datetime.fromisoformat(step[1])


def _mark(until: datetime) -> str:
    """What is written before the name of a step that a snooze passed over."""
    return f"passed over until {until.isoformat()}: "


def open_for(workspace: Workspace, user: User) -> Select[Reminder]:
    """What a user still owes, whenever it comes due."""
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
