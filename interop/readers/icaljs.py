"""ical.js reads the feed under Node; Thunderbird brings it along, and Nextcloud shows calendars by it."""

from __future__ import annotations

import json
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interop.ground import said
from interop.packages import environment, missing, program
from interop.readers.reader import Look, Reader, instants
from interop.talks import Instants

#: Where Thunderbird keeps its parts, and the module among them.
PARTS, MODULE = Path("/usr/lib/thunderbird/omni.ja"), "modules/calendar/Ical.sys.mjs"
READING = Path(__file__).with_name("icaljs.mjs")


@contextmanager
def subscribe(url: str, home: Path) -> Iterator[Look]:
    """Take the module out of Thunderbird, under a name that Node takes for a module's."""
    home.mkdir(parents=True)
    with zipfile.ZipFile(PARTS) as parts:
        (home / "ical.mjs").write_bytes(parts.read(MODULE))
    yield lambda: look(url, home)


def look(url: str, home: Path) -> Instants:
    """Fetch and read."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        (home / "feed.ics").write_bytes(answer.read())
    words = [str(program("node")), str(READING), str(home / "ical.mjs"), str(home / "feed.ics")]
    return instants([tuple(entry) for entry in json.loads(said(words, environment(home)))])


READER = Reader(
    "ical.js under Node", ("thunderbird", "nodejs"), lambda: PARTS.exists() and not missing("node"), subscribe
)
