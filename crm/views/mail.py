"""Sent mail: every letter that left or waits, and what became of it."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import Any

from flask import Blueprint, Response, flash, g, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from crm.database import transaction
from crm.domain import interviews, mail
from crm.domain.errors import NotFound
from crm.models import Message, MessageState
from crm.views import headers, narrowing, ways
from crm.views.filters import now
from crm.views.house import house, settings
from crm.wake import wake

bp = Blueprint("mail", __name__)

PAGE = 50
#: What one may look for, in the order in which it matters.
STATES = {
    MessageState.WAITING: "Waiting",
    MessageState.SENT: "Sent",
    MessageState.FAILED: "Failed",
    MessageState.UNCERTAIN: "Uncertain",
    MessageState.SUPPRESSED: "Not sent to",
    MessageState.CANCELLED: "Cancelled",
    MessageState.EXPIRED: "Too late",
}


@bp.get("/mail")
def index() -> str:
    """The ledger, newest first."""
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    before = narrowing.number(request.args.get("before", ""))
    letters = mail.page(g.workspace, state=state or None, limit=PAGE + 1, before=before)
    older = url_for("mail.index", state=state or None, before=letters[PAGE - 1].id) if letters[PAGE:] else ""
    shown = letters[:PAGE]
    return render_template(
        "mail/index.html", letters=shown, state=state, states=STATES, older=older, **_surroundings()
    )


@bp.get("/mail/<id:message_id>")
def show(message_id: int) -> str:
    """One letter: its state, what the server said, and the letter itself."""
    letter = mail.get(g.workspace, message_id)
    undoable = mail.undoable(letter, now())
    return render_template(
        "mail/show.html", letter=letter, headers=_headers(letter), undoable=undoable, **_surroundings()
    )


@bp.get("/mail/<id:message_id>/frame")
def frame(message_id: int) -> Response:
    """The letter's HTML alone, for a frame in which nothing can be run and nothing is fetched."""
    letter = mail.get(g.workspace, message_id)
    if letter.html is None:
        raise NotFound("letter")
    return headers.framed(Response(letter.html))


@bp.post("/mail/<id:message_id>/undo")
def undo(message_id: int) -> AnyResponse:
    """Take a letter back before it leaves, together with what caused it."""
    with transaction():
        letter = mail.get(g.workspace, message_id, lock=True)
        interviews.take_back(letter, by=g.user, now=now(), house=house())
    flash("Taken back. Nobody has heard of it.")
    return ways.back(url_for("mail.show", message_id=message_id))


@bp.post("/mail/<id:message_id>/again")
def again(message_id: int) -> AnyResponse:
    """Nobody knows whether it arrived: send it once more."""
    with transaction():
        mail.send_again(mail.get(g.workspace, message_id, lock=True), now=now())
    wake("mail.drain")
    flash("It is sent once more.")
    return ways.back(url_for("mail.show", message_id=message_id))


@bp.post("/mail/<id:message_id>/arrived")
def arrived(message_id: int) -> AnyResponse:
    """Nobody knew whether it arrived; now somebody does."""
    with transaction():
        mail.arrived(mail.get(g.workspace, message_id, lock=True), now=now())
    flash("Noted as sent.")
    return ways.back(url_for("mail.show", message_id=message_id))


def _surroundings() -> dict[str, Any]:
    """Whether letters leave at all, and why not."""
    chosen = settings()
    return {"sends": chosen.smtp is not None, "is_demo": chosen.never_send, "shown": _shown}


def _shown(letter: Message) -> str:
    """The state in a word; where nothing leaves, what waits is kept."""
    kept = letter.state is MessageState.WAITING and settings().smtp is None
    return "kept" if kept else mail.shown_state(letter).value


def _headers(letter: Message) -> list[tuple[str, str]]:
    """As they leave; nothing of the body, which may hold a secret."""
    if letter.raw is None:
        return []
    parsed = message_from_bytes(letter.raw, policy=default)
    return [(name, str(value)) for name, value in parsed.items()]
