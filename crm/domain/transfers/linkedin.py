"""LinkedIn's Connections.csv: a "Notes:" preamble, then one connection a row, mostly without addresses."""

from __future__ import annotations

from crm.domain.transfers.headings import Mapping
from crm.domain.transfers.rows import Field

KEY, TITLE = "linkedin", "LinkedIn connections"
COLUMNS = {
    "first name": Field.FIRST_NAME,
    "last name": Field.LAST_NAME,
    "url": Field.LINKEDIN_URL,
    "email address": Field.EMAIL,
    "company": Field.ORGANISATION,
    "position": Field.TITLE,
}


def columns(headings: tuple[str, ...]) -> Mapping | None:
    """What each column holds; None where this is no such file. When they connected is not kept."""
    found = [heading.casefold() for heading in headings]
    if not {"first name", "last name", "connected on"} <= set(found):
        return None
    return {n: COLUMNS[heading] for n, heading in enumerate(found) if heading in COLUMNS}
