"""What is due: on one page, to be done, put off or finished there."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, flash, g, render_template
from werkzeug.wrappers import Response

from crm.database import transaction, utcnow
from crm.domain import clock, interviews, reminders
from crm.domain.errors import Invalid, NotFound
from crm.domain.reminders.wording import TASKS, WHY
from crm.models import OPEN, Kind, Reminder, ReminderState
from crm.views import filters, forms, ways
from crm.views.forms.reminders import SnoozeForm
from crm.views.names import said

bp = Blueprint("reminders", __name__)

#: What is worth saying where something was finished that could also have been recorded.
BESIDES = {
    Kind.ASK: "Log it, and Fika thinks of the follow-up.",
    Kind.THANK_YOU: "No thanks are recorded.",
    Kind.HOW_DID_IT_GO: "The talk itself is not recorded.",
}


#: Pages with one form, which open over this one.
FORMS = ("/close", "/complete", "/log", "/new")


class Line(NamedTuple):
    """One promise as it is shown: what, how, by when, and the way to it."""

    reminder: Reminder
    at: datetime
    #: How late or how near, in words and as a tone.
    when: str
    tone: str
    task: str
    how: str
    words: str
    path: str
    #: Whether that page opens in a dialog.
    opens: bool


@bp.get("/due")
def index() -> str:
    """Overdue, today and the days to come, with the talks of these days."""
    now = filters.now()
    until = clock.day_ends(now, filters.zone(), reminders.AHEAD)
    days = reminders.days(g.workspace, g.user, now=now)
    return render_template(
        "reminders/due.html",
        overdue=[line(item) for item in days.overdue],
        today=[line(item) for item in days.today],
        later=[line(item) for item in days.later],
        talks=interviews.coming(g.workspace, g.user, since=now, until=until),
    )


@bp.get("/due/<id:reminder_id>")
def show(reminder_id: int) -> str:
    """One promise: letters lead here."""
    reminder = _get(reminder_id)
    return render_template(
        "reminders/show.html",
        why=_why(reminder),
        is_open=reminder.state in OPEN,
        is_done=reminder.state is ReminderState.DONE,
        **_offers(reminder, SnoozeForm(formdata=None)),
    )


@bp.post("/due/<id:reminder_id>/done")
def done(reminder_id: int) -> Response:
    """It is done."""
    with transaction():
        reminder = reminders.done(_get(reminder_id, lock=True), now=utcnow())
    act = reminders.act(reminder)
    besides = BESIDES.get(reminder.kind, "")
    ways.done(
        f"Done: {task(reminder)}. {besides}".strip(),
        f"/due/{reminder_id}/undo",
        (act.words, act.path) if besides else None,
    )
    return ways.back("/due")


@bp.get("/due/<id:reminder_id>/snooze")
def put_off(reminder_id: int) -> str:
    """The times on offer."""
    return _snooze_page(_get(reminder_id), SnoozeForm(formdata=None))


@bp.post("/due/<id:reminder_id>/snooze")
def snooze(reminder_id: int) -> Any:
    """Put it off."""
    form, now = SnoozeForm(), utcnow()
    reminder = _get(reminder_id)
    try:
        with transaction():
            reminder = _get(reminder_id, lock=True)
            reminders.snooze(reminder, form.chosen(now, clock.zone(g.user.timezone)), now=now)
    except Invalid as invalid:
        forms.show(form, invalid)
        return _snooze_page(reminder, form), 422
    ways.done(
        f"{task(reminder)}: put off until {filters.humanely(reminder.due_at)}.", f"/due/{reminder_id}/undo"
    )
    return ways.back("/due")


@bp.post("/due/<id:reminder_id>/undo")
def undo(reminder_id: int) -> Response:
    """It was not done, or is not to wait."""
    with transaction():
        reminder = reminders.take_back(_get(reminder_id, lock=True), now=utcnow())
    flash(f"{task(reminder)}: it stands as before.")
    return ways.back("/due")


def line(item: reminders.Item) -> Line:
    """A promise in words."""
    reminder, act = item.reminder, reminders.act(item.reminder)
    opens = act.path.endswith(FORMS)
    return Line(reminder, item.at, _when(item), _tone(item), task(reminder), *act, opens=opens)


def task(reminder: Reminder) -> str:
    """What is to be done, with the name."""
    return TASKS[reminder.kind].format(name=said(reminder.contact.name))


def _why(reminder: Reminder) -> str:
    """What the letter says of why it came, for somebody who reads it here."""
    why = WHY.get(reminder.kind, "").format(name=reminder.contact.name)
    return why.replace("You get this because", "It is on your list because")


def _when(item: reminders.Item) -> str:
    """How late, how long still, or which day."""
    kind, at = item.reminder.kind, item.at
    if _is_late(item):
        return f"{filters.since(at)} late"
    if kind is Kind.THANK_YOU:
        return f"{filters.since(at)} left, until {filters.day(at)} {filters.hour(at)}"
    if kind in reminders.BEFORE_A_TALK:
        return f"The talk is {filters.humanely(at)}"
    return "today" if at <= filters.now() else filters.day(at)


def _tone(item: reminders.Item) -> str:
    """What has an hour of its own stands out on its day; the rest waits calmly until it is late."""
    if _is_late(item):
        return "late"
    timed = item.reminder.kind in (Kind.THANK_YOU, *reminders.BEFORE_A_TALK)
    return "soon" if timed and filters.urgency(item.at) else ""


def _is_late(item: reminders.Item) -> bool:
    return reminders.is_overdue(item.reminder, filters.now(), filters.zone())


def _get(reminder_id: int, *, lock: bool = False) -> Reminder:
    """A promise about somebody who is not in the trash."""
    reminder = reminders.get(g.workspace, reminder_id, lock=lock)
    if reminder.contact.deleted_at is not None:
        raise NotFound("reminder")
    return reminder


def _snooze_page(reminder: Reminder, form: SnoozeForm) -> str:
    return render_template("reminders/snooze.html", **_offers(reminder, form))


def _offers(reminder: Reminder, form: SnoozeForm) -> dict[str, Any]:
    return {
        "reminder": reminder,
        "one": line(reminders.item(reminder)),
        "form": form,
        "choices": reminders.offers(reminder, filters.now(), filters.zone()),
        "too_late": reminders.too_late,
        "next": ways.came_from(),
    }
