"""Leaving: contacts that get out of the way, for a while or for good, and come back."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from crm.database import transaction, utcnow
from crm.domain import contacts
from crm.domain.errors import Invalid
from crm.models import Closed, Contact
from crm.views import forms, ways
from crm.views.contacts.room import HERE, bp
from crm.views.forms.contacts import CLOSED, CloseForm
from crm.views.names import said


@bp.get("/contacts/<id:contact_id>/close")
def closing(contact_id: int) -> str:
    """Why does this contact get out of the way?"""
    contact = contacts.get(g.workspace, contact_id)
    return _close_page(contact, CloseForm(closed=contact.closed.value if contact.closed else None))


@bp.post("/contacts/<id:contact_id>/close")
def close(contact_id: int) -> Any:
    """Park or close: nothing is owed any more, nothing is deleted."""
    form = CloseForm()
    contact = contacts.get(g.workspace, contact_id)
    try:
        contact = _set_closed(contact_id, form.reason())
    except Invalid as invalid:
        forms.show(form, invalid)
        return _close_page(contacts.get(g.workspace, contact_id), form), 422
    ways.done(f"{said(contact.name)} is {_how(contact)}.", url_for("contacts.reopen", contact_id=contact_id))
    return ways.back(HERE.contact(contact_id))


@bp.post("/contacts/<id:contact_id>/reopen")
def reopen(contact_id: int) -> Response:
    """Back among the others, with what is owed."""
    contact = _set_closed(contact_id, None)
    flash(f"{said(contact.name)} is open again.")
    return ways.back(HERE.contact(contact_id))


@bp.post("/contacts/<id:contact_id>/delete")
def delete(contact_id: int) -> Response:
    """Into the trash; nobody is written to any more."""
    with transaction():
        contact = contacts.get(g.workspace, contact_id, lock=True, deleted=True)
        contacts.delete(contact, by=g.user, now=utcnow())
    ways.done(f"{said(contact.name)} is in the trash.", url_for("contacts.restore", contact_id=contact_id))
    came_from = ways.came_from()
    is_gone = not came_from or came_from.partition("?")[0] == HERE.contact(contact_id)
    return redirect(url_for("contacts.index") if is_gone else came_from, code=303)


@bp.post("/contacts/<id:contact_id>/restore")
def restore(contact_id: int) -> Response:
    """Out of the trash, with all that is owed."""
    with transaction():
        contact = contacts.get(g.workspace, contact_id, lock=True, deleted=True)
        contacts.restore(contact, by=g.user, now=utcnow())
    flash(f"{said(contact.name)} is back.")
    return ways.back(HERE.contact(contact_id))


def _set_closed(contact_id: int, reason: str | None) -> Contact:
    with transaction():
        contact = contacts.get(g.workspace, contact_id, lock=True)
        return contacts.change(contact, {"closed": reason}, by=g.user, now=utcnow())


def _how(contact: Contact) -> str:
    return "parked" if contact.closed is Closed.PARKED else "closed"


def _close_page(contact: Contact, form: CloseForm) -> str:
    return render_template(
        "contacts/close.html", contact=contact, form=form, reasons=CLOSED, next=ways.came_from()
    )
