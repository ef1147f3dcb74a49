"""What is due, as one page shows it: what should have been done, today, and the days to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ScalarSelect, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from crm.database import db
from crm.domain import clock
from crm.domain.reminders.due import agenda, open_for
from crm.domain.reminders.promises import THANKS_WITHIN
from crm.models import Contact, Interview, Kind, Reminder, ReminderState, User, Workspace

#: How far the page looks ahead, today not counted.
AHEAD = 7
#: More than a page can be asked to show.
AT_MOST = 100
#: After this hour an evening is no longer something to put off to.
EVENING_ENDS = 17
#: Owed to a talk that is still to begin; afterwards there is the question how it went.
BEFORE_A_TALK = (Kind.PREPARE, Kind.BRIEF)


@dataclass(frozen=True)
class Item:
    """One thing to do; `at` is by when, or since when where there is no limit."""

    reminder: Reminder
    at: datetime


@dataclass
class Days:
    """Everything due, the most pressing first in each."""

    overdue: list[Item] = field(default_factory=list)
    today: list[Item] = field(default_factory=list)
    later: list[Item] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Nothing at all is due."""
        return not (self.overdue or self.today or self.later)


def days(workspace: Workspace, user: User, *, now: datetime) -> Days:
    """What the user owes up to the end of the seventh day from today, in the user's zone."""
    where = clock.zone(user.timezone)
    until = clock.day_ends(now, where, AHEAD)
    found = Days()
    for reminder in [*agenda(workspace, user, until=until), *_between(workspace, user, until)]:
        if is_of_use(reminder, now):
            _list_for(reminder, found, now, where).append(item(reminder))
    # A brief is read on its day; until then the talk itself stands on the page.
    found.later = [one for one in found.later if one.reminder.kind is not Kind.BRIEF]
    for items in (found.overdue, found.today, found.later):
        # Nothing presses like thanks (P-T1).
        items.sort(key=lambda one: (one.reminder.kind is not Kind.THANK_YOU, one.at))
    return found


def mark(
    workspace: Workspace,
    user: User,
    *,
    until: datetime,
    now: datetime,
    besides: Sequence[ScalarSelect[Any]] = (),
) -> tuple[Any, ...]:
    """What every page shows beside "Due": how many up to an instant, to 100, and whether one is overdue.

    `besides` are further values that every page shows: they come after the two, in the same statement.
    """
    today = clock.day_ends(now, clock.zone(user.timezone), -1)
    late = or_(
        and_(Reminder.kind == Kind.THANK_YOU, Reminder.anchor_at <= now - THANKS_WITHIN),
        and_(Reminder.kind.not_in([Kind.THANK_YOU, *BEFORE_A_TALK]), Reminder.due_at < today),
    )
    query = open_for(workspace, user).outerjoin(Interview, Interview.id == Reminder.interview_id)
    of_use = or_(
        Reminder.kind.not_in([Kind.HOW_DID_IT_GO, *BEFORE_A_TALK]),
        and_(Reminder.kind.in_(BEFORE_A_TALK), Interview.starts_at > now),
        and_(Reminder.kind == Kind.HOW_DID_IT_GO, Interview.starts_at <= now),
    )
    query = query.where(Reminder.due_at < until, of_use)
    rows = query.with_only_columns(case((late, 1), else_=0).label("late")).limit(100).subquery()
    query_all = select(func.count(), func.max(rows.c.late), *besides).select_from(rows)
    count, worst, *others = db.session.execute(query_all).one()
    return count, bool(worst), *others


def item(reminder: Reminder) -> Item:
    """A promise with the time that matters: its limit where it has one, else when it came due."""
    if reminder.kind is Kind.THANK_YOU:
        return Item(reminder, max(reminder.anchor_at + THANKS_WITHIN, _snoozed_to(reminder)))
    if reminder.kind in BEFORE_A_TALK and reminder.interview is not None:
        return Item(reminder, reminder.interview.starts_at)
    return Item(reminder, came_due(reminder))


def came_due(reminder: Reminder) -> datetime:
    """When the user was first to act on the step that is under way."""
    if reminder.state is ReminderState.PENDING and reminder.step:
        return datetime.fromisoformat(reminder.steps[reminder.step - 1][1])
    return reminder.due_at


def is_of_use(reminder: Reminder, now: datetime) -> bool:
    """Whether there is something to do: before a talk until it begins, about how it went from then on."""
    if reminder.interview is None:
        return True
    if reminder.kind is Kind.HOW_DID_IT_GO:
        return reminder.interview.starts_at <= now
    return reminder.kind not in BEFORE_A_TALK or reminder.interview.starts_at > now


def is_overdue(reminder: Reminder, now: datetime, where: ZoneInfo) -> bool:
    """Past its limit; what has none is overdue from the day after."""
    at = item(reminder).at
    if reminder.kind is Kind.THANK_YOU:
        return at <= now
    return reminder.kind not in BEFORE_A_TALK and _date(at, where) < _date(now, where)


def put_off_choices(now: datetime, where: ZoneInfo) -> dict[str, datetime]:
    """Times to put something off to: this evening while there is one, tomorrow's and next week's morning."""
    local = clock.wall(now, where)
    monday = local.date() + timedelta(days=7 - local.weekday())
    choices = {
        "evening": clock.on(local.date(), clock.EVENING, where),
        "tomorrow": clock.next_morning(now, where),
        "week": clock.on(monday, clock.MORNING, where),
    }
    if local.hour >= EVENING_ENDS:
        del choices["evening"]
    return choices


def offers(reminder: Reminder, now: datetime, where: ZoneInfo) -> dict[str, datetime]:
    """Those of them that will do: what belongs to a talk cannot wait until it has begun."""
    end = item(reminder).at if reminder.kind in BEFORE_A_TALK else None
    choices = put_off_choices(now, where)
    return {name: at for name, at in choices.items() if end is None or at < end}


def too_late(reminder: Reminder, at: datetime) -> bool:
    """Whether thanks that wait so long come after the 24 hours (P-T1)."""
    return reminder.kind is Kind.THANK_YOU and at > reminder.anchor_at + THANKS_WITHIN


def _list_for(reminder: Reminder, found: Days, now: datetime, where: ZoneInfo) -> list[Item]:
    if is_overdue(reminder, now, where):
        return found.overdue
    return found.later if _date(came_due(reminder), where) > _date(now, where) else found.today


def _between(workspace: Workspace, user: User, until: datetime) -> list[Reminder]:
    """Follow-ups whose letter has come and whose next round is further away than the page looks."""
    query = open_for(workspace, user).where(
        Reminder.due_at >= until,
        Reminder.kind == Kind.FOLLOW_UP,
        Reminder.step > 0,
        Reminder.state == ReminderState.PENDING,
    )
    query = query.options(joinedload(Reminder.contact).joinedload(Contact.organisation))
    return list(db.session.scalars(query.order_by(Reminder.due_at).limit(AT_MOST)))


def _snoozed_to(reminder: Reminder) -> datetime:
    return reminder.due_at if reminder.state is ReminderState.SNOOZED else reminder.anchor_at


def _date(at: datetime, where: ZoneInfo) -> date:
    return clock.wall(at, where).date()
