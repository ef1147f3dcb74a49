"""The Procfile: which processes there are, and how each is called."""

from __future__ import annotations

import shlex
import string
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crm.settings import SettingsError


@dataclass(frozen=True)
class Entry:
    """One process: its name, and what starts it once the number of the lifeline is put in."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def argv(self, lifeline: int) -> list[str]:
        """The whole command line."""
        return [*self.before, str(lifeline), *self.after]


def module(name: str, words: list[str]) -> Entry:
    """A Python module, called by its command's name; the same interpreter, whatever PATH says."""
    return Entry(name, (sys.executable, "-m", "crm.lifeline", "module"), tuple(words))


def program(name: str, words: list[str], lifeline: Path) -> Entry:
    """A foreign program, beside an interpreter that loads nothing it doesn't need."""
    return Entry(name, (sys.executable, "-I", "-S", str(lifeline), "program"), tuple(words))


def read(file: Path, values: Mapping[str, str]) -> dict[str, Entry]:
    """The entries by name; ${NAME} is filled in from the values."""
    lines = file.read_text(encoding="utf-8").splitlines()
    entries = [_entry(line, values) for line in lines if line.strip() and not line.startswith("#")]
    return {entry.name: entry for entry in entries}


def _entry(line: str, values: Mapping[str, str]) -> Entry:
    """One line, `name: command`."""
    name, colon, command = line.partition(":")
    if not colon or not command.strip():
        raise SettingsError(f"Procfile: a line must read 'name: command', not {line!r}.")
    words = [string.Template(word).safe_substitute(values) for word in shlex.split(command)]
    return module(name.strip(), words)
