"""Google Contacts' CSV, in today's shape and in that of before 2024: "E-mail 1 - Value", "Labels"."""

from __future__ import annotations

import re

from crm.domain.transfers.headings import Mapping
from crm.domain.transfers.rows import Field

KEY, TITLE = "google", "Google Contacts"
COLUMNS: tuple[tuple[str, Field], ...] = (
    (r"(name )?prefix|name prefix", Field.PREFIX),
    (r"first name|given name", Field.FIRST_NAME),
    (r"middle name|additional name", Field.MIDDLE_NAME),
    (r"last name|family name", Field.LAST_NAME),
    (r"name suffix", Field.SUFFIX),
    (r"e-mail \d+ - value", Field.EMAIL),
    (r"phone \d+ - value", Field.PHONE),
    (r"organization (\d+ - )?name", Field.ORGANISATION),
    (r"organization (\d+ - )?title", Field.TITLE),
    (r"website \d+ - value", Field.WEBSITE),
    (r"address \d+ - formatted", Field.POSTAL_ADDRESS),
    (r"labels|group membership", Field.TAGS),
    (r"notes", Field.NOTES),
)
TELLING = re.compile(r"(e-mail|phone) 1 - (value|label|type)")


def columns(headings: tuple[str, ...]) -> Mapping | None:
    """What each column holds; None where this is no such file."""
    found = [heading.casefold() for heading in headings]
    if not any(TELLING.fullmatch(heading) for heading in found) and not {"file as", "labels"} <= set(found):
        return None
    fields = {n: _field(heading) for n, heading in enumerate(found)}
    return {n: field for n, field in fields.items() if field}


def _field(heading: str) -> Field | None:
    return next((field for pattern, field in COLUMNS if re.fullmatch(pattern, heading)), None)
