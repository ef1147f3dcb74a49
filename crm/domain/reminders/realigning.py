"""Realigning: mornings and evenings follow their owner's clocks, into another zone or under new rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import clock
from crm.domain.reminders.promises import PROMISES, Anchor, schedule
from crm.models import WAITING, Kind, Reminder, ReminderState, User

#: More than the clocks of any two zones are apart, so that nothing comes due unseen between two looks.
NEAR = timedelta(days=2)
#: Few enough for one unit of work.
BATCH = 200
#: So many are moved at once with their owner; the others before they come due.
SOONEST = 500


def rezone(user: User, *, now: datetime) -> None:
    """The owner lives by other clocks now: what is promised for a morning comes in the morning there.

    Instants stay: what is counted from a talk, and the times that the user chose.
    """
    of_user = [membership.workspace_id for membership in user.memberships]
    query = _coming(now).where(Reminder.workspace_id.in_(of_user), Reminder.owner_id == user.id)
    for reminder in db.session.scalars(query.order_by(Reminder.due_at, Reminder.id).limit(SOONEST)):
        _realign(reminder, clock.zone(user.timezone), now)


def realign(*, now: datetime, after: int = 0) -> int:
    """Move what comes due soon and was counted by other clocks than its owner's are now.

    Looks at a batch of those after an id, and answers the id to go on from: 0 at the end.
    """
    query = _coming(now).where(Reminder.due_at < now + NEAR, Reminder.id > after)
    query = query.options(joinedload(Reminder.owner, innerjoin=True)).order_by(Reminder.id).limit(BATCH)
    found = db.session.scalars(query).all()
    for reminder in found:
        # Where a zone was given up altogether, letters are put off, and the log says why.
        if clock.is_known(reminder.owner.timezone):
            _realign(reminder, clock.zone(reminder.owner.timezone), now)
    return found[-1].id if len(found) == BATCH else 0


def _coming(now: datetime) -> Select[Reminder]:
    """What is still to be written; a row that somebody else holds is looked at again in an hour."""
    query = select(Reminder).where(Reminder.state.in_(WAITING), Reminder.due_at > now)
    return query.with_for_update(of=Reminder, skip_locked=True)


def _realign(reminder: Reminder, where: ZoneInfo, now: datetime) -> None:
    # What was put off comes when its owner said, and what follows it is looked at after that.
    if reminder.state is not ReminderState.PENDING:
        return
    behind, ahead = reminder.steps[: reminder.step], reminder.steps[reminder.step :]
    moved = _by_clocks(reminder, ahead, where, now)
    if moved and [(step[0], _at(step)) for step in moved] != [(step[0], _at(step)) for step in ahead]:
        reminder.steps, reminder.due_at, reminder.updated_at = [*behind, *moved], _at(moved[0]), now


def _by_clocks(reminder: Reminder, ahead: list[list[str]], where: ZoneInfo, now: datetime) -> list[list[str]]:
    promise = PROMISES.get(reminder.kind)
    if reminder.kind is Kind.PREPARE:
        return ahead  # As long before the talk as was promised; the talk does not move.
    if promise is not None and promise.days is None:
        return _counted_anew(reminder, ahead, where, now)
    return [_moved(step, where, now) for step in ahead]


def _moved(step: list[str], where: ZoneInfo, now: datetime) -> list[str]:
    """The same date and time of day on other clocks; at once where they show a later one already."""
    name, text = step
    at = clock.instant(datetime.fromisoformat(text).replace(tzinfo=None), where)
    return [name, clock.written(max(at, now), where)]


def _counted_anew(
    reminder: Reminder, ahead: list[list[str]], where: ZoneInfo, now: datetime
) -> list[list[str]]:
    """Steps that follow from a talk alone; a ladder of which none has moved is left as it is."""
    anchor = Anchor(reminder.anchor_at, where)
    counted = {step.name: step.at for step in PROMISES[reminder.kind].steps(anchor)}
    if all(counted.get(name, _at([name, text])) == _at([name, text]) for name, text in ahead):
        return ahead
    behind, waiting = reminder.steps[: reminder.step], {name for name, _ in ahead}
    over = {name.rpartition(": ")[2] for name, _ in behind}
    over |= {name for name, at in counted.items() if at <= now and name not in waiting}
    last = _at(behind[-1]) if behind else None
    steps = schedule(reminder.kind, anchor, now=now, over=over, last=last)
    return [[step.name, clock.written(step.at, where)] for step in steps]


def _at(step: list[str]) -> datetime:
    return datetime.fromisoformat(step[1])
