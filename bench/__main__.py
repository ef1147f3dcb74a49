"""`./dev bench [NAME…] [--quick] [--json FILE]`: measure, and print one table."""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module
from pathlib import Path

from bench import harness
from bench.harness import Row
from bench.place import Place, place

ROWS = Path(__file__).parent / "rows"
JSON = Path(__file__).parents[1] / "var" / "bench.json"
NAMES = sorted(file.stem for file in ROWS.glob("[a-z]*.py"))


def main() -> int:
    """Measure what was named, else everything; 1 where a target is not reached."""
    asked = _read(sys.argv[1:])
    rows: list[Row] = []
    with place(quick=asked.quick) as here:
        disk = harness.fdatasync(here.folder)
        for name in asked.names or NAMES:
            rows += _measure(name, here)
    print(f"\nfdatasync {disk:.2f} ms; {here.rounds} rounds, medians\n{harness.table(rows)}")
    harness.write_json(asked.json, rows, disk)
    return int(any(row.reached is False for row in rows))


def _measure(name: str, here: Place) -> list[Row]:
    began = time.monotonic()
    rows: list[Row] = import_module(f"bench.rows.{name}").measure(here)
    print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    return rows


def _read(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description="How fast it is, against its limits.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="fewer letters and rounds: for a first look")
    parser.add_argument("--json", type=Path, default=JSON, metavar="FILE", help="where the figures go")
    asked = parser.parse_args(words)
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
