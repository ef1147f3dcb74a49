"""Cells of the tables that leave: spreadsheets take some texts for formulas, and run them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

#: How a cell begins that Excel, LibreOffice or Google Sheets calculate instead of showing.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(value: object) -> str:
    """The text of a cell, with an apostrophe before what would be a formula (OWASP, CSV Injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def row(values: Iterable[object]) -> str:
    """One line of a CSV file, all its cells safe."""
    line = io.StringIO()
    csv.writer(line).writerow([safe(value) for value in values])
    return line.getvalue()
