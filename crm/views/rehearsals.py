"""Test reminders: asked for here, and watched; the scheduler, a worker and the mail room do the rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template
from werkzeug.wrappers import Response

from crm.database import transaction, utcnow
from crm.domain import rehearsals
from crm.domain.errors import NotAllowed
from crm.models import Rehearsal
from crm.views import filters, watching
from crm.wake import wake

bp = Blueprint("rehearsals", __name__)

#: As long as somebody looks on, in seconds; later the page asks less often.
QUICK, CALM = 1, 5
LOOKS_ON = timedelta(minutes=2)


@bp.post("/health/rehearsals")
def ask() -> Response:
    """Note that somebody wants a test reminder; this process writes no letter."""
    try:
        with transaction():
            rehearsals.ask(g.workspace, g.user, sends=watching.sends(), now=utcnow())
    except NotAllowed as refusal:
        flash(refusal.sentence, "error")
    # A hint is no tick: the worker answers it and shows that it lives, should the scheduler be silent.
    wake("health.beat")
    return redirect("/health#rehearsal", code=303)


@bp.get("/health/rehearsals/<id:rehearsal_id>")
def show(rehearsal_id: int) -> str:
    """How far one has come; asked again and again by the page."""
    found = rehearsals.get(g.workspace, g.user, rehearsal_id)
    return render_template("health/_walk.html", **watched(found, filters.now()))


def watched(rehearsal: Rehearsal | None, now: datetime) -> dict[str, Any]:
    """What the page shows of a rehearsal; nothing where none was asked for lately."""
    if rehearsal is None:
        return {"rehearsal": None}
    return {
        "rehearsal": rehearsal,
        "steps": watching.steps(rehearsal, g.user, now=now),
        "is_final": watching.is_final(rehearsal, now=now),
        "pace": QUICK if now - rehearsal.asked_at < LOOKS_ON else CALM,
    }
