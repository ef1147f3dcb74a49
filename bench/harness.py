"""The harness: a thing and its limit in turns, medians with their spread, one table and the same as JSON.

Machines are noisy and differ. Only ratios within one round mean something, so that each round measures the
limit right before the thing, and a row's figure is the median over all rounds.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

#: What is timed: it prepares itself, and answers the seconds that count.
Timed = Callable[[], float]
HEAD = ("row", "ours", "limit", "ratio (spread)", "target", "reached")


@dataclass(frozen=True)
class Target:
    """What a row has to reach, and against what it is measured."""

    bound: float
    #: The limit in words; empty where the target is a time, in seconds.
    against: str
    #: At least so much of the limit's speed; else at most so many times its time, or so many seconds.
    least: bool = True

    def reached(self, figure: float) -> bool:
        """Whether a figure is good enough."""
        return figure >= self.bound if self.least else figure <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.bound:g} {f'of {self.against}' if self.against else 's'}"


@dataclass(frozen=True)
class Row:
    """One line of the table. Times are in milliseconds a piece, one for each round."""

    name: str
    #: None for what is only told.
    target: Target | None
    ours: tuple[float, ...]
    #: Empty where the target is a time.
    limit: tuple[float, ...] = ()

    @property
    def figures(self) -> tuple[float, ...]:
        """What is held against the target, one for each round."""
        if not self.limit:
            return tuple(ours / 1000 for ours in self.ours)
        pairs = zip(self.ours, self.limit, strict=True)
        least = self.target is None or self.target.least
        return tuple(limit / ours if least else ours / limit for ours, limit in pairs)

    @property
    def figure(self) -> float:
        """The median of all rounds."""
        return statistics.median(self.figures)

    @property
    def reached(self) -> bool | None:
        """Whether the target is; None without one."""
        return None if self.target is None else self.target.reached(self.figure)


def compare(
    name: str, target: Target | None, ours: Timed, limit: Timed, *, rounds: int, pieces: int = 1
) -> Row:
    """Measure a thing and its limit in turns, after one round that does not count."""
    pairs = [(limit(), ours()) for _ in range(rounds + 1)][1:]
    scale = 1000 / pieces
    return Row(name, target, tuple(o * scale for _, o in pairs), tuple(b * scale for b, _ in pairs))


def clocked(work: Callable[[], object], times: int = 1) -> Timed:
    """The seconds that something takes when done so many times."""

    def timed() -> float:
        began = time.perf_counter()
        for _ in range(times):
            work()
        return time.perf_counter() - began

    return timed


def fdatasync(folder: Path, times: int = 50) -> float:
    """Milliseconds that the disk needs to make one page durable, in the median."""
    # Not all systems have it; where they don't, fsync is what databases use there.
    sync = getattr(os, "fdatasync", os.fsync)
    found = []
    with (folder / "synced").open("wb") as file:
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            sync(file.fileno())
            found.append((time.perf_counter() - began) * 1000)
    return statistics.median(found)


def table(rows: Sequence[Row]) -> str:
    """All rows, in columns."""
    lines = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    figures = row.figures
    unit = "" if row.limit else " s"
    spread = f"{row.figure:.2f}{unit} ({min(figures):.2f}–{max(figures):.2f})"
    limit = _time(row.limit) if row.limit else "–"
    answer = {True: "yes", False: "NO", None: "–"}[row.reached]
    return row.name, _time(row.ours), limit, spread, str(row.target or "–"), answer


def _time(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.3f} ms"


def write_json(file: Path, rows: Sequence[Row], fdatasync_ms: float) -> None:
    """The same as the table, for programs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    found = [{**asdict(row), "figure": row.figure, "reached": row.reached} for row in rows]
    file.write_text(json.dumps({"fdatasync_ms": fdatasync_ms, "rows": found}, indent=2) + "\n")
