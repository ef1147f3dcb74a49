"""Tables in text: which delimiter, which records, on which lines of the file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

DELIMITERS = ",;\t|"
#: Records that are looked at to find the delimiter and the headings.
LOOKED_AT = 60
#: A cell that goes on for longer than this was opened by a stray quotation mark.
LONGEST_RECORD = 200
LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
#: Excel's own hint in the first line.
SEP = re.compile(r'"?sep=([,;\t|])"?\s*$', re.IGNORECASE)
UNCLOSED = "A quotation mark is opened in this line and never closed."
TOO_LONG = "A cell of this line is too long to be read."


class Record(NamedTuple):
    """One record: its first line (from 1), where it begins and ends in the text, its cells, or why not."""

    line: int
    begins: int
    ends: int
    cells: list[str]
    problem: str = ""

    @property
    def filled(self) -> list[str]:
        """The cells that hold something."""
        return [cell for cell in self.cells if cell and not cell.isspace()]


class Lines:
    """The lines of a text, which can be gone back to when a stray quotation mark swallows some."""

    def __init__(self, text: str, at: int = 0) -> None:
        self.text, self.at = text, at
        self.number = line_at(text, at) - 1

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        found = LINE.match(self.text, self.at)
        if found is None or self.at >= len(self.text):
            raise StopIteration
        self.at, self.number = found.end(), self.number + 1
        return found.group()

    def go_back(self, at: int, number: int) -> None:
        """Continue behind the line that begins at this place."""
        self.at, self.number = at, number
        next(self)


def line_at(text: str, at: int) -> int:
    """The number of the line, from 1, that begins at a place in the text."""
    return text.count("\n", 0, at) + text.count("\r", 0, at) - text.count("\r\n", 0, at) + 1


def records(text: str, delimiter: str, start: int = 0) -> Iterator[Record]:
    """The records from a place on; blank lines are left out, broken records have a problem."""
    lines = Lines(text, start)
    reader = csv.reader(lines, delimiter=delimiter)
    while lines.at < len(text):
        record = _next(reader, lines, delimiter)
        if record.problem:
            lines.go_back(record.begins, record.line - 1)
            yield record._replace(ends=lines.at)
        elif record.cells:
            yield record


def _next(reader: Iterator[list[str]], lines: Lines, delimiter: str) -> Record:
    begins, line = lines.at, lines.number + 1
    try:
        cells = next(reader)
    except csv.Error:
        return Record(line, begins, lines.at, [], TOO_LONG)
    too_many = lines.number - line > LONGEST_RECORD
    at_the_end = lines.at >= len(lines.text)
    unclosed = too_many or (at_the_end and _is_unclosed(lines.text[begins:], delimiter))
    return Record(line, begins, lines.at, cells, UNCLOSED if unclosed else "")


def _is_unclosed(raw: str, delimiter: str) -> bool:
    """Whether a quotation runs into the end of the file: Python's reader tells only when it is strict."""
    if raw.count('"') % 2 == 0:
        return False
    try:
        list(csv.reader(Lines(raw), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def sniff(text: str) -> str:
    """The delimiter under which the beginning looks most like a table; a comma for a single column."""
    hint = SEP.match(text[:20].split("\n", 1)[0])
    if hint:
        return hint.group(1)
    return max(DELIMITERS, key=lambda delimiter: _tableness(text, delimiter))


def width(found: list[Record]) -> int:
    """How many cells most records have."""
    widths = Counter(len(record.cells) for record in found)
    return max(widths, key=lambda w: (widths[w], w), default=0)


def beginning(text: str, delimiter: str) -> list[Record]:
    """The first records that can be read."""
    return [r for r in islice(records(text, delimiter), LOOKED_AT) if not r.problem]


def _tableness(text: str, delimiter: str) -> int:
    widths = Counter(len(record.cells) for record in beginning(text, delimiter))
    return max(((w - 1) * count for w, count in widths.items()), default=0)
