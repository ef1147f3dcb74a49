"""Setting a date, moving it, calling it off; the contact hears of all three."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, g, render_template
from werkzeug.wrappers import Response

from crm.database import transaction, utcnow
from crm.domain import clock, contacts, humane, interviews, invitations
from crm.domain.errors import Invalid
from crm.models import Contact, Interview, InterviewState, Stage
from crm.views import forms, names, telling, ways
from crm.views.forms.interviews import DateForm, MoveForm, PlanForm
from crm.views.house import house
from crm.views.interviews.page import bp, path_of, to


@bp.get("/contacts/<id:contact_id>/interviews/new")
def new(contact_id: int) -> str:
    """The form for a date."""
    contact = contacts.get(g.workspace, contact_id)
    return _planning(contact, PlanForm.fresh(g.user, utcnow()))


@bp.post("/contacts/<id:contact_id>/interviews/new")
def plan(contact_id: int) -> Any:
    """Set the date; sent twice, it is set once."""
    form, now = PlanForm(), utcnow()
    contact = contacts.get(g.workspace, contact_id)
    try:
        with transaction():
            contact = contacts.get(g.workspace, contact_id, lock=True)
            was = contact.stage
            interview, is_new = _plan(contact, form, now)
    except Invalid as invalid:
        forms.show(form, invalid, starts_at="day")
        return _planning(contact, form), 422
    if is_new:
        telling.say(interview, _what(interview, was), now)
    else:
        flash("This date is set already: here it is.", "info")
    return _done(interview, form)


@bp.get("/interviews/<id:interview_id>/edit")
def edit(interview_id: int) -> Any:
    """The form for another date."""
    interview = interviews.get(g.workspace, interview_id)
    if interview.state is not InterviewState.PLANNED:
        return to(interview)
    return _moving(interview, MoveForm.of(interview))


@bp.post("/interviews/<id:interview_id>/edit")
def move(interview_id: int) -> Any:
    """Another date, length or place: everybody's calendar follows."""
    form, now = MoveForm(), utcnow()
    interview = interviews.get(g.workspace, interview_id)
    try:
        with transaction():
            interview = interviews.get(g.workspace, interview_id, lock=True)
            was = interview.sequence
            interviews.change(interview, form.values(), by=g.user, now=now, house=house())
    except Invalid as invalid:
        forms.show(form, invalid, starts_at="day")
        return _moving(interview, form), 422
    if interview.sequence != was:
        telling.say(interview, "The talk is changed", now)
    return _done(interview, form)


@bp.post("/interviews/<id:interview_id>/invite")
def invite(interview_id: int) -> Response:
    """Send the invitation now that was not sent with the date, or once more to somebody who is silent."""
    now = utcnow()
    with transaction():
        interview = interviews.get(g.workspace, interview_id, lock=True)
        again = interviews.may_ask_again(interview, now)
        send = interviews.ask_again if again else interviews.invite
        send(interview, by=g.user, now=now, house=house())
    telling.say(interview, f"{names.first(interview.contact.name)} is invited", now)
    return ways.back(path_of(interview))


@bp.post("/interviews/<id:interview_id>/cancel")
def cancel(interview_id: int) -> Response:
    """Call it off; the contact is told, if they knew."""
    now = utcnow()
    with transaction():
        interview = interviews.get(g.workspace, interview_id, lock=True)
        was = interview.state
        interviews.cancel(interview, by=g.user, now=now, house=house())
    if was is InterviewState.PLANNED:
        telling.say(interview, "The talk is called off", now, undo=f"{path_of(interview)}/reinstate")
    return ways.back(path_of(interview))


@bp.post("/interviews/<id:interview_id>/reinstate")
def reinstate(interview_id: int) -> Response:
    """It was called off by mistake, and nobody has heard of it."""
    now = utcnow()
    with transaction():
        interview = interviews.get(g.workspace, interview_id, lock=True)
        interviews.reinstate(interview, by=g.user, now=now, house=house())
    telling.say(interview, "The talk stands again", now, silence="It is as if nothing had been said.")
    return ways.back(path_of(interview))


def _plan(contact: Contact, form: PlanForm, now: datetime) -> tuple[Interview, bool]:
    """The interview, and whether it was not there before: the same form may come twice."""
    values = form.values()
    known = interviews.planned_at(contact, values["starts_at"])
    if known is not None:
        return known, False
    invite = bool(form.invite.data)
    return interviews.plan(contact, by=g.user, now=now, house=house(), invite=invite, **values), True


def _what(interview: Interview, was: Stage) -> str:
    first_name, became = names.first(interview.contact.name), interview.contact.stage
    if became is Stage.AGREED and was is not became:
        return f"{first_name} is agreed"
    return f"The talk with {first_name} is planned"


def _done(interview: Interview, form: DateForm) -> Response:
    doubt = form.doubt()
    if doubt:
        flash(doubt, "info")
    return to(interview)


def _planning(contact: Contact, form: PlanForm) -> str:
    chosen = form.chosen()
    return render_template(
        "interviews/new.html",
        form=form,
        contact=contact,
        first_name=names.first(contact.name),
        hindrance=invitations.hindrance(contact, form.chosen_medium(), chosen, utcnow()),
        other_time=_other_time(contact, chosen),
    )


def _moving(interview: Interview, form: MoveForm) -> str:
    contact = interview.contact
    return render_template(
        "interviews/edit.html",
        form=form,
        contact=contact,
        interview=interview,
        first_name=names.first(contact.name),
        other_time=_other_time(contact, form.chosen()),
    )


def _other_time(contact: Contact, chosen: datetime | None) -> str:
    """What the contact's clock shows then, for readers without script."""
    if chosen is None or not contact.timezone:
        return ""
    return humane.exact(chosen, clock.zone(contact.timezone))
