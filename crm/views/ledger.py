"""Promises: what became of every one, on a page and as a table to take along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, render_template, request, stream_with_context, url_for

from crm.domain import ledger, mail
from crm.domain.ledger import Fate, Told
from crm.models import Kind, MessageState, ReminderState
from crm.views import filters, narrowing
from crm.views.house import settings
from crm.views.reminders import task

bp = Blueprint("ledger", __name__)

PAGE = 50
STATES = {
    ReminderState.PENDING: "Pending",
    ReminderState.SNOOZED: "Snoozed",
    ReminderState.SENT: "Reminded",
    ReminderState.DONE: "Done",
    ReminderState.CANCELLED: "Dropped",
}
KINDS = {
    Kind.ASK: "Ask for a talk",
    Kind.FOLLOW_UP: "Follow up",
    Kind.CLOSE: "Let go",
    Kind.SET_DATE: "Set a date",
    Kind.PREPARE: "Prepare",
    Kind.BRIEF: "Read the brief",
    Kind.HOW_DID_IT_GO: "Record the talk",
    Kind.THANK_YOU: "Say thank you",
    Kind.STAY_IN_TOUCH: "Stay in touch",
    Kind.TELL_REFERRER: "Tell the referrer",
    Kind.REPORT_BACK: "Report back",
    Kind.COMMITMENT: "Act on advice",
}
#: What a step is called where its promise has several.
STEPS = {
    "at_once": "At once",
    "in_the_day": "Four hours later",
    "next_morning": "The next morning",
    "two_hours_left": "Two hours left",
    "overdue": "Overdue",
    "evening_before": "The evening before",
    "two_hours_before": "Two hours before",
    "round_1": "First time",
    "round_2": "Second time",
    "snoozed": "Put off until then",
}
LETTERS = {
    MessageState.SENT: "sent",
    MessageState.WAITING: "waiting",
    MessageState.SENDING: "being sent",
    MessageState.UNCERTAIN: "perhaps sent, nobody knows",
    MessageState.FAILED: "refused",
    MessageState.SUPPRESSED: "not sent to this address",
    MessageState.CANCELLED: "withdrawn",
    MessageState.EXPIRED: "too late to be sent",
}


@bp.get("/ledger")
def index() -> str:
    """The latest promises first, each step with what became of it."""
    state, kind = _among(STATES, "state"), _among(KINDS, "kind")
    before = narrowing.number(request.args.get("before", ""))
    found = ledger.page(g.workspace, state=state, kind=kind, limit=PAGE + 1, before=before)
    last = found[PAGE - 1].reminder.id if len(found) > PAGE else None
    older = url_for("ledger.index", state=state, kind=kind, before=last) if last else ""
    return render_template(
        "ledger/index.html",
        entries=found[:PAGE],
        older=older,
        state=state or "",
        kind=kind or "",
        states=STATES,
        kinds=KINDS,
        names=STEPS,
        task=task,
        told=told,
    )


@bp.get("/ledger.csv")
def export() -> Response:
    """All of it for a spreadsheet, sent in pieces as it is read."""
    answer = Response(stream_with_context(_pieces()), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="promises.csv")
    return answer


def _pieces() -> Iterator[str]:
    # Without the mark at its head Excel takes the file for another encoding.
    yield "\ufeff"
    yield from ledger.export(g.workspace, filters.zone())


def told(step: Told) -> str:
    """What became of a step, in words."""
    if step.fate is Fate.COMING:
        return "still to come"
    if step.fate is Fate.PASSED:
        return "told with a later step, or put off"
    return ", ".join(part for part in (_in_bell(step), _by_mail(step)) if part)


def _in_bell(step: Told) -> str:
    return f"in the bell {_at(step.news.created_at)}" if step.news is not None else ""


def _by_mail(step: Told) -> str:
    letter = step.letter
    if letter is None:
        return "goes into the next digest" if step.fate is Fate.DIGEST else "no letter, as you wished"
    state = mail.shown_state(letter)
    kept = state is MessageState.WAITING and settings().smtp is None
    when = f" {_at(letter.sent_at)}" if letter.sent_at else ""
    what = f"digest of {filters.day(letter.created_at)}" if step.fate is Fate.DIGEST else "letter"
    return f"{what} {'kept, not sent' if kept else LETTERS[state]}{when}"


def _at(at: datetime) -> str:
    return f"{filters.day(at)} {filters.hour(at)}"


def _among(words: Mapping[Any, str], name: str) -> str | None:
    chosen = request.args.get(name, "")
    return chosen if chosen in list(words) else None
