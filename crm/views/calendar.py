"""The calendar page: talks to come, and the addresses by which other programs show them."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, SelectMultipleField, StringField

from crm.database import transaction
from crm.domain import calendar, feeds, interviews
from crm.domain.errors import Invalid, NotFound
from crm.models import Include, Interview, Medium, Privacy
from crm.views import forms
from crm.views.feeds import calendar as as_calendar
from crm.views.filters import now, zone
from crm.views.house import addresses

bp = Blueprint("calendar", __name__)

INCLUDES = {Include.INTERVIEWS: "Talks", Include.REMINDERS: "Reminders"}
PRIVACIES = {
    Privacy.FULL: "Names and places",
    Privacy.INITIALS: "Initials only",
    Privacy.BUSY: "Only that you are busy",
}


class FeedForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A new subscription."""

    name = StringField("Name")
    include = SelectMultipleField(
        "What it holds",
        choices={word.value: label for word, label in INCLUDES.items()},
        default=[Include.INTERVIEWS.value],
    )
    privacy = RadioField(
        "What it tells",
        choices={word.value: label for word, label in PRIVACIES.items()},
        default=Privacy.FULL.value,
    )


@bp.get("/calendar")
def show() -> str:
    """Talks to come, subscriptions, and the form for another one."""
    return _page(FeedForm())


@bp.post("/calendar/feeds")
def subscribe() -> Any:
    """A new subscription: its address stands on the page that answers, and is not shown again."""
    form = FeedForm()
    values = {"name": form.name.data, "include": form.include.data, "privacy": form.privacy.data}
    try:
        with transaction():
            feed, secret = feeds.add(g.workspace, g.user, values, now=now())
    except Invalid as invalid:
        forms.show(form, invalid)
        return _page(form), 422
    return _address(feed.name, secret), 201


@bp.post("/calendar/feeds/<id:feed_id>/rotate")
def rotate(feed_id: int) -> str:
    """Another address: whoever has the old one sees nothing any more."""
    with transaction():
        feed = feeds.get(g.workspace, g.user, feed_id)
        secret = feeds.rotate(feed, now=now())
    return _address(feed.name, secret)


@bp.post("/calendar/feeds/<id:feed_id>/delete")
def delete(feed_id: int) -> AnyResponse:
    """The end of a subscription."""
    with transaction():
        feed = feeds.get(g.workspace, g.user, feed_id)
        feeds.remove(feed, now=now())
    flash(f"“{feed.name}” is deleted. Programs that used its address are told so.")
    return redirect(url_for("calendar.show"), code=303)


@bp.get("/interviews/<id:interview_id>.ics")
def single(interview_id: int) -> Response:
    """One talk, to be opened by a calendar program."""
    interview = interviews.get(g.workspace, interview_id)
    if interview.medium is Medium.EMAIL:
        raise NotFound("date")
    return as_calendar(calendar.single(feeds.entry_of(interview, addresses())), "interview.ics")


def _page(form: FeedForm) -> str:
    coming = interviews.coming(g.workspace, g.user, since=now())
    days = [(day, list(talks)) for day, talks in groupby(coming, key=_day)]
    listed = feeds.page(g.workspace, g.user)
    return render_template(
        "calendar/show.html", days=days, feeds=listed, form=form, includes=INCLUDES, privacies=PRIVACIES
    )


def _day(interview: Interview) -> date:
    return interview.starts_at.astimezone(zone()).date()


def _address(name: str, secret: str) -> str:
    """The page that shows an address this once."""
    address = addresses().feed(secret)
    webcal = "webcal" + address[address.index(":") :]
    return render_template("calendar/address.html", name=name, address=address, webcal=webcal)
