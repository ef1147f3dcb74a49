"""The calendar page: talks to come, and the addresses by which other programs show them."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from crm.database import transaction
from crm.domain import calendar, feeds, interviews
from crm.domain.errors import Invalid, NotFound
from crm.models import Feed, Interview, Medium
from crm.views import forms
from crm.views.feeds import calendar as as_calendar
from crm.views.filters import now, zone
from crm.views.forms.feeds import FeedForm
from crm.views.house import addresses, settings
from crm.views.subscribed import told

bp = Blueprint("calendar", __name__)

#: Where Google takes an address; it has no link that could bring one along.
GOOGLE = "https://calendar.google.com/calendar/u/0/r/settings/addbyurl"
OUTLOOK = "https://outlook.live.com/calendar/0/addfromweb"


@bp.get("/calendar")
def show() -> str:
    """Talks to come, subscriptions, and the form for another one."""
    return _page(FeedForm())


@bp.post("/calendar/feeds")
def subscribe() -> Any:
    """A new subscription: its address stands on the page that answers, and is not shown again."""
    form = FeedForm()
    try:
        with transaction():
            feed, secret = feeds.add(g.workspace, g.user, form.values(), now=now())
    except Invalid as invalid:
        forms.show(form, invalid)
        return _page(form), 422
    return _address(feed.name, secret), 201


@bp.get("/calendar/feeds/<id:feed_id>")
def edit(feed_id: int) -> str:
    """The form for other settings; the address stays."""
    feed = feeds.get(g.workspace, g.user, feed_id)
    return _editing(feed, FeedForm.of(feed))


@bp.post("/calendar/feeds/<id:feed_id>")
def change(feed_id: int) -> Any:
    """Other settings."""
    form = FeedForm()
    try:
        with transaction():
            feed = feeds.get(g.workspace, g.user, feed_id, lock=True)
            feeds.change(g.workspace, feed, form.values())
    except Invalid as invalid:
        forms.show(form, invalid)
        return _editing(feeds.get(g.workspace, g.user, feed_id), form), 422
    flash(f"“{feed.name}” is changed. Programs see it when they next come.")
    return redirect(url_for("calendar.show"), code=303)


@bp.post("/calendar/feeds/<id:feed_id>/pause")
def pause(feed_id: int) -> AnyResponse:
    """Programs keep what they have, and learn nothing new."""
    with transaction():
        feed = feeds.get(g.workspace, g.user, feed_id, lock=True)
        feeds.pause(feed, now=now())
    flash(f"“{feed.name}” is paused. Programs keep what they have.")
    return redirect(url_for("calendar.show"), code=303)


@bp.post("/calendar/feeds/<id:feed_id>/resume")
def resume(feed_id: int) -> AnyResponse:
    """Programs get the calendar again."""
    with transaction():
        feed = feeds.get(g.workspace, g.user, feed_id, lock=True)
        feeds.resume(feed)
    flash(f"“{feed.name}” goes on.")
    return redirect(url_for("calendar.show"), code=303)


@bp.post("/calendar/feeds/<id:feed_id>/rotate")
def rotate(feed_id: int) -> str:
    """Another address: whoever has the old one sees nothing any more."""
    with transaction():
        feed = feeds.get(g.workspace, g.user, feed_id, lock=True)
        secret = feeds.rotate(feed, now=now())
    return _address(feed.name, secret)


@bp.post("/calendar/feeds/<id:feed_id>/delete")
def delete(feed_id: int) -> AnyResponse:
    """The end of a subscription."""
    with transaction():
        feed = feeds.get(g.workspace, g.user, feed_id, lock=True)
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
    listed = [told(feed) for feed in feeds.page(g.workspace, g.user)]
    return render_template(
        "calendar/show.html", days=days, feeds=listed, form=form.offer(g.workspace), in_full=bool(form.errors)
    )


def _editing(feed: Feed, form: FeedForm) -> str:
    return render_template("calendar/edit.html", feed=feed, form=form.offer(g.workspace))


def _day(interview: Interview) -> date:
    return interview.starts_at.astimezone(zone()).date()


def _address(name: str, secret: str) -> str:
    """The page that shows an address this once."""
    address = addresses().feed(secret)
    webcal = "webcal" + address[address.index(":") :]
    ways = {"google": GOOGLE, "outlook": f"{OUTLOOK}?{urlencode({'url': address, 'name': name})}"}
    here = settings().is_here_alone
    return render_template(
        "calendar/address.html", name=name, address=address, webcal=webcal, is_here_alone=here, **ways
    )
