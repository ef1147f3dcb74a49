"""Tables that somebody made: member lists of chambers, alumni lists, spreadsheets with their own headings."""

from __future__ import annotations

from crm.domain.transfers.headings import Mapping, Table, guess
from crm.domain.transfers.rows import Field

MEMBERS = ("members", "Member list")
TABLE = ("table", "Table")
NAMED = frozenset({Field.NAME, Field.FIRST_NAME, Field.LAST_NAME, Field.ORGANISATION, Field.EMAIL})


def columns(table: Table) -> Mapping | None:
    """What each column seems to hold; None where nothing tells whom the rows are about."""
    mapping = guess(table)
    return mapping if NAMED & set(mapping.values()) else None


def kind(mapping: Mapping) -> tuple[str, str]:
    """Whether rows are businesses, with a person in one cell, or people. Key and title."""
    fields = set(mapping.values())
    of_businesses = Field.ORGANISATION in fields and not {Field.FIRST_NAME, Field.LAST_NAME} & fields
    return MEMBERS if of_businesses else TABLE
