"""The way out of a kind of letters: one click in a mail program, or a page with a button (RFC 8058)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from crm.database import transaction, utcnow
from crm.domain import subscriptions
from crm.domain.reminders import PROMISES
from crm.models import MessageKind, Subscription
from crm.views import headers
from crm.views.doors import stateless

bp = Blueprint("subscriptions", __name__)
bp.after_request(headers.secret)

#: What mail programs send, word for word (RFC 8058 §3.2).
ONE_CLICK = ("List-Unsubscribe", "One-Click")
LABELS = {MessageKind(kind): promise.label for kind, promise in PROMISES.items()} | {
    MessageKind.DIGEST: "What is due, once a day",
    MessageKind.LOOK_AHEAD: "The week to come, on Sundays",
    MessageKind.REPLY: "What contacts wrote to you",
    MessageKind.BOUNCE: "Letters that were not delivered",
    MessageKind.ANSWER: "What contacts answer to invitations",
}


@bp.get("/u/<token>")
@stateless
def ask(token: str) -> str:
    """A page: opening the link changes nothing, since programs open links too."""
    return _page(subscriptions.by_token(token))


@bp.post("/u/<token>")
@stateless
def stop(token: str) -> Any:
    """No more letters of this kind, or again; any number of times. No cookie, no redirect."""
    with transaction():
        subscription = subscriptions.by_token(token)
        if "again" in request.form:
            subscriptions.start(subscription, now=utcnow())
        else:
            subscriptions.stop(subscription, now=utcnow())
    if request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        return Response("These letters are stopped.\n", content_type="text/plain; charset=utf-8")
    return _page(subscription)


def _page(subscription: Subscription) -> str:
    label = LABELS[subscription.kind]
    return render_template("subscriptions/stop.html", label=label, stopped=subscription.off_at is not None)
