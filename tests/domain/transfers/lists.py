"""Reading a list in a test: from text as somebody wrote it to people, employers and refusals."""

from __future__ import annotations

from crm.domain.transfers import formats
from crm.domain.transfers.rows import Employer, Person, Refusal, Row


def read(text: str | bytes, filename: str = "list.csv") -> list[Row | Refusal]:
    """All rows of a list."""
    content = text.encode() if isinstance(text, str) else text
    return list(formats.recognise(filename, content).rows())


def people(text: str | bytes, filename: str = "list.csv") -> list[Person]:
    """Everybody on a list, in its order."""
    return [person for row in read(text, filename) if isinstance(row, Row) for person in row.people]


def names(text: str | bytes, filename: str = "list.csv") -> list[str]:
    """The names on a list."""
    return [person.name for person in people(text, filename)]


def employers(text: str | bytes, filename: str = "list.csv") -> list[Employer]:
    """The organisations of rows that name nobody."""
    rows = read(text, filename)
    return [row.employer for row in rows if isinstance(row, Row) and row.employer and not row.people]


def refusals(text: str | bytes, filename: str = "list.csv") -> list[tuple[int, str]]:
    """Lines and reasons of what could not be read."""
    return [(row.line, row.reason) for row in read(text, filename) if isinstance(row, Refusal)]
