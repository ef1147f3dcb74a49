"""The page of one talk."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, g, redirect, render_template
from werkzeug.wrappers import Response

from crm.domain import answers, clock, humane, interviews, invitations, places, reminders, thanks
from crm.models import Interview, InterviewState
from crm.views import names, telling
from crm.views.filters import now
from crm.views.forms.interviews import NotesForm

bp = Blueprint("interviews", __name__)


class Clock(NamedTuple):
    """What a clock on somebody's wall shows when the talk begins."""

    whose: str
    exact: str


@bp.get("/interviews/<id:interview_id>")
def show(interview_id: int) -> str:
    """One talk, with what the contact was told and what is to be done."""
    return page(interviews.get(g.workspace, interview_id))


def page(interview: Interview, notes: NotesForm | None = None) -> str:
    """The whole page; with a form, the notes are open for writing."""
    contact = interview.contact
    return render_template(
        "interviews/show.html",
        interview=interview,
        contact=contact,
        first_name=names.first(contact.name),
        clocks=clocks(interview),
        where=places.where(interview),
        letters=[(letter, telling.state_of(letter)) for letter in invitations.letters(interview)],
        said=thanks.of(interview),
        notes=notes,
        **_state(interview),
    )


def path_of(interview: Interview) -> str:
    """Where that page is."""
    return f"/interviews/{interview.id}"


def to(interview: Interview) -> Response:
    """Go there."""
    return redirect(path_of(interview), code=303)


def clocks(interview: Interview) -> list[Clock]:
    """The contact's time and the one it was agreed in, where they differ from the reader's."""
    contact = interview.contact
    named = {contact.timezone: f"For {names.first(contact.name)}", interview.timezone: "Agreed in"}
    return [
        Clock(whose, humane.exact(interview.starts_at, clock.zone(name)))
        for name, whose in named.items()
        if name and name != g.user.timezone
    ]


def _state(interview: Interview) -> dict[str, Any]:
    """What the talk waits for."""
    planned = interview.state is InterviewState.PLANNED
    ended = interview.ended_at
    return {
        "may_invite": interviews.may_invite(interview, now()),
        "may_ask_again": interviews.may_ask_again(interview, now()),
        "by_letter": invitations.own.is_wanted(g.user, g.workspace.id),
        "proposals": answers.open_of(interview),
        "lost": invitations.undelivered(interview) if planned else None,
        "begun": planned and interview.starts_at <= now(),
        "thanks_by": ended + reminders.THANKS_WITHIN if ended and not interview.thanked_at else None,
        "in_time": thanks.in_time(interview),
        "long": interview.minutes > interviews.ADVISED_MINUTES,
    }
