"""Health: for load balancers, for whoever watches over it, for everybody, and atop every page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template

from crm import checkup
from crm.database import utcnow
from crm.domain import health, mail, rehearsals
from crm.domain.health import Held, Part
from crm.views import filters
from crm.views.doors import stateless
from crm.views.house import settings
from crm.views.ledger import KINDS
from crm.views.rehearsals import watched
from crm.views.reminders import task

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
    now = filters.now()
    parts = checkup.parts(settings(), now=now)
    ill = [part.sentence for part in parts if not part.well]
    channel = health.channel_trouble() if g.user.is_owner and _has_tables(parts) else None
    mailbox = checkup.mailbox_trouble(settings(), now=now) if g.user.is_owner and _has_tables(parts) else None
    past = [] if ill else checkup.restarted(settings(), now=now)
    held = _held(parts) if channel is None else None
    return render_template(
        "health/banner.html", ill=ill, channel=channel, past=past, held=held, now=now, mailbox=mailbox
    )


@bp.get("/health")
def show() -> str:
    """How reminders run: plainly for everybody, and all of it for the owner."""
    now = filters.now()
    parts = checkup.parts(settings(), now=now)
    return render_template(
        "health/show.html",
        ill=[part.sentence for part in parts if not part.well],
        held=_held(parts),
        mine=health.mine(g.workspace, g.user, now=now),
        task=task,
        now=now,
        sends=settings().smtp is not None,
        **(_for_the_owner() if g.user.is_owner else {}),
        **watched(rehearsals.latest(g.workspace, g.user), now),
    )


def _held(parts: list[Part]) -> Held | None:
    """Letters that wait for their turn or for the mail server; where none leave, none are held up."""
    can_be = _has_tables(parts) and settings().smtp is not None
    return health.held_up(now=filters.now()) if can_be else None


def _has_tables(parts: list[Part]) -> bool:
    return all(part.well for part in parts if part.name in ("database", "migrations"))


def _for_the_owner() -> dict[str, Any]:
    chosen = settings()
    return {
        "whole": health.whole(now=filters.now()),
        "most": health.MOST,
        "channel": mail.channel(),
        "is_held": mail.is_at_rate(now=filters.now()),
        "is_demo": chosen.never_send,
        "journal": chosen.mail_journal,
        "grace": chosen.mail_journal_grace,
        "kinds": KINDS,
        "doubt": mail.oldest_doubt(),
        "reads_mailbox": chosen.imap is not None,
        "takes_mail": bool(chosen.inbound_secret),
        "mailbox": checkup.mailbox(chosen),
    }
