"""Acting from a letter: a page that says what would happen, and a button. No session, no cookie, no script.

Mail scanners open every link, run scripts and follow what they find; so nothing here acts but a POST.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, g, render_template, request

from crm.database import transaction
from crm.domain import clock, reminders
from crm.domain.errors import Invalid, NotAllowed, NotFound
from crm.domain.reminders import links
from crm.domain.reminders.links import Link, Purpose
from crm.models import OPEN, Reminder, ReminderState
from crm.views import filters, forms, headers
from crm.views.doors import stateless
from crm.views.forms.links import LaterForm
from crm.views.house import settings
from crm.views.limits import limiter
from crm.views.reminders import BESIDES, task

bp = Blueprint("links", __name__)
bp.after_request(headers.secret)

#: From one place; a whole firm may stand behind it, with a scanner that opens everything.
OFTEN = "240 per minute"


@bp.get("/a/<token>")
@stateless
@limiter.limit(OFTEN)
def ask(token: str) -> str:
    """What the link is for, with a button: opening it changes nothing."""
    link = _read(token)
    return _page(link, links.find(link), LaterForm(formdata=None))


@bp.post("/a/<token>")
@stateless
@limiter.limit(OFTEN)
def act(token: str) -> Any:
    """The button was pressed; twice is once."""
    link, form = _read(token), LaterForm()
    try:
        with transaction():
            reminder = links.find(link, lock=True)
            _do(link, reminder, form, filters.now())
    except Invalid as invalid:
        forms.show(form, invalid, until="day")
        return _page(link, links.find(link), form), 422
    except NotAllowed as refused:
        return _page(link, links.find(link), form, refused.sentence), 409
    return _page(link, reminder, LaterForm(formdata=None), said="undone" if _undoes() else "done")


@bp.errorhandler(links.Expired)
def too_old(expired: links.Expired) -> tuple[str, int]:
    """Kindly, and with the other way."""
    way = f"/due/{expired.link.reminder_id}"
    return render_template("links/sorry.html", sentence=expired.sentence, way=way), 410


@bp.errorhandler(NotFound)
def unknown(_error: NotFound) -> tuple[str, int]:
    """Cut off on its way, made up, or about somebody who is gone: the three look the same."""
    return render_template("links/sorry.html", sentence="", way="/due"), 404


def _read(token: str) -> Link:
    return links.read(token, key=settings().letters_key, now=filters.now())


def _do(link: Link, reminder: Reminder, form: LaterForm, now: datetime) -> None:
    """The one thing that this link is for, or that taken back."""
    if _undoes():
        links.undo(link, reminder, now=now)
    elif link.purpose is Purpose.DONE:
        reminders.done(reminder, now=now)
    else:
        reminders.snooze(reminder, form.chosen(now, clock.zone(reminder.owner.timezone)), now=now)


def _undoes() -> bool:
    return "undo" in request.form


def _page(link: Link, reminder: Reminder, form: LaterForm, refused: str = "", said: str = "") -> str:
    """How things stand, in the owner's own time; `said` is what was pressed just now."""
    where = g.zone = clock.zone(reminder.owner.timezone)
    return render_template(
        "links/done.html" if link.purpose is Purpose.DONE else "links/later.html",
        reminder=reminder,
        task=task(reminder),
        act=reminders.act(reminder),
        besides=BESIDES.get(reminder.kind, ""),
        is_open=reminder.state in OPEN,
        is_done=reminder.state is ReminderState.DONE,
        is_put_off=reminder.state is ReminderState.SNOOZED,
        choices=reminders.offers(reminder, filters.now(), where),
        too_late=reminders.too_late,
        form=form,
        refused=refused,
        said=said,
    )
