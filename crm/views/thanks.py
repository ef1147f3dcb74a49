"""Thanks: what to say, and that it was said (P-T1, P-T2, P-T3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, g, render_template

from crm.database import transaction, utcnow
from crm.domain import clock, contacts, interviews, moves, places, reminders, stages, thanks
from crm.domain.errors import Invalid
from crm.models import Contact, Interview, StageChange
from crm.views import filters, forms, names, ways
from crm.views.forms.thanks import ThanksForm

bp = Blueprint("thanks", __name__)


@bp.get("/contacts/<id:contact_id>/thanks")
def show(contact_id: int) -> str:
    """What helps to say it, and the form that records it."""
    return _page(contacts.get(g.workspace, contact_id), ThanksForm(formdata=None))


@bp.post("/contacts/<id:contact_id>/thanks")
def record(contact_id: int) -> Any:
    """It was sent or posted: the contact is thanked and the reminders fall silent."""
    form, now = ThanksForm(), utcnow()
    contact = contacts.get(g.workspace, contact_id)
    try:
        with transaction():
            contact = contacts.get(g.workspace, contact_id, lock=True)
            interview, change = _record(contact, form, now)
    except Invalid as invalid:
        forms.show(form, invalid)
        return _page(contact, form), 422
    in_time = ", within 24 hours of the talk" if thanks.in_time(interview) else ""
    undo = f"/contacts/{contact_id}/stage/undo?change={change.id}" if change else ""
    ways.done(f"{names.first(contact.name)} is thanked{in_time}.", undo)
    return ways.back(f"/contacts/{contact_id}")


def _record(contact: Contact, form: ThanksForm, now: datetime) -> tuple[Interview, StageChange | None]:
    sent_at = form.sent_at.instant(clock.zone(g.user.timezone))
    interview = _chosen(contact, form)
    before = moves.standing(contact)
    row, change = thanks.record(
        contact, by_user=g.user, now=now, sent_at=sent_at, by=form.means(), interview=interview
    )
    moves.keep(change, before)
    return interview or interviews.get(g.workspace, row.interview_id), change


def _chosen(contact: Contact, form: ThanksForm) -> Interview | None:
    """The talk that was chosen; the verb finds it where there is no choice."""
    held = {str(interview.id): interview for interview in stages.held(contact)}
    return held.get(form.interview.data or "")


def _page(contact: Contact, form: ThanksForm) -> str:
    waiting = stages.unthanked(contact)
    talks = waiting or stages.held(contact)[-1:]
    said = thanks.of(talks[-1]) if talks and not waiting else []
    if talks:
        form.offer(
            talks, {talk.id: filters.humanely(talk.starts_at) for talk in talks}, {row.by for row in said}
        )
    planned = stages.planned(contact)
    return render_template(
        "thanks/show.html",
        form=form,
        contact=contact,
        first_name=names.first(contact.name),
        talk=talks[-1] if talks else None,
        waiting=waiting,
        said=said,
        limit=_limit(waiting),
        planned=planned[0] if planned else None,
        card=thanks.card_lacks(contact),
        mailto=places.email(contact.email).url,
        next=ways.came_from(),
    )


def _limit(waiting: list[Interview]) -> datetime | None:
    ends = [interview.ended_at for interview in waiting if interview.ended_at]
    return min(ends) + reminders.THANKS_WITHIN if ends else None
