"""A list that was recognised: its rows as often as wanted, from any place, and a preview of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from crm.domain.transfers.assembly import Assembly
from crm.domain.transfers.decoding import Decoded
from crm.domain.transfers.headings import Mapping, Table
from crm.domain.transfers.rows import Refusal, Row
from crm.domain.transfers.tables import records

#: Rows that a preview shows, and rows that it counts problems in.
SHOWN = 10
COUNTED = 2_000

Reader = Callable[[str, int], Iterator[Row | Refusal]]


@dataclass(frozen=True)
class Preview:
    """What the user sees before anything is written. Counts are of the first `counted` rows."""

    format: str
    encoding: str
    headings: tuple[str, ...]
    mapping: Mapping
    rows: tuple[Row | Refusal, ...]
    counted: int
    people: int
    organisations: int
    problems: dict[str, int]
    notes: tuple[str, ...]


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
            headings=self.table.headings if self.table else (),
            mapping=dict(self.mapping or {}),
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


def _table_reader(table: Table, assembly: Assembly) -> Reader:
    def read(text: str, start: int) -> Iterator[Row | Refusal]:
        for record in records(text, table.delimiter, start or table.starts):
            if tuple(record.cells) != table.headings and (row := assembly.read(record)):
                yield row

    return read
