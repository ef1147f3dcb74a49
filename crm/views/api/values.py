"""The values of the API: ids, times and text, as they are read, shown and described."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from crm.domain import fields
from crm.views.converters import LARGEST

RFC_3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6})\d*)?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII
)
LOOKS_LIKE = "Write it like 2026-03-10T09:00:00+01:00, or with Z for UTC."


def refuse(sentence: str) -> PydanticCustomError:
    """For validators of single values: a sentence that reaches the caller as it is."""
    return PydanticCustomError("sentence", "{sentence}", {"sentence": sentence})


def instant(value: Any) -> datetime:
    """An RFC 3339 time with its offset, in UTC."""
    if isinstance(value, datetime):
        return value
    match = RFC_3339.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise refuse(f"This is not a time. {LOOKS_LIKE}")
    day, clock, fraction, offset = match.groups()
    if offset is None:
        raise refuse(f"This time lacks its offset from UTC. {LOOKS_LIKE}")
    try:
        text = f"{day}T{clock}.{(fraction or '0').ljust(6, '0')}{offset.upper().replace('Z', '+00:00')}"
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refuse(f"There is no such time. {LOOKS_LIKE}") from None


def zulu(at: datetime) -> str:
    """An instant in UTC, with the fraction of a second where there is one."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def number(value: str | None) -> int:
    """The row that an id names; -1, which is no row, for what never was an id of ours."""
    given = value or ""
    found = int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else -1
    return found if found <= LARGEST else -1


def told(**schema: Any) -> Any:
    """A limit that is told here and checked by the domain, which has the sentence for it."""
    return Field(json_schema_extra=schema)


_TIME = WithJsonSchema({"type": "string", "format": "date-time"})

Instant = Annotated[datetime, PlainValidator(instant), PlainSerializer(zulu, return_type=str), _TIME]
Id = Annotated[str, Field(description="Opaque; given by us.")]
Place = Annotated[str, told(maxLength=500)]
Line = Annotated[str, told(maxLength=fields.LINE)]
Notes = Annotated[str, told(maxLength=fields.NOTES)]


class Body(BaseModel):
    """What a call takes: these fields and no others, of these types and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self) -> dict[str, Any]:
        """The fields that were sent, null among them."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Nothing(Body):
    """The body of a call that needs none."""


class Shown(BaseModel):
    """What a call answers."""

    model_config = ConfigDict(extra="forbid")
