"""The folder of one test run, shared by all of its processes."""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

VARIABLE = "FIKA_TEST_RUN"


def begin() -> Path:
    """Make the run's folder; the processes that pytest starts inherit its name."""
    folder = Path(tempfile.mkdtemp(prefix="fika_test_"))
    os.environ[VARIABLE] = str(folder)
    return folder


def folder() -> Path:
    """The run's folder."""
    return Path(os.environ[VARIABLE])


def once(folder: Path, name: str, make: Callable[[], str]) -> str:
    """Have the first process that asks do something; all get its answer."""
    answer = folder / f"{name}.answer"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answer.exists():
            answer.write_text(make())
        return answer.read_text()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])
