"""libical reads the feed by its strict check; Evolution and KDE's calendars stand on it.

It is C: what makes it fall ends a process of its own (`python -m interop.readers.libical FILE`) alone.
"""

from __future__ import annotations

import ctypes
import json
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from interop.ground import said
from interop.packages import environment, library
from interop.readers.reader import Look, Reader, instants
from interop.talks import Instants


class Time(ctypes.Structure):
    """`struct icaltimetype` of libical 3."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        ("is_date", ctypes.c_int),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    ]


@contextmanager
def subscribe(url: str, home: Path) -> Iterator[Look]:
    """It has no memory of its own: each look is a fetch."""
    home.mkdir(parents=True)
    yield lambda: look(url, home)


def look(url: str, home: Path) -> Instants:
    """Fetch, check strictly, and read."""
    file = home / "feed.ics"
    with urllib.request.urlopen(url, timeout=30) as answer:
        file.write_bytes(answer.read())
    return instants([(uid, start, end) for uid, start, end in read(file)])


def read(file: Path) -> list[tuple[str, float, float]]:
    """The entries of a file. Fails where the strict check finds anything."""
    command = [sys.executable, "-m", "interop.readers.libical", str(file)]
    answer = json.loads(said(command, _environment(file.parent)))
    assert not answer["errors"], f"libical's strict check finds {answer['errors']} errors: {answer['text']}"
    return [tuple(entry) for entry in answer["entries"]]


def _environment(home: Path) -> dict[str, str]:
    return environment(home) | {"PYTHONPATH": str(Path(__file__).parents[2])}


def _load() -> Any:
    """The library, with what its functions answer."""
    ical = ctypes.CDLL(library("ical"))
    handle, number = ctypes.c_void_p, ctypes.c_int
    for name, takes, gives in (
        ("icalparser_parse_string", [ctypes.c_char_p], handle),
        ("icalrestriction_check", [handle], number),
        ("icalcomponent_count_errors", [handle], number),
        ("icalcomponent_as_ical_string", [handle], ctypes.c_char_p),
        ("icalcomponent_string_to_kind", [ctypes.c_char_p], number),
        ("icalcomponent_get_first_component", [handle, number], handle),
        ("icalcomponent_get_next_component", [handle, number], handle),
        ("icalcomponent_get_uid", [handle], ctypes.c_char_p),
        ("icalcomponent_get_dtstart", [handle], Time),
        ("icalcomponent_get_dtend", [handle], Time),
        ("icaltime_as_timet_with_zone", [Time, handle], ctypes.c_long),
    ):
        function = getattr(ical, name)
        function.argtypes, function.restype = takes, gives
    return ical


def _entries(ical: Any, calendar: int) -> Iterator[tuple[str, int, int]]:
    kind = ical.icalcomponent_string_to_kind(b"VEVENT")
    entry = ical.icalcomponent_get_first_component(calendar, kind)
    while entry:
        times = (ical.icalcomponent_get_dtstart(entry), ical.icalcomponent_get_dtend(entry))
        start, end = (int(ical.icaltime_as_timet_with_zone(at, at.zone)) for at in times)
        yield ical.icalcomponent_get_uid(entry).decode(), start, end
        entry = ical.icalcomponent_get_next_component(calendar, kind)


def main(file: Path) -> None:
    """Print what is wrong with a file, and its entries."""
    ical = _load()
    calendar = ical.icalparser_parse_string(file.read_bytes())
    assert calendar, "libical does not take it for a calendar"
    is_lawful = bool(ical.icalrestriction_check(calendar))
    # The check leaves what it finds in the calendar, as properties that tell of it.
    errors = int(ical.icalcomponent_count_errors(calendar)) + int(not is_lawful)
    text = ical.icalcomponent_as_ical_string(calendar).decode() if errors else ""
    print(json.dumps({"errors": errors, "text": text, "entries": list(_entries(ical, calendar))}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

READER = Reader("libical", ("libical3",), lambda: library("ical") is not None, subscribe)
