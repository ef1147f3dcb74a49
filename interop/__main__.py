"""`./dev interop [NAME…] [--minutes N]`: play with foreign programs, and print one table."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from interop import circle, feeds
from interop.findings import TROUBLES, Finding, Result, failed, table
from interop.ground import folder

SCENES: dict[str, Callable[[Path], Iterator[Finding]]] = {"feeds": feeds.play, "mail": circle.play}


class TimeIsUp(Exception):
    """The run has lasted as long as it may."""


def main(words: Sequence[str]) -> int:
    """Play what was named, else everything; 1 where a program showed something wrong."""
    asked = _read(words)
    findings: list[Finding] = []
    with folder() as here, _limited(asked.minutes):
        for name in asked.names or SCENES:
            findings += _play(name, here)
    print(f"\n{table(findings)}")
    return int(any(each.result is Result.FAILED for each in findings))


def _play(name: str, here: Path) -> Iterator[Finding]:
    """One scene, told as it goes on; what it stumbles over itself is a line of its own."""
    try:
        for found in SCENES[name](here):
            print(f"{found.program}: {found.result}: {found.shown}", flush=True)
            yield found
    except TimeIsUp:
        yield Finding(name, "–", "it did not come to its end in time", Result.FAILED)
    except TROUBLES as trouble:
        yield failed(name, "–", trouble)


@contextmanager
def _limited(minutes: float) -> Iterator[None]:
    """Have whatever is played then stop after so many minutes, and each further scene at once."""

    def too_late(_number: int, _frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, 30)  # stopping takes a while
        raise TimeIsUp

    usual = signal.signal(signal.SIGALRM, too_late)
    signal.setitimer(signal.ITIMER_REAL, minutes * 60)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual)


def _read(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev interop", description="What foreign programs make of us.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(SCENES)}; else all")
    parser.add_argument("--minutes", type=float, default=10.0, metavar="N", help="at most so many (10)")
    asked = parser.parse_args(words)
    if unknown := set(asked.names) - set(SCENES):
        parser.error(f"no such scene: {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
