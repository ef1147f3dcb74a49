"""Lists in pages: `limit`, and a cursor that says where the page before ended."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from crm.views.api.problems import Unfit
from crm.views.api.values import Shown, refuse
from crm.views.converters import LARGEST

MOST = 200
USUAL = 50
FOREIGN = "This is no cursor of this list. Take the “next” of the page before."

Row = TypeVar("Row")
Mark = str | int | datetime


def _limit(value: Any) -> int:
    if isinstance(value, int):
        return value
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST):
        raise refuse(f"This has to be a whole number from 1 to {MOST}.")
    return int(text)


_LIMIT = WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL})


class Query(BaseModel):
    """What stands behind the question mark. Empty counts as left out; what is unknown changes nothing."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if value != ""}


class Paging(Query):
    """Which page of a list."""

    limit: Annotated[int, BeforeValidator(_limit), _LIMIT] = USUAL
    cursor: Annotated[str, Field(description="`next` of the page before.")] = ""

    def after(self, *kinds: type[Mark]) -> tuple[Any, ...] | None:
        """Where the page before ended, None for the first page. Unfit for a cursor that is not ours."""
        return _read(self.cursor, kinds) if self.cursor else None


class Page(Shown):
    """A page of a list; `next` is null on the last one."""

    next: str | None


def cut(
    rows: Sequence[Row], limit: int, mark: Callable[[Row], tuple[Mark, ...]]
) -> tuple[list[Row], str | None]:
    """A page out of rows of which one more was asked for, and the cursor to the next page."""
    page = list(rows[:limit])
    return page, _write(mark(page[-1])) if len(rows) > limit else None


def _write(marks: tuple[Mark, ...]) -> str:
    texts = [mark.astimezone(UTC).isoformat() if isinstance(mark, datetime) else mark for mark in marks]
    return urlsafe_b64encode(json.dumps(texts, ensure_ascii=False).encode()).decode().rstrip("=")


def _read(cursor: str, kinds: tuple[type[Mark], ...]) -> tuple[Mark, ...]:
    try:
        marks = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=="))
        if type(marks) is not list or len(marks) != len(kinds):
            raise ValueError
        return tuple(_mark(mark, kind) for mark, kind in zip(marks, kinds, strict=True))
    except (ValueError, OverflowError, RecursionError):
        raise Unfit({"cursor": FOREIGN}) from None


def _mark(mark: Any, kind: type[Mark]) -> Mark:
    """A part of a cursor, safe to be compared with by either database, whoever made it up."""
    if kind is int and type(mark) is int and 0 <= mark <= LARGEST:
        return mark
    if kind is str and isinstance(mark, str) and "\0" not in mark and mark.encode():
        return mark
    if kind is datetime and isinstance(mark, str):
        at = datetime.fromisoformat(mark)
        if at.utcoffset() is not None:
            return at.astimezone(UTC)
    raise ValueError
