"""The trash: what was deleted within the last thirty days, and the way back."""

from __future__ import annotations

from flask import Blueprint, g, render_template

from crm.domain import contacts
from crm.views import filters

bp = Blueprint("trash", __name__)


@bp.get("/trash")
def index() -> str:
    """Latest first."""
    now = filters.now()
    found = contacts.trash(g.workspace, now=now)
    people = [(contact, contact.deleted_at + contacts.KEPT - now) for contact in found if contact.deleted_at]
    return render_template("contacts/trash.html", people=people)
