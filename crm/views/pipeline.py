"""The board: five columns, moves by drop, key, menu and form, and their undoing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, Response, flash, g, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from crm.database import transaction, utcnow
from crm.domain import board as boards
from crm.domain import contacts, figures, pipeline, search, stages
from crm.domain.addresses import Addresses
from crm.domain.errors import Invalid, NotAllowed
from crm.domain.stages import NAMES
from crm.models import Contact, Stage, StageChange
from crm.views import filters, forms, narrowing, ways
from crm.views.forms.pipeline import MoveForm, latest
from crm.views.names import said

bp = Blueprint("pipeline", __name__)

#: Paths of our own pages.
HERE = Addresses("")


@dataclass(frozen=True)
class Asked:
    """What of the board is to be seen."""

    look_for: search.Filter
    #: Columns that are opened to more cards than at first.
    opened: frozenset[Stage]

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> Asked:
        """From the query of the board's address."""
        opened = {Stage(word) for word in args.getlist("more") if word in list(Stage)}
        return cls(narrowing.read(args), frozenset(opened))

    def address(self, *also: Stage) -> str:
        """The address of this board, with further columns opened."""
        opened = sorted({*self.opened, *also})
        return url_for("pipeline.board", more=opened, **narrowing.query(self.look_for))


@dataclass(frozen=True)
class Drawn:
    """A column as the template takes it; `more` leads to the cards that are not shown."""

    stage: Stage
    cards: list[boards.Card]
    count: str
    more: str


@bp.get("/", endpoint="home")
@bp.get("/board")
def board() -> Response:
    """The whole page; for the script that keeps it true the columns alone, or 304."""
    asked = Asked.read(request.args)
    answer = _renewed(asked) if _by_board() else make_response(_page(asked))
    answer.vary.add("HX-Target")
    return answer


@bp.get("/contacts/<id:contact_id>/move")
def choose(contact_id: int) -> str:
    """The form behind a card's menu, and where a drop that needs a reason leads."""
    contact = contacts.get(g.workspace, contact_id)
    to = request.args.get("to", "")
    form = MoveForm(stage=to if to in list(Stage) else None, was=contact.stage.value)
    return _move_page(contact, form)


@bp.post("/contacts/<id:contact_id>/stage")
def move(contact_id: int) -> Any:
    """A card was dropped, or the form was sent: answer with the columns that changed, or go back."""
    form = MoveForm()
    try:
        with transaction():
            contact = contacts.get(g.workspace, contact_id, lock=True)
            was = contact.stage
            change = pipeline.move(contact, by=g.user, now=utcnow(), **form.values())
    except (Invalid, NotAllowed) as refusal:
        if _by_board():
            raise
        return _refused(contact_id, form, refusal)
    if change is not None:
        _say(contact, change)
    return _moved(contact, was, form) if _by_board() else ways.back(HERE.contact(contact_id))


@bp.post("/contacts/<id:contact_id>/stage/undo")
def undo(contact_id: int) -> AnyResponse:
    """Take the latest move back, as long as nothing else has happened."""
    change_id = narrowing.number(request.args.get("change", "")) or 0
    with transaction():
        contact = contacts.get(g.workspace, contact_id, lock=True)
        pipeline.undo(contact, change_id, now=utcnow())
    flash(f"{said(contact.name)} is back in {NAMES[contact.stage]}.")
    return ways.back(HERE.board())


def _by_board() -> bool:
    return request.headers.get("HX-Target") == "board"


def _page(asked: Asked) -> str:
    glance = figures.at_a_glance(g.workspace, g.user, now=filters.now())
    choices = search.choices(g.workspace)
    if not glance.anybody:
        return render_template("pipeline/welcome.html", campaigns=choices.campaigns)
    columns = _columns(asked)
    return render_template(
        "pipeline/board.html",
        columns=_drawn(asked, columns),
        version=_version(columns),
        refresh=asked.address(),
        look_for=asked.look_for,
        glance=glance,
        campaigns=choices.campaigns,
        tags=[(tag, tag) for tag in choices.tags],
        counted=figures.PEOPLE,
    )


def _renewed(asked: Asked) -> Response:
    columns = _columns(asked)
    version = _version(columns)
    answer = make_response()
    if version not in request.if_none_match:
        drawn = _drawn(asked, columns)
        answer.set_data(
            render_template("pipeline/_columns.html", columns=drawn, version=version, refresh=asked.address())
        )
    answer.set_etag(version)
    answer.make_conditional(request)
    return answer


def _columns(asked: Asked, only: Collection[Stage] = tuple(Stage)) -> list[boards.Column]:
    return boards.columns(
        g.workspace,
        asked.look_for,
        now=filters.now(),
        where=filters.zone(),
        stages=[stage for stage in Stage if stage in only],
        shown=dict.fromkeys(asked.opened, boards.AT_MOST),
    )


def _drawn(asked: Asked, columns: list[boards.Column]) -> list[Drawn]:
    return [Drawn(column.stage, column.cards, column.count, _more(asked, column)) for column in columns]


def _more(asked: Asked, column: boards.Column) -> str:
    """Opens the column where that shows all of it, else leads to the list."""
    if column.is_whole:
        return ""
    if column.found <= boards.AT_MOST:
        return asked.address(column.stage)
    narrowed = {**narrowing.query(asked.look_for), "stage": column.stage.value}
    return url_for("contacts.index", **narrowed)


def _version(columns: list[boards.Column]) -> str:
    """Changes with whatever is shown: also when something comes near or late, and with the day."""
    today = filters.now().astimezone(filters.zone()).date()
    near = [filters.urgency(card.due_at) for column in columns for card in column.cards if card.due_at]
    return hashlib.sha256(repr((columns, near, today)).encode()).hexdigest()[:20]


def _move_page(contact: Contact, form: MoveForm) -> str:
    return render_template(
        "pipeline/move.html", contact=contact, form=form, next=ways.came_from(), latest=latest()
    )


def _refused(contact_id: int, form: MoveForm, refusal: Invalid | NotAllowed) -> tuple[str, int]:
    """The form again, with all that was typed and why it cannot be done."""
    if isinstance(refusal, Invalid):
        forms.show(form, refusal)
    else:
        form.form_errors.append(refusal.sentence)
    status = 422 if isinstance(refusal, Invalid) else 409
    return _move_page(contacts.get(g.workspace, contact_id), form), status


def _moved(contact: Contact, was: Stage, form: MoveForm) -> str:
    """The columns that changed, as the board from which the card was dropped shows them."""
    asked = Asked.read(MultiDict(parse_qsl(urlsplit(ways.came_from()).query)))
    changed = {was.value, contact.stage.value, form.was.data}
    columns = _columns(asked, [stage for stage in Stage if stage.value in changed])
    return render_template("pipeline/_moved.html", columns=_drawn(asked, columns))


def _say(contact: Contact, change: StageChange) -> None:
    """What was done, how to take it back, and what comes next."""
    words, link = _next(contact, change.became)
    address = url_for("pipeline.undo", contact_id=contact.id, change=change.id)
    ways.done(f"{said(contact.name)} is now in {NAMES[change.became]}.{words}", address, link)


def _next(contact: Contact, stage: Stage) -> tuple[str, tuple[str, str] | None]:
    if stage is Stage.AGREED and not stages.planned(contact):
        return "", ("Set the date", HERE.plan(contact.id))
    owed = stages.unthanked(contact) if stage is Stage.INTERVIEWED else []
    if owed:
        return " Say thank you within 24 hours.", ("It ended earlier", HERE.complete(owed[-1].id))
    return "", None
