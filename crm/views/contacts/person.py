"""A person: facts, what is owed, talks, letters and everything that happened, changed in place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort, g, redirect, render_template, request
from flask_wtf import FlaskForm

from crm.database import transaction, utcnow
from crm.domain import (
    clock,
    contacts,
    inbox,
    interviews,
    mail,
    places,
    referrals,
    reminders,
    sources,
    timeline,
    touches,
)
from crm.domain.errors import Invalid
from crm.models import Activity, Contact, Message, Stage
from crm.views import filters, forms, narrowing
from crm.views.contacts.room import HERE, bp
from crm.views.forms.contacts import CLOSED, PARTS, FieldForm, Part
from crm.views.forms.touches import NoteForm
from crm.views.house import house

#: Entries of the timeline on a page, and the letters beside it.
ENTRIES, LETTERS = 30, 5


@bp.get("/contacts/<id:contact_id>")
def show(contact_id: int) -> str:
    """One contact."""
    return page(contacts.get(g.workspace, contact_id))


@bp.get("/contacts/<id:contact_id>/edit/<part>")
def edit(contact_id: int, part: str) -> str:
    """The same page with one part as a form."""
    contact = contacts.get(g.workspace, contact_id)
    return page(contact, part, _kind_of(part).of(contact))


@bp.post("/contacts/<id:contact_id>/edit/<part>")
def change(contact_id: int, part: str) -> Any:
    """Keep what was changed in one part."""
    kind = _kind_of(part)
    contact = contacts.get(g.workspace, contact_id)
    form = kind()
    try:
        with transaction():
            contact = contacts.get(g.workspace, contact_id, lock=True)
            now = utcnow()
            contacts.change(contact, form.values(g.workspace, contact), by=g.user, now=now)
            interviews.follow_address(contact, by=g.user, now=now, house=house())
    except Invalid as invalid:
        forms.show(form, invalid)
        return page(contacts.get(g.workspace, contact_id), part, form), 422
    return redirect(HERE.contact(contact_id), code=303)


def page(
    contact: Contact, editing: str = "", form: FlaskForm | None = None, note: NoteForm | None = None
) -> str:
    """The page of a contact; `editing` names the part that `form` stands in for."""
    if isinstance(form, FieldForm):
        form.offer(g.workspace)
    entries, earlier = _entries(contact)
    messages = inbox.of_entries(g.workspace, [entry.id for entry in entries])
    return render_template(
        "contacts/show.html",
        contact=contact,
        editing=editing,
        form=form,
        note=note or NoteForm(formdata=None),
        promises=_promises(contact),
        talks=interviews.of(contact),
        letters=_letters(contact),
        entries=entries,
        earlier=earlier,
        messages=messages,
        given_up=mail.bounces.is_given_up(g.workspace.id, contact.email),
        referred=referrals.of(contact),
        email=places.email(contact.email),
        phone=places.phone(contact.phone),
        their_time=_their_time(contact),
        suggested=_suggested(contact),
        answer=inbox.suggestion(contact),
        closings=CLOSED,
        sources=sources.SUGGESTED,
    )


def _kind_of(part: str) -> type[Part]:
    return PARTS[part] if part in PARTS else abort(404)


def _promises(contact: Contact) -> list[tuple[reminders.Item, reminders.Act, bool]]:
    """What is owed, the most pressing first: by when, how to do it, and whether it is too late."""
    now, where = filters.now(), filters.zone()
    return [
        (reminders.item(reminder), reminders.act(reminder), reminders.is_overdue(reminder, now, where))
        for reminder in reminders.open_of(contact)
        if reminders.is_of_use(reminder, now)
    ]


def _letters(contact: Contact) -> list[Message]:
    """The last letters that were written to the contact."""
    found = mail.page(g.workspace, contact_id=contact.id, limit=LETTERS * 6)
    return [letter for letter in found if letter.to_contact][:LETTERS]


def _entries(contact: Contact) -> tuple[list[Activity], str]:
    """A page of the timeline, and where the earlier one begins."""
    found = timeline.of(contact, limit=ENTRIES + 1, before=_before())
    last = found[ENTRIES - 1] if len(found) > ENTRIES else None
    return found[:ENTRIES], f"{last.at.isoformat()}~{last.id}" if last else ""


def _before() -> tuple[datetime, int] | None:
    at, _, number = request.args.get("before", "").partition("~")
    try:
        instant, entry_id = datetime.fromisoformat(at), narrowing.number(number)
        return (instant.astimezone(UTC), entry_id) if entry_id and instant.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _their_time(contact: Contact) -> str:
    """What the clock shows where they live, if that is another zone than the reader's."""
    if not contact.timezone or contact.timezone == g.user.timezone:
        return ""
    here = clock.wall(filters.now(), filters.zone())
    there = clock.wall(filters.now(), clock.zone(contact.timezone))
    return f"{there:%H:%M}" if there.date() == here.date() else f"{there:%a %H:%M}"


def _suggested(contact: Contact) -> Stage | None:
    """The move that an answer of theirs suggests; only the user makes it (contract, Moves)."""
    suggested = touches.suggested(contact.stage)
    if suggested and inbox.suggestion(contact) is not None:
        return suggested
    return suggested if suggested and request.args.get("suggest") == suggested.value else None
