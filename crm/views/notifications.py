"""The bell: how much is new, a list of it, and what was seen of it."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from crm.database import transaction, utcnow
from crm.domain import notifications
from crm.views import narrowing, ways

bp = Blueprint("notifications", __name__)

PAGE = 30
#: So many stand in the panel under the bell.
LATEST = 7


@bp.get("/notifications")
def index() -> str:
    """All of them, newest first."""
    before = narrowing.number(request.args.get("before", ""))
    found = notifications.page(g.workspace, g.user, limit=PAGE + 1, before=before)
    older = url_for("notifications.index", before=found[PAGE - 1].id) if found[PAGE:] else ""
    return render_template("notifications/index.html", found=found[:PAGE], older=older, is_first=not before)


@bp.get("/notifications/bell")
def bell() -> Response:
    """The bell alone, for the script that keeps its count true; 304 while nothing has changed."""
    mark = notifications.mark(g.workspace, g.user)
    version, answer = f"{mark.new}-{mark.newest}", make_response()
    if version not in request.if_none_match:
        answer.set_data(render_template("notifications/_bell.html", bell=mark))
    answer.set_etag(version)
    answer.make_conditional(request)
    return answer


@bp.get("/notifications/latest")
def latest() -> str:
    """What stands in the panel under the bell."""
    found = notifications.page(g.workspace, g.user, limit=LATEST)
    return render_template("notifications/_panel.html", found=found)


@bp.post("/notifications/<id:notification_id>/open")
def open_one(notification_id: int) -> AnyResponse:
    """Seen, and on to the page that it is about."""
    with transaction():
        news = notifications.get(g.workspace, g.user, notification_id, lock=True)
        path = notifications.see(news, now=utcnow()).path
    return redirect(path, code=303)


@bp.post("/notifications/<id:notification_id>/seen")
def see(notification_id: int) -> Response:
    """It was opened where the system shows it; nobody waits for an answer."""
    with transaction():
        news = notifications.get(g.workspace, g.user, notification_id, lock=True)
        notifications.see(news, now=utcnow())
    return make_response("", 204)


@bp.post("/notifications/seen")
def see_all() -> AnyResponse:
    """All are seen, up to the newest that stood on the page."""
    until = narrowing.number(request.form.get("until", ""))
    with transaction():
        notifications.see_all(g.workspace, g.user, until=until, now=utcnow())
    return ways.back(url_for("notifications.index"))
