"""Letters: every kind as it would read, with invented people, so that nobody has to wait for one."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, g, render_template

from crm.domain import samples
from crm.domain.errors import NotFound
from crm.domain.samples import SAMPLES, Scene, Shown
from crm.views import filters, headers
from crm.views.house import house

bp = Blueprint("letters", __name__)


@bp.get("/settings/letters")
def index() -> str:
    """All of them, by what they are for."""
    rows = [(sample, name, _shown(name).subject) for name, sample in SAMPLES.items()]
    groups = [(group, list(some)) for group, some in groupby(rows, key=lambda row: row[0].group)]
    return render_template("letters/index.html", groups=groups)


@bp.get("/settings/letters/<letter>")
def show(letter: str) -> str:
    """One letter: as it is read, and as text."""
    shown = _shown(letter)
    return render_template("letters/show.html", letter=letter, sample=SAMPLES[letter], shown=shown)


@bp.get("/settings/letters/<letter>/frame")
def frame(letter: str) -> Response:
    """Its HTML alone, for a frame in which nothing can be run and nothing is fetched."""
    return headers.framed(Response(_shown(letter).html))


def _shown(letter: str) -> Shown:
    """Written now, in the reader's zone."""
    if letter not in SAMPLES:
        raise NotFound("letter")
    return samples.show(letter, Scene(house(), filters.now(), g.user.timezone))
