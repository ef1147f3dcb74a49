"""Mail that came in: what became of it, who is offered as a contact, and the address to forward to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crm.database import transaction, utcnow
from crm.domain import contacts, inbox
from crm.domain.errors import Invalid
from crm.models import Came
from crm.views import forms, narrowing, ways
from crm.views.forms.inbox import MessageForm
from crm.views.house import house
from crm.views.names import said

bp = Blueprint("inbox", __name__)

PAGE = 50


@bp.get("/inbox")
def index() -> str:
    """Offers first, then everything, the latest first."""
    return _page(MessageForm(formdata=None))


@bp.post("/inbox")
def upload() -> Any:
    """A message that was saved as a file, or pasted, for where no mailbox is read."""
    form = MessageForm()
    try:
        found = inbox.read(form.message())
        with transaction():
            row = inbox.take_file(found, workspace=g.workspace, user=g.user, house=house(), now=utcnow())
            sentence = row.sentence
    except Invalid as invalid:
        forms.show(form, invalid, message="text" if form.is_pasted else "file")
        return _page(form), 422
    flash(sentence)
    return redirect(url_for("inbox.index"), code=303)


@bp.post("/inbox/<id:received_id>/accept")
def accept(received_id: int) -> Response:
    """Somebody becomes a contact."""
    with transaction():
        row = inbox.get(g.workspace, received_id, lock=True)
        contact = inbox.accept(row, workspace=g.workspace, by=g.user, now=utcnow())
    flash(f"{said(contact.name)} is among your contacts now.")
    return redirect(url_for("contacts.show", contact_id=contact.id), code=303)


@bp.post("/inbox/<id:received_id>/ignore")
def ignore(received_id: int) -> Response:
    """Somebody does not."""
    with transaction():
        inbox.ignore(inbox.get(g.workspace, received_id, lock=True), now=utcnow())
    flash("Left out. Nothing of the message is kept.")
    return ways.back(url_for("inbox.index"))


@bp.post("/contacts/<id:contact_id>/not-yet")
def not_yet(contact_id: int) -> Response:
    """Their answer was no yes: nothing is suggested until they write again."""
    with transaction():
        contact = contacts.get(g.workspace, contact_id, lock=True)
        inbox.wave_away(contact, now=utcnow())
    return ways.back(url_for("contacts.show", contact_id=contact_id))


@bp.get("/settings/dropbox")
def dropbox() -> str:
    """The user's private address."""
    address = ""
    if house().reads_mail:
        with transaction():
            address = inbox.address(g.workspace, g.user, house().mail_from, now=utcnow())
    return render_template("settings/dropbox.html", address=address)


@bp.post("/settings/dropbox/rotate")
def rotate() -> Response:
    """Another address; the old one reaches nobody any more."""
    with transaction():
        inbox.rotate(g.workspace, g.user, now=utcnow())
    flash("This is your new address. The old one reaches nobody any more.")
    return redirect(url_for("inbox.dropbox"), code=303)


def _page(form: MessageForm) -> str:
    before = narrowing.number(request.args.get("before", ""))
    found = inbox.page(g.workspace, limit=PAGE + 1, before=before)
    older = url_for("inbox.index", before=found[PAGE - 1].id) if found[PAGE:] else ""
    return render_template(
        "inbox/index.html",
        form=form,
        offers=inbox.page(g.workspace, is_open=True) if before is None else [],
        rows=[row for row in found[:PAGE] if not row.is_open],
        older=older,
        reads_mail=house().reads_mail,
        kinds=Came,
    )
