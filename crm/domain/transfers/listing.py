"""A list that was recognised: its rows as often as wanted, from any place, and a preview of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from crm.domain.transfers.assembly import Assembly
from crm.domain.transfers.decoding import Decoded
from crm.domain.transfers.headings import Mapping, Table
from crm.domain.transfers.rows import Field, Refusal, Row
from crm.domain.transfers.tables import records

#: Rows that a preview shows, and rows that it counts problems in.
SHOWN = 10
COUNTED = 2_000
#: Values that show what a column holds.
SAMPLES = 3

Reader = Callable[[str, int], Iterator[Row | Refusal]]


@dataclass(frozen=True)
class Column:
    """One column of a table, numbered from 0: its heading, a few values, and what they are taken for."""

    number: int
    heading: str
    samples: tuple[str, ...]
    field: Field | None


@dataclass(frozen=True)
class Preview:
    """What the user sees before anything is written. Counts are of the first `counted` rows."""

    format: str
    encoding: str
    columns: tuple[Column, ...]
    rows: tuple[Row | Refusal, ...]
    counted: int
    people: int
    organisations: int
    problems: dict[str, int]
    notes: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the counts are those of the whole list."""
        return self.counted < COUNTED


@dataclass(frozen=True)
class Listing:
    """A list, decoded, with the way to read it. `mapping` is None where the format has no columns."""

    key: str
    title: str
    decoded: Decoded
    read: Reader
    table: Table | None = None
    mapping: Mapping | None = None
    notes: tuple[str, ...] = field(default=())

    def rows(self, start: int = 0) -> Iterator[Row | Refusal]:
        """The rows from a place on, which is 0 or the `after` of a row. Rows without content are left out."""
        return self.read(self.decoded.text, start)

    def preview(self) -> Preview:
        """A look at the first rows."""
        rows = list(islice(self.rows(), COUNTED))
        read = [row for row in rows if isinstance(row, Row)]
        return Preview(
            format=self.title,
            encoding=self.decoded.encoding,
            columns=_columns(self.table, self.mapping or {}) if self.table else (),
            rows=tuple(rows[:SHOWN]),
            counted=len(rows),
            people=sum(len(row.people) for row in read),
            organisations=sum(not row.people for row in read),
            problems=dict(Counter(row.reason for row in rows if isinstance(row, Refusal))),
            notes=tuple(note for note in (self.decoded.note, *self.notes) if note),
        )


def table_listing(key: str, title: str, decoded: Decoded, table: Table, mapping: Mapping) -> Listing:
    """A table with its columns told."""
    assembly = Assembly(mapping, table.width, is_member_list=key == "members")
    return Listing(key, title, decoded, _table_reader(table, assembly), table, mapping)


def _columns(table: Table, mapping: Mapping) -> tuple[Column, ...]:
    return tuple(
        Column(n, table.headings[n] if n < len(table.headings) else "", _samples(table, n), mapping.get(n))
        for n in range(table.width)
    )


def _samples(table: Table, number: int) -> tuple[str, ...]:
    values = (row[number] for row in table.samples if len(row) > number and row[number])
    return tuple(islice(dict.fromkeys(values), SAMPLES))


def _table_reader(table: Table, assembly: Assembly) -> Reader:
    def read(text: str, start: int) -> Iterator[Row | Refusal]:
        for record in records(text, table.delimiter, start or table.starts):
            if tuple(record.cells) != table.headings and (row := assembly.read(record)):
                yield row

    return read
