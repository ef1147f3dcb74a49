"""Touches and notes: what happened with a contact, written down."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crm.database import transaction, utcnow
from crm.domain import contacts, repeats, touches
from crm.domain.errors import Invalid
from crm.domain.stages import NAMES
from crm.models import Contact, Happened
from crm.views import forms, ways
from crm.views.contacts.person import page
from crm.views.contacts.room import HERE, bp
from crm.views.forms.pipeline import latest
from crm.views.forms.touches import TOUCHES, LogForm, NoteForm, likely_touch
from crm.views.names import said


@bp.get("/contacts/<id:contact_id>/log")
def log(contact_id: int) -> str:
    """The form; letters and reminders lead here."""
    contact = contacts.get(g.workspace, contact_id)
    kind = request.args.get("kind", "")
    return _log_page(contact, LogForm(kind=kind if kind in list(TOUCHES) else likely_touch(contact)))


@bp.post("/contacts/<id:contact_id>/log")
def write(contact_id: int) -> Any:
    """Log it; an answer of theirs is followed by a suggestion, never by a move."""
    form = LogForm()
    contact = contacts.get(g.workspace, contact_id)
    try:
        logged = _log(contact_id, form.values())
    except Invalid as invalid:
        forms.show(form, invalid)
        return _log_page(contacts.get(g.workspace, contact_id), form), 422
    return _after_logging(contact, logged)


@bp.post("/contacts/<id:contact_id>/note")
def note(contact_id: int) -> Any:
    """Add a note to the timeline."""
    form = NoteForm()
    contacts.get(g.workspace, contact_id)
    try:
        _log(contact_id, {"kind": Happened.NOTE.value, "direction": None, "text": form.note.data or ""})
    except Invalid as invalid:
        forms.show(form, invalid, text="note")
        return page(contacts.get(g.workspace, contact_id), note=form), 422
    return redirect(f"{HERE.contact(contact_id)}#timeline", code=303)


def _log(contact_id: int, values: dict[str, Any]) -> touches.Logged | None:
    """One entry; None where the same form came twice."""
    with transaction():
        contact = contacts.get(g.workspace, contact_id, lock=True)
        kind, text, way = values["kind"], values["text"], values["direction"]
        if repeats.entry(contact, kind, text, direction=way, by=g.user, now=utcnow()):
            return None
        return touches.log(contact, by=g.user, now=utcnow(), **values)


def _after_logging(contact: Contact, logged: touches.Logged | None) -> Response:
    if logged is not None and logged.suggests:
        return redirect(
            url_for("contacts.show", contact_id=contact.id, suggest=logged.suggests.value), code=303
        )
    moved = logged.moved if logged else None
    words = f" {said(contact.name)} is now in {NAMES[moved.became]}." if moved else ""
    flash(f"Logged.{words}")
    return ways.back(HERE.contact(contact.id))


def _log_page(contact: Contact, form: LogForm) -> str:
    return render_template(
        "contacts/log.html",
        contact=contact,
        form=form,
        kinds=TOUCHES,
        latest=latest(),
        next=ways.came_from(),
    )
