"""From reminders that are due to letters that the mail server took."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import filling
from bench.harness import Row, Target, compare
from bench.loop import AGAINST, letters, loop
from bench.place import DATABASES, Place, Workers, application, sink, workers

#: By number of processes.
TARGETS = {1: Target(0.25, AGAINST), 2: Target(0.5, AGAINST)}


def measure(here: Place) -> list[Row]:
    """Both databases, one process and two."""
    with sink() as server:
        rows = letters(here)
        return [row for database in DATABASES for row in _on(database, here, server, rows)]


def _on(database: str, here: Place, server: str, rows: list[dict[str, Any]]) -> Iterator[Row]:
    settings = here.settings(database, "whole_way", server)
    with application(settings):
        filling.people(here.letters)
        for count, target in TARGETS.items():
            with workers(settings, count) as staff:
                yield compare(
                    f"whole way, {database}, {count} process{'es'[: 2 * count - 2]}",
                    target,
                    lambda staff=staff: _remind(staff, len(rows)),  # type: ignore[misc]
                    loop(server, rows),
                    rounds=here.rounds,
                    pieces=len(rows),
                )


def _remind(staff: Workers, count: int) -> float:
    filling.due(count)
    seconds = staff.work("all")
    assert (len(filling.rendered()), filling.unsent()) == (count, 0), "some letters were left"
    return seconds
