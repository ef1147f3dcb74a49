"""Health: for load balancers, for whoever watches over the installation, and for the top of every page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template

from crm import checkup
from crm.database import utcnow
from crm.domain import health
from crm.views.doors import stateless
from crm.views.house import settings

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@stateless
def serves() -> Response:
    """That pages are served, and nothing else: a dead worker must not take them away."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@bp.get("/readyz")
@stateless
def ready() -> tuple[Response, int]:
    """Whether promises are kept, part by part."""
    parts = checkup.parts(settings(), now=utcnow())
    ok = all(part.well for part in parts)
    told: dict[str, Any] = {part.name: {"well": part.well, "sentence": part.sentence} for part in parts}
    return jsonify({"ok": ok, **told}), 200 if ok else 503


@bp.get("/health/banner")
def banner() -> str:
    """What is not as it should be, in sentences; nothing where all is well."""
    now = utcnow()
    ill = [part.sentence for part in checkup.parts(settings(), now=now) if not part.well]
    channel = health.channel_trouble() if g.user.is_owner else None
    past = [] if ill else checkup.restarted(settings(), now=now)
    return render_template("health/banner.html", ill=ill, channel=channel, past=past)
