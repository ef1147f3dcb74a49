"""Organisations: employers worth knowing, and who works there (P-L4)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crm.database import transaction, utcnow
from crm.domain import organisations, places
from crm.domain.errors import Invalid
from crm.domain.places import Fact
from crm.models import Organisation
from crm.views import forms
from crm.views.forms.organisations import OrganisationForm

bp = Blueprint("organisations", __name__)

#: How many stand on one page of the list.
PAGE = 50
FURTHEST = 100_000


@bp.get("/organisations")
def index() -> str:
    """All of them by name, or those that are looked for."""
    q = request.args.get("q", "")[:200]
    start = max(0, min(request.args.get("start", 0, type=int), FURTHEST))
    found = organisations.page(g.workspace, q=q, limit=PAGE + 1, after=start)
    return render_template(
        "organisations/index.html",
        rows=found[:PAGE],
        q=q,
        start=start,
        before=_turn(q, start - PAGE) if start else "",
        after=_turn(q, start + PAGE) if len(found) > PAGE else "",
    )


@bp.get("/organisations/new")
def new() -> str:
    """The form for an employer of whom nobody is known yet."""
    return render_template("organisations/new.html", form=OrganisationForm(formdata=None))


@bp.post("/organisations/new")
def add() -> Any:
    """Keep it."""
    form = OrganisationForm()
    try:
        with transaction():
            organisation = organisations.add(g.workspace, form.values(), now=utcnow())
    except Invalid as invalid:
        forms.show(form, invalid)
        return render_template("organisations/new.html", form=form), 422
    flash(f"{organisation.name} is kept. Who do you know there?")
    return _to(organisation)


@bp.get("/organisations/<id:organisation_id>")
def show(organisation_id: int) -> str:
    """One of them: facts and people."""
    return _page(organisations.get(g.workspace, organisation_id))


@bp.get("/organisations/<id:organisation_id>/edit")
def edit(organisation_id: int) -> str:
    """The same page with the facts open for writing."""
    organisation = organisations.get(g.workspace, organisation_id)
    return _page(organisation, OrganisationForm(formdata=None, obj=organisation))


@bp.post("/organisations/<id:organisation_id>/edit")
def change(organisation_id: int) -> Any:
    """Keep what was written."""
    form = OrganisationForm()
    organisation = organisations.get(g.workspace, organisation_id)
    try:
        with transaction():
            organisation = organisations.get(g.workspace, organisation_id, lock=True)
            organisations.change(organisation, form.values())
    except Invalid as invalid:
        forms.show(form, invalid)
        return _page(organisation, form), 422
    flash("Kept.")
    return _to(organisation)


def _turn(q: str, start: int) -> str:
    return url_for("organisations.index", q=q or None, start=start if start > 0 else None)


def _to(organisation: Organisation) -> Response:
    return redirect(f"/organisations/{organisation.id}", code=303)


def _page(organisation: Organisation, form: OrganisationForm | None = None) -> str:
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        form=form,
        people=organisations.people(organisation),
        links=_links(organisation),
    )


def _links(organisation: Organisation) -> list[Fact]:
    """How to reach it."""
    return [
        Fact("Website", organisation.website, organisation.website),
        places.phone(organisation.phone),
        places.email(organisation.email),
        Fact("Address", organisation.address),
    ]
