"""Programs subscribe to a feed, it changes, and they show the right instants before and after."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from interop import talks
from interop.findings import Finding, Result, absent, attempt
from interop.ground import product
from interop.packages import version
from interop.readers import icaljs, libical, thunderbird, vdirsyncer
from interop.readers.reader import Look, Reader
from interop.talks import Talks

READERS = (vdirsyncer.READER, libical.READER, icaljs.READER, thunderbird.READER)


def play(folder: Path) -> Iterator[Finding]:
    """What each program shows."""
    here = [reader for reader in READERS if reader.is_here()]
    for reader in READERS:
        if reader not in here:
            yield absent(reader.program, f"needs {' and '.join(reader.packages)}")
    if not here:
        return
    with product(folder / "feeds") as fika, ExitStack() as subscriptions:
        planned = talks.planned(fika)
        wishes = {"name": "Talks – früh", "include": ["interviews"], "privacy": "full"}
        url = fika.post("/feeds", wishes)["url"]
        yield from _all(here, planned, url, folder, subscriptions)


def _all(
    readers: list[Reader], planned: Talks, url: str, folder: Path, subscriptions: ExitStack
) -> Iterator[Finding]:
    """They subscribe and are looked at, the talks change, and they are looked at again."""
    looks: dict[Reader, Look] = {}
    for reader in readers:

        def begin(reader: Reader = reader) -> str:
            home = folder / reader.program.replace(" ", "_")
            looks[reader] = subscriptions.enter_context(reader.subscribe(url, home))
            return _shown(reader, looks[reader], planned)

        if (found := _attempt(reader, begin)).result is not Result.OK:
            looks.pop(reader, None)
            yield found
    planned.change()
    for reader, look in looks.items():
        yield _attempt(reader, partial(_shown, reader, look, planned))


def _attempt(reader: Reader, show: Callable[[], str]) -> Finding:
    return attempt(reader.program, version(*reader.packages), show)


def _shown(reader: Reader, look: Look, planned: Talks) -> str:
    """What it shows, once that is right. Fails where it is not, when it has had its time."""
    last = time.monotonic() + reader.patience
    while (shown := planned.named(look())) != planned.instants and time.monotonic() < last:
        time.sleep(0.5)
    planned.check(shown)
    zones = f"{len(talks.ZONES)} zones around 2 changes of the clock each"
    return f"{len(shown)} talks in {zones}, after 1 was moved, 1 called off and 1 planned"
