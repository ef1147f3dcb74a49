"""Devices: browsers that show notifications while no page is open, and the script that shows them there."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from crm import push, vapid
from crm.database import new_key, transaction, utcnow
from crm.domain import notifications
from crm.domain.errors import Invalid
from crm.domain.notifications import devices
from crm.models import MessageKind, Notification, Way
from crm.paths import STATIC
from crm.views.doors import stateless
from crm.views.house import settings
from crm.views.limits import limiter
from crm.wake import wake

bp = Blueprint("devices", __name__)

#: Each looks up a name for somebody.
REGISTRATIONS = "30 per hour"
TESTS = "30 per hour"
#: A test that comes tomorrow tests nothing.
TEST_LASTS = timedelta(minutes=10)


@bp.get("/settings/notifications")
def index() -> str:
    """Turn them on for this browser, and which others have them."""
    chosen = settings()
    return render_template(
        "settings/notifications.html",
        devices=devices.of(g.workspace, g.user),
        key=vapid.public_key(chosen.secret_key),
        suits=chosen.suits_push,
        is_demo=chosen.never_send,
    )


@bp.post("/settings/notifications")
@limiter.limit(REGISTRATIONS)
def add() -> AnyResponse:
    """A browser asked its push service for an address, and gives it to us."""
    facts = _facts(*devices.FIELDS)
    with transaction():
        devices.add(g.workspace, g.user, facts, now=utcnow())
    return _back("Notifications are on for this browser. Try it with the button below.")


@bp.post("/settings/notifications/renewed")
@stateless
@limiter.limit(REGISTRATIONS)
def renew() -> tuple[str, int]:
    """A browser's push service gave it another address; its service worker, which has no session, says so."""
    facts = _facts("endpoint", "p256dh", "auth")
    with transaction():
        devices.renew(request.form.get("old", ""), facts, now=utcnow())
    return "", 204


@bp.post("/settings/notifications/<id:device_id>/remove")
def remove(device_id: int) -> AnyResponse:
    """Nothing more goes there."""
    with transaction():
        devices.remove(devices.get(g.workspace, g.user, device_id, lock=True))
    return _back("Removed. Nothing more is sent there.")


@bp.post("/settings/notifications/test")
@limiter.limit(TESTS)
def test() -> AnyResponse:
    """One to the bell and to all devices, as if something had come due."""
    now = utcnow()
    news = Notification(
        workspace_id=g.workspace.id,
        user_id=g.user.id,
        dedupe_key=f"test of devices {new_key()}",
        kind=MessageKind.TEST,
        title="This is a test",
        text="Notifications from Fika reach you here.",
        path=url_for("devices.index"),
        due_at=now,
        not_after=now + TEST_LASTS,
        urgent=True,
        way=Way.OFF,
    )
    with transaction():
        notifications.tell(news, now=now)
    wake("notifications.push")
    return _back("A test is on its way: to the bell above, and to the devices below.")


@bp.get("/sw.js")
@stateless
def script() -> Response:
    """The service worker: at the root, since it may only show what stands below its own address."""
    return Response((STATIC / "js" / "sw.js").read_bytes(), content_type="text/javascript; charset=utf-8")


@bp.get("/icon.png")
@stateless
def icon() -> Response:
    """What a notification bears: at an address that stays, since workers of earlier versions name it."""
    return Response((STATIC / "icon.png").read_bytes(), content_type="image/png")


def _facts(*names: str) -> dict[str, str]:
    """What a browser hands over; Invalid where nothing may be sent there."""
    facts = {name: request.form.get(name, "") for name in names}
    try:
        push.check(facts["endpoint"], settings().push_hosts)
    except push.Refused as problem:
        raise Invalid(endpoint=str(problem)) from problem
    return facts


def _back(sentence: str) -> AnyResponse:
    flash(sentence)
    return redirect(url_for("devices.index"), code=303)
