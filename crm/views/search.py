"""Search: people and organisations by any word of theirs, from the top of every page."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, g, render_template, request, url_for

from crm.domain import organisations, search
from crm.views import narrowing

bp = Blueprint("search", __name__)

#: What one answer shows; more is in the lists.
PEOPLE, ORGANISATIONS = 30, 8


@bp.get("/search")
def results() -> str:
    """Everybody who fits, also those who are closed."""
    look_for = replace(narrowing.read(request.args), closed="all")
    people = search.contacts(g.workspace, look_for, limit=PEOPLE + 1) if look_for.q else []
    places = organisations.page(g.workspace, q=look_for.q, limit=ORGANISATIONS) if look_for.q else []
    more = url_for("contacts.index", q=look_for.q, closed="all") if len(people) > PEOPLE else ""
    return render_template(
        "contacts/search.html", q=look_for.q, people=people[:PEOPLE], places=places, more=more
    )
