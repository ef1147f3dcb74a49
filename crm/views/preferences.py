"""Preferences: which reminders are promised, by which way each is told, and when letters may come."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crm.database import db, transaction, utcnow
from crm.domain import accounts, invitations, preferences, subscriptions
from crm.domain.errors import Invalid
from crm.models import MessageKind, OwnCopy, Way
from crm.views import forms
from crm.views.forms.settings import PreferenceForm, PromiseForm, preference_form, promise_forms
from crm.views.house import house

bp = Blueprint("preferences", __name__)


@bp.get("/settings/promises")
def promises() -> str:
    """Which reminders are promised, when, and how they come."""
    return _page()


@bp.post("/settings/promises")
def change_promises() -> Any:
    """Change them all at once; what is promised already keeps its time."""
    rows = promise_forms(g.workspace, _ways())
    with transaction():
        fits = [_keep(form) for form in rows]
        if not all(fits):
            db.session.rollback()
            return _page(rows=rows), 422
    return _back("Kept. It counts from the next reminder on.")


@bp.post("/settings/preferences")
def change() -> Any:
    """When letters may come; what waits already follows at once."""
    form, now = PreferenceForm(), utcnow()
    try:
        with transaction():
            preferences.change(g.user, g.workspace.id, form.values, now=now)
            ahead = Way.LETTER if form.look_ahead.data else Way.OFF
            subscriptions.choose(g.user, g.workspace.id, MessageKind.LOOK_AHEAD, ahead, now=now)
    except Invalid as invalid:
        forms.show(form, invalid)
        return _page(form), 422
    return _back("Kept. Letters come as you wish from now on.")


@bp.post("/settings/own-calendar")
def choose_own_copy() -> Response:
    """How talks come into one's own calendar; those that are to come change over at once."""
    way = OwnCopy.INVITATION if request.form.get("own_copy") == OwnCopy.INVITATION else OwnCopy.FEED
    with transaction():
        invitations.own.choose(g.user, g.workspace, way, house=house(), now=utcnow())
    return _back("Kept. Talks that are to come change over now.")


def _keep(form: PromiseForm) -> bool:
    """Write one kind's choices; False, with the sentence beside the field, where they do not fit."""
    try:
        form.read()
        accounts.set_promise(g.workspace, form.kind, off=not form.on.data, days=form.chosen_days)
    except Invalid as invalid:
        forms.show(form, invalid)
        return False
    subscriptions.choose(g.user, g.workspace.id, form.kind, Way(form.way.data), now=utcnow())
    return True


def _page(form: PreferenceForm | None = None, rows: list[PromiseForm] | None = None) -> str:
    ways = _ways()
    wishes = preferences.of(g.user, g.workspace.id)
    form = form or preference_form(wishes, look_ahead=ways[MessageKind.LOOK_AHEAD] is Way.LETTER)
    is_stopped = ways[MessageKind.DIGEST] is Way.OFF
    return render_template(
        "settings/promises.html",
        form=form,
        rows=rows or promise_forms(g.workspace, ways),
        digest_is_stopped=is_stopped,
        own_copy=wishes.own_copy,
    )


def _ways() -> dict[MessageKind, Way]:
    return subscriptions.ways(g.user, g.workspace.id)


def _back(sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for("preferences.promises"), code=303)
