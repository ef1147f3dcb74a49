"""What a list is narrowed to, as it stands in addresses: `?q=&stage=&campaign=&tag=&closed=`."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from crm.domain import words
from crm.domain.search import Filter
from crm.models import Closed, Stage
from crm.views.converters import LARGEST

#: The longest text that is searched for.
LONGEST = 200
#: Any closed contact, and everybody, besides the reasons themselves.
CLOSED = ("any", "all", *Closed)


def read(args: MultiDict[str, str]) -> Filter:
    """The filter in a query; what nobody can have meant excludes nothing."""
    stage, closed = args.get("stage", ""), args.get("closed", "")
    return Filter(
        q=text(args.get("q", "")),
        stage=stage if stage in list(Stage) else "",
        campaign=number(args.get("campaign", "")),
        tag=text(args.get("tag", "")),
        closed=closed if closed in CLOSED else None,
    )


def query(look_for: Filter) -> dict[str, Any]:
    """The same filter for another address; empty parts are left out."""
    parts = {
        "q": look_for.q,
        "stage": look_for.stage,
        "campaign": str(look_for.campaign or ""),
        "tag": look_for.tag,
        "closed": look_for.closed or "",
    }
    return {name: value for name, value in parts.items() if value}


def text(typed: str) -> str:
    """A line of text in a query."""
    return words.line(typed)[:LONGEST]


def number(typed: str) -> int | None:
    """The number of a row in a query; None for anything else."""
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= 18
    return int(typed) if is_number and int(typed) <= LARGEST else None
