"""What all foreign calendars have in common."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from interop.talks import Instants

#: Says which entries the program shows, where it can after fetching anew.
Look = Callable[[], Instants]


@dataclass(frozen=True)
class Reader:
    """A foreign calendar, or several that work together."""

    program: str
    #: Debian's names of what brings it; their versions are told.
    packages: tuple[str, ...]
    #: Whether all of it is there.
    is_here: Callable[[], bool]
    #: Told the feed's address and a folder, it subscribes for as long as the context lasts.
    subscribe: Callable[[str, Path], AbstractContextManager[Look]]
    #: So many seconds may pass until it fetches by itself; 0 where looking is fetching.
    patience: float = 0.0


def instants(found: list[tuple[str, float, float]]) -> Instants:
    """From the seconds since 1970 that a program says; an entry that is shown twice is an error."""
    named = {uid: (_at(start), _at(end)) for uid, start, end in found}
    assert len(named) == len(found), f"{len(found) - len(named)} entries are shown twice"
    return named


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
