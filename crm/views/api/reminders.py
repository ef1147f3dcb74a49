"""Reminders: what is promised, put off or done."""

from __future__ import annotations

from datetime import datetime

from crm.database import utcnow
from crm.domain import reminders
from crm.models import Kind, Reminder, ReminderState
from crm.views.api import gate
from crm.views.api.once import writes
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.room import bp, workspace
from crm.views.api.values import Body, Id, Instant, Nothing, Shown, number


class Snooze(Body):
    """Until when."""

    until: Instant


class ReminderShown(Shown):
    """A promise; `due_at` is its next step."""

    id: Id
    kind: Kind
    due_at: Instant
    state: ReminderState
    contact: Id


class ReminderPage(Page):
    """A page of promises, in the order in which they come due."""

    items: list[ReminderShown]


class ReminderQuery(Paging):
    """Which promises."""

    state: ReminderState | None = None
    contact: Id | None = None


@bp.get("/reminders")
@bp.input(ReminderQuery, location="query", arg_name="query")
@bp.output(ReminderPage)
def list_reminders(query: ReminderQuery) -> ReminderPage:
    """List what is promised, in the order in which it comes due."""
    found = reminders.page(
        workspace(),
        state=query.state,
        contact_id=None if query.contact is None else number(query.contact),
        limit=query.limit + 1,
        after=query.after(datetime, int),
    )
    page, cursor = cut(found, query.limit, lambda reminder: (reminder.due_at, reminder.id))
    return ReminderPage(items=[_shown(reminder) for reminder in page], next=cursor)


@bp.post("/reminders/<id:reminder_id>/snooze")
@writes
@bp.input(Snooze, arg_name="body")
@bp.output(ReminderShown)
def snooze_reminder(reminder_id: int, body: Snooze) -> ReminderShown:
    """Put a promise off."""
    reminder = reminders.get(workspace(), reminder_id, lock=True)
    return _shown(reminders.snooze(reminder, body.until, now=utcnow()))


@bp.post("/reminders/<id:reminder_id>/done")
@writes
@bp.input(Nothing, arg_name="_body")
@bp.output(ReminderShown)
def finish_reminder(reminder_id: int, _body: Nothing) -> ReminderShown:
    """It is done."""
    return _shown(reminders.done(reminders.get(workspace(), reminder_id, lock=True), now=utcnow()))


def _shown(reminder: Reminder) -> ReminderShown:
    return ReminderShown(
        id=str(reminder.id),
        kind=reminder.kind,
        due_at=reminder.due_at,
        state=reminder.state,
        contact=str(reminder.contact_id),
    )


gate.keepers["reminder_id"] = lambda reminder_id: reminders.get(workspace(), reminder_id)
