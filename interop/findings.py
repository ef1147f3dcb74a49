"""What was found, one line for each program, and the table of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from subprocess import SubprocessError

HEAD = ("program", "version", "result", "what was shown")
#: What goes wrong between us and a foreign program; anything else is a fault of ours, and ends the run.
TROUBLES = (AssertionError, OSError, SubprocessError, ValueError, LookupError)


class Result(StrEnum):
    """How it ended."""

    OK = "ok"
    ABSENT = "not there"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    program: str
    version: str
    #: What it showed; what is missing; or what went wrong.
    shown: str
    result: Result = Result.OK


def absent(program: str, needed: str) -> Finding:
    """A program that is not here, and what would bring it."""
    return Finding(program, "–", f"nothing: {needed}", Result.ABSENT)


def failed(program: str, version: str, trouble: BaseException) -> Finding:
    """A program that showed something else, in one line."""
    said = " ".join(f"{type(trouble).__name__}: {trouble}".removeprefix("AssertionError: ").split())
    return Finding(program, version, said[:2000], Result.FAILED)


def attempt(program: str, version: str, show: Callable[[], str]) -> Finding:
    """What the program shows, or how it fails to."""
    try:
        return Finding(program, version, show())
    except TROUBLES as trouble:
        return failed(program, version, trouble)


def table(findings: Sequence[Finding]) -> str:
    """All findings, in columns; what was shown stands last, since it may be long."""
    lines = [HEAD, *((each.program, each.version, str(each.result), each.shown) for each in findings)]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return "\n".join("  ".join([*map(str.ljust, line, widths), line[3]]) for line in lines)
