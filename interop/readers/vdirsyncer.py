"""vdirsyncer fetches the feed into a folder of files, and khal lists what lies there.

vdirsyncer gives the entries of a feed UIDs of its own, so that they are known by their titles here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from interop.ground import said
from interop.packages import environment, missing, program
from interop.readers.reader import Look, Reader, instants
from interop.talks import Instants

#: Fetches, into files; what is gone from the feed goes from the folder.
FETCHING = """\
[general]
status_path = "{home}/status"

[pair feed]
a = "web"
b = "files"
collections = null
conflict_resolution = "a wins"

[storage web]
type = "http"
url = "{url}"

[storage files]
type = "filesystem"
path = "{home}/files"
fileext = ".ics"
"""
LISTING = """\
[calendars]
[[feed]]
path = {home}/files
readonly = True

[sqlite]
path = {home}/khal.db

[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
"""
DAYS = 500


@contextmanager
def subscribe(url: str, home: Path) -> Iterator[Look]:
    """Write both configurations."""
    (home / "files").mkdir(parents=True)
    (home / "vdirsyncer.conf").write_text(FETCHING.format(home=home, url=url))
    (home / "khal.conf").write_text(LISTING.format(home=home))
    _vdirsyncer(home, "discover")
    yield lambda: look(home)


def look(home: Path) -> Instants:
    """Fetch, and list the next five hundred days."""
    _vdirsyncer(home, "sync")
    today = datetime.now(UTC).date()
    listed = said(
        [
            *(str(program("khal")), "--config", str(home / "khal.conf"), "list", "--notstarted", "--once"),
            *("--day-format", "", "--format", "{start-long} {end-long} {title}"),
            *(str(today), str(today + timedelta(days=DAYS))),
        ],
        environment(home),
    )
    return instants([_entry(line) for line in listed.splitlines() if line.strip()])


def _entry(line: str) -> tuple[str, float, float]:
    start, end, title = line.split(maxsplit=2)
    return title, _seconds(start), _seconds(end)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def _vdirsyncer(home: Path, *words: str) -> None:
    said([str(program("vdirsyncer")), "--config", str(home / "vdirsyncer.conf"), *words], environment(home))


READER = Reader(
    "vdirsyncer and khal", ("vdirsyncer", "khal"), lambda: not missing("vdirsyncer", "khal"), subscribe
)
