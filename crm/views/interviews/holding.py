"""The talk took place: when it really ended, and what was said."""

from __future__ import annotations

from typing import Any

from flask import flash, g, render_template

from crm.database import transaction, utcnow
from crm.domain import clock, interviews, moves
from crm.domain.errors import Invalid
from crm.domain.reminders import THANKS_WITHIN
from crm.models import Interview, InterviewState
from crm.views import forms, names, ways
from crm.views.filters import humanely
from crm.views.forms.interviews import HeldForm, NotesForm
from crm.views.house import house
from crm.views.interviews.page import bp, page, to


@bp.get("/interviews/<id:interview_id>/complete")
def complete(interview_id: int) -> Any:
    """The form for how it went."""
    interview = interviews.get(g.workspace, interview_id)
    if interview.state is InterviewState.CANCELLED:
        return to(interview)
    return _recording(interview, HeldForm.of(interview, g.user, utcnow()))


@bp.post("/interviews/<id:interview_id>/complete")
def record(interview_id: int) -> Any:
    """It took place: the 24 hours for the thanks run from its actual end."""
    form, now = HeldForm(), utcnow()
    interview = interviews.get(g.workspace, interview_id)
    try:
        with transaction():
            interview = interviews.get(g.workspace, interview_id, lock=True)
            ended_at = form.ended_at.instant(clock.zone(g.user.timezone))
            notes = form.notes.data or ""
            before = moves.standing(interview.contact)
            change = interviews.complete(interview, by=g.user, now=now, ended_at=ended_at, notes=notes)
            moves.keep(change, before)
    except Invalid as invalid:
        forms.show(form, invalid)
        return _recording(interview, form), 422
    undo = f"/contacts/{interview.contact_id}/stage/undo?change={change.id}" if change else ""
    ways.done(_what_now(interview), undo)
    return to(interview)


@bp.get("/interviews/<id:interview_id>/notes")
def edit_notes(interview_id: int) -> str:
    """The page with its notes open for writing."""
    interview = interviews.get(g.workspace, interview_id)
    return page(interview, NotesForm(formdata=None, notes=interview.notes))


@bp.post("/interviews/<id:interview_id>/notes")
def write_notes(interview_id: int) -> Any:
    """Keep what was written."""
    form = NotesForm()
    interview = interviews.get(g.workspace, interview_id)
    try:
        with transaction():
            interview = interviews.get(g.workspace, interview_id, lock=True)
            notes = {"notes": form.notes.data or ""}
            interviews.change(interview, notes, by=g.user, now=utcnow(), house=house())
    except Invalid as invalid:
        forms.show(form, invalid)
        return page(interview, form), 422
    flash("Kept.")
    return to(interview)


def _what_now(interview: Interview) -> str:
    first_name = names.first(interview.contact.name)
    if interview.thanked_at or interview.ended_at is None:
        return "Kept."
    limit = interview.ended_at + THANKS_WITHIN
    if limit <= utcnow():
        return f"Recorded. {first_name} has waited over 24 hours for thanks: late is far better than never."
    return f"{first_name} is interviewed. Say thank you by {humanely(limit)}."


def _recording(interview: Interview, form: HeldForm) -> str:
    return render_template(
        "interviews/complete.html",
        form=form,
        interview=interview,
        contact=interview.contact,
        first_name=names.first(interview.contact.name),
    )
