"""Letters that are rendered already, to a mail server that takes everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import filling
from bench.harness import Row, Target, compare
from bench.loop import AGAINST, letters, loop
from bench.place import DATABASES, POSTGRESQL, SQLITE, Place, Workers, application, sink, workers

#: By database and number of processes.
TARGETS = {
    (SQLITE, 1): Target(0.5, AGAINST),
    (SQLITE, 2): Target(0.5, AGAINST),
    (POSTGRESQL, 1): Target(0.5, AGAINST),
    (POSTGRESQL, 2): Target(0.75, AGAINST),
}


def measure(here: Place) -> list[Row]:
    """Both databases, one process and two."""
    with sink() as server:
        rows = letters(here)
        return [row for database in DATABASES for row in _on(database, here, server, rows)]


def _on(database: str, here: Place, server: str, rows: list[dict[str, Any]]) -> Iterator[Row]:
    settings = here.settings(database, "sending", server)
    with application(settings):
        filling.people(here.letters)
        for count in (1, 2):
            with workers(settings, count) as staff:
                yield compare(
                    f"sending, {database}, {count} process{'es'[: 2 * count - 2]}",
                    TARGETS[database, count],
                    lambda staff=staff: _send(staff, rows),  # type: ignore[misc]
                    loop(server, rows),
                    rounds=here.rounds,
                    pieces=len(rows),
                )


def _send(staff: Workers, rows: list[dict[str, Any]]) -> float:
    filling.waiting(rows)
    seconds = staff.work("mail")
    assert filling.unsent() == 0, "some letters were left"
    return seconds
