"""From a table's headings and first rows to what each column holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crm.domain.transfers.cleaning import is_email, is_phone, is_url, means_nothing, one_line
from crm.domain.transfers.names import looks_like_employer, looks_like_person, looks_like_title
from crm.domain.transfers.rows import MOST_COLUMNS, Field, Unreadable
from crm.domain.transfers.tables import Record, beginning, sniff, width
from crm.domain.transfers.vocabulary import field_of, folded_heading

#: Column number, from 0, to what it holds; columns that are left out are not read.
Mapping = dict[int, Field]

#: Headings that mean a given name beside a family name, a family name beside a given name, else the whole.
WHOLE_OR_FAMILY = frozenset({"nom", "name", "navn", "naam", "namn", "nimi"})
WHOLE_OR_GIVEN = frozenset({"nombre", "nome", "imie"})
#: Headings of the name of a business, where another column names the person.
WHOLE_OR_BUSINESS = WHOLE_OR_FAMILY | WHOLE_OR_GIVEN | {"member name", "display name", "owner"}
PARTS_OF_NAMES = frozenset({Field.FIRST_NAME, Field.LAST_NAME})


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a text: its delimiter, its headings (none in lists without), where its rows begin."""

    delimiter: str
    headings: tuple[str, ...]
    starts: int
    samples: tuple[tuple[str, ...], ...]
    #: Whether the headings are words that we know, and not only words above a column of numbers.
    is_certain: bool = False

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.headings) or max((len(row) for row in self.samples), default=0)


def table_in(text: str) -> Table:
    """The table in a text; title lines and notes before the headings are skipped.

    Raises Unreadable where there are too many columns.
    """
    delimiter = sniff(text)
    found = beginning(text, delimiter)
    heading = _heading(found)
    rows = [r for r in found if heading is None or r.begins > heading.begins]
    names = tuple(one_line(cell) for cell in heading.cells) if heading else ()
    certain = heading is not None and _known(heading, width(found)) > 1
    table = Table(delimiter, names, heading.ends if heading else 0, tuple(map(_cells, rows)), certain)
    if table.width > MOST_COLUMNS:
        raise Unreadable(f"This table has {table.width} columns; at most {MOST_COLUMNS} can be read.")
    return table


def guess(table: Table) -> Mapping:
    """What each column holds, by its heading, and by its content where the heading says nothing or lies."""
    fields = [field_of(heading) for heading in table.headings] or [None] * table.width
    columns = [_column(table, n) for n in range(len(fields))]
    told = [_by_content(field, column) for field, column in zip(fields, columns, strict=True)]
    _settle_names(told, [folded_heading(h) for h in table.headings])
    _settle_employers(told, columns)
    _settle_addresses(told)
    if not PARTS_OF_NAMES & set(told) and not {Field.NAME, Field.ORGANISATION} <= set(told):
        _guess_names(told, columns, guess_all=not table.headings)
    return {n: field for n, field in enumerate(told) if field}


def _cells(record: Record) -> tuple[str, ...]:
    return tuple(one_line(cell) for cell in record.cells)


def _heading(found: list[Record]) -> Record | None:
    """The record with the most known headings; or a first full one of words above rows of data."""
    usual = width(found)
    best = max(found[:25], key=lambda r: (_known(r, usual), -r.line), default=None)
    if best and _known(best, usual):
        return best
    full = [r for r in found if len(r.filled) >= max(2, usual - 1)]
    return full[0] if len(full) > 2 and _stands_above(full[0], full[1:]) else None


def _stands_above(record: Record, others: list[Record]) -> bool:
    """Words in a column that holds addresses or numbers further down are a heading, known or not."""
    if _has_data(record):
        return False
    columns = [n for n, cell in enumerate(record.cells) if cell.strip()]
    cells = [
        [one_line(r.cells[n]) for r in others if len(r.cells) > n and r.cells[n].strip()] for n in columns
    ]
    return any(len(column) > 1 and _share(column, _is_data) > 0.6 for column in cells)


def _known(record: Record, usual: int) -> int:
    """How many cells are headings that we know; none where the record cannot be a line of headings."""
    filled = [one_line(cell) for cell in record.filled]
    if len(filled) < min(usual, 2) or _has_data(record):
        return 0
    known = sum(field_of(cell) is not None for cell in filled)
    return known if known >= 2 or known * 2 >= len(filled) else 0


def _has_data(record: Record) -> bool:
    return any(_is_data(one_line(cell)) for cell in record.filled)


def _is_data(cell: str) -> bool:
    return is_email(cell) or is_phone(cell) or is_url(cell)


def _column(table: Table, number: int) -> list[str]:
    cells = (row[number] for row in table.samples if len(row) > number)
    return [cell for cell in cells if not means_nothing(cell)]


def _share(column: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, column)) / len(column) if column else 0.0


def _by_content(field: Field | None, column: list[str]) -> Field | None:
    """Addresses and numbers show themselves; prose and names do not."""
    emails, urls = _share(column, is_email), _share(column, is_url)
    if field in (Field.EMAIL, Field.WEBSITE, Field.EMAIL_OR_WEBSITE) and emails and urls:
        return Field.EMAIL_OR_WEBSITE
    if emails >= 0.6:
        return Field.EMAIL
    if field is not None:
        return field
    if urls >= 0.6:
        return (
            Field.LINKEDIN_URL if _share(column, lambda c: "linkedin." in c.lower()) >= 0.6 else Field.WEBSITE
        )
    return Field.PHONE if _share(column, is_phone) >= 0.6 else None


def _settle_names(told: list[Field | None], headings: list[str]) -> None:
    """Take "Nom" beside "Prénom" for the family name, "Name" beside "Contact" for the business."""
    names = [n for n, field in enumerate(told) if field is Field.NAME and n < len(headings)]
    for n in names:
        if Field.FIRST_NAME in told and headings[n] in WHOLE_OR_FAMILY and Field.LAST_NAME not in told:
            told[n] = Field.LAST_NAME
        elif Field.LAST_NAME in told and headings[n] in WHOLE_OR_GIVEN and Field.FIRST_NAME not in told:
            told[n] = Field.FIRST_NAME
    if len(names) > 1 and Field.ORGANISATION not in told:
        business = [n for n in names if headings[n] in WHOLE_OR_BUSINESS and told[n] is Field.NAME]
        for n in business[:1]:
            told[n] = Field.ORGANISATION


def _settle_employers(told: list[Field | None], columns: list[list[str]]) -> None:
    """Of two columns of members or firms, where none names people, one does: "Name of the member"."""
    firms = [n for n, field in enumerate(told) if field is Field.ORGANISATION]
    if len(firms) > 1 and not {Field.NAME, Field.FIRST_NAME, Field.LAST_NAME} & set(told):
        best = max(firms, key=lambda n: (_share(columns[n], looks_like_person), -n))
        told[best] = Field.NAME


def _settle_addresses(told: list[Field | None]) -> None:
    """Beside a column of towns, "Address" is the street."""
    if Field.CITY in told and Field.STREET not in told:
        told[:] = [Field.STREET if field is Field.POSTAL_ADDRESS else field for field in told]


def _guess_names(told: list[Field | None], columns: list[list[str]], *, guess_all: bool) -> None:
    """Columns of words: whichever reads like people's names, their titles, their employers."""
    tests = [
        (Field.TITLE, looks_like_title),
        (Field.ORGANISATION, looks_like_employer),
        (Field.NAME, looks_like_person),
    ]
    if not guess_all:
        tests = tests[1:] if Field.NAME not in told else tests[1:2]
    for field, test in tests:
        free = [n for n, known in enumerate(told) if known is None and columns[n]]
        best = max(free, key=lambda n: (_share(columns[n], test), -n), default=None)
        if field not in told and best is not None and _share(columns[best], test) >= 0.3:
            told[best] = field
