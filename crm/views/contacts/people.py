"""People: the list of contacts, a new one, and what is suggested while somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from crm.database import transaction, utcnow
from crm.domain import board, contacts, organisations, referrals, reminders, repeats, search, sources
from crm.domain.errors import Invalid, NotFound
from crm.models import Contact, Kind
from crm.views import filters, forms, narrowing, ways
from crm.views.contacts.room import HERE, bp
from crm.views.forms.contacts import NewForm
from crm.views.names import said

#: Contacts on a page.
PAGE = 50
#: Counting stops here.
MOST = 1000
#: Suggestions while somebody types.
SUGGESTED = 8


@bp.get("/contacts")
def index() -> str:
    """Contacts by name, narrowed as on the board."""
    look_for = narrowing.read(request.args)
    found, before, after = _page(look_for)
    choices = search.choices(g.workspace)
    return render_template(
        "contacts/index.html",
        people=found,
        due=_due([contact.id for contact in found]),
        found=search.count(g.workspace, look_for, most=MOST),
        most=MOST,
        before=_address(look_for, before=before),
        after=_address(look_for, after=after),
        look_for=look_for,
        narrowed=bool(narrowing.query(look_for)),
        campaigns=choices.campaigns,
        tags=[(tag, tag) for tag in choices.tags],
    )


@bp.get("/contacts/new")
def new() -> str:
    """The form for somebody new; a link may have filled in where they come from."""
    return _new_page(NewForm(data=_known(), formdata=None))


@bp.post("/contacts/new")
def add() -> Any:
    """Add them. The same form sent twice adds one."""
    form = NewForm()
    try:
        with transaction():
            values = form.values(g.workspace)
            contact = repeats.contact(g.workspace, values, by=g.user, now=utcnow())
            contact = contact or contacts.add(g.workspace, values, by=g.user, now=utcnow())
    except Invalid as invalid:
        forms.show(form, invalid)
        return _new_page(form), 422
    ways.done(f"{said(contact.name)} was added.", url_for("contacts.delete", contact_id=contact.id))
    return _after_adding(contact)


@bp.get("/suggest/people")
def suggest_people() -> str:
    """What could be meant in the field *Referred by*."""
    typed = narrowing.text(request.args.get("referred_by", ""))
    return _options(referrals.suggest(g.workspace, typed, limit=SUGGESTED))


@bp.get("/suggest/organisations")
def suggest_organisations() -> str:
    """Organisations that are known already, so that one is not spelled in two ways."""
    typed = narrowing.text(request.args.get("organisation", ""))
    found = organisations.page(g.workspace, q=typed, limit=SUGGESTED) if typed else []
    return _options([organisation.name for organisation, _ in found])


def _page(look_for: search.Filter) -> tuple[Sequence[Contact], int | None, int | None]:
    """A page of contacts, and the ids from which the pages before and after it are read."""
    back, on = _place("before"), _place("after")
    found = search.contacts(g.workspace, look_for, limit=PAGE + 1, before=back, after=on)
    if back:
        shown = found[-PAGE:]
        return shown, shown[0].id if len(found) > PAGE else None, shown[-1].id if shown else None
    shown = found[:PAGE]
    return shown, shown[0].id if on and shown else None, shown[-1].id if len(found) > PAGE else None


def _due(contact_ids: list[int]) -> dict[int, tuple[Kind, datetime, bool]]:
    """What is due next for each: what, by when, and whether it is too late."""
    now, where = filters.now(), filters.zone()
    return {
        contact_id: (due.kind, reminders.item(due).at, reminders.is_overdue(due, now, where))
        for contact_id, due in board.next_due(g.workspace, contact_ids, now=now).items()
    }


def _place(name: str) -> tuple[str, int] | None:
    """Where a page begins or ends; one whose contact is gone begins at the front."""
    contact_id = narrowing.number(request.args.get(name, ""))
    try:
        contact = contacts.get(g.workspace, contact_id, deleted=True) if contact_id else None
    except NotFound:
        return None
    return (contact.name_key, contact.id) if contact else None


def _address(look_for: search.Filter, **place: int | None) -> str:
    values = {**narrowing.query(look_for), **place}
    return url_for("contacts.index", **values) if all(place.values()) else ""


def _known() -> dict[str, Any]:
    """What the link to the form already says: a campaign, an organisation, who referred them."""
    referrer_id = narrowing.number(request.args.get("referrer", ""))
    known: dict[str, Any] = {
        "campaigns": request.args.getlist("campaign"),
        "organisation": narrowing.text(request.args.get("organisation", "")),
    }
    if referrer_id:
        referrer = contacts.get(g.workspace, referrer_id)
        known |= {"referred_by": referrals.label(referrer), "source": "Referred in an interview"}
    return known


def _new_page(form: NewForm) -> str:
    form.offer(g.workspace)
    return render_template("contacts/new.html", form=form, sources=sources.SUGGESTED, next=ways.came_from())


def _after_adding(contact: Contact) -> Response:
    return ways.back(HERE.contact(contact.id))


def _options(texts: list[str]) -> str:
    return render_template("contacts/_options.html", texts=texts)
