"""What the system has: programs, libraries and their versions."""

from __future__ import annotations

import ctypes.util
import os
import re
import shutil
import subprocess
from pathlib import Path

#: Servers lie where only root looks.
PATH = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"


def program(name: str) -> str | None:
    """Where a program lies; None where it is not there."""
    return shutil.which(name, path=PATH)


def missing(*names: str) -> list[str]:
    """Those of the programs that are not there."""
    return [name for name in names if program(name) is None]


def library(name: str) -> str | None:
    """A library of the system by its name without `lib`; None where it is not there."""
    return ctypes.util.find_library(name)


def version(*names: str) -> str:
    """What Debian's package manager says of packages; elsewhere nobody is asked."""
    return ", ".join(_version(name) for name in names)


def _version(package: str) -> str:
    asking = program("dpkg-query")
    if asking is None:
        return "unknown"
    command = [asking, "--show", "--showformat", "${Version}", package]
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    # Without the epoch and Debian's own counting.
    return re.split("[-+]", done.stdout.rpartition(":")[2])[0] or "unknown"


def environment(home: Path) -> dict[str, str]:
    """For a foreign program: a home of its own, nothing of ours, UTC and plain English."""
    home.mkdir(parents=True, exist_ok=True)
    return {"PATH": PATH, "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC", "TMPDIR": str(home)}
