"""Ends what a test run started, however the run ended: it waits for the end of a pipe, as the lifeline does.

Run as `python -m tests.services.keeper FOLDER`; everything that runs has left its number in FOLDER/**/*.pid.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 5.0


def hire(folder: Path) -> subprocess.Popen[bytes]:
    """Start the keeper; it goes to work when our end of its standard input closes."""
    command = [sys.executable, "-m", "tests.services.keeper", str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


def dismiss(keeper: subprocess.Popen[bytes]) -> None:
    """Have it tidy up, and wait until it has."""
    assert keeper.stdin is not None
    keeper.stdin.close()
    keeper.wait(timeout=4 * PATIENCE)


def tidy(folder: Path) -> None:
    """End every process of the folder, then remove the folder."""
    running = {file: int(file.read_text().split("\n")[0]) for file in folder.rglob("*.pid")}
    for file, number in running.items():
        # PostgreSQL waits for its clients at SIGTERM; SIGQUIT ends it at once.
        _signal(number, signal.SIGQUIT if file.name == "postmaster.pid" else signal.SIGTERM)
    last = time.monotonic() + PATIENCE
    while any(_runs(number) for number in running.values()) and time.monotonic() < last:
        time.sleep(0.05)
    for number in running.values():
        _signal(number, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def _signal(number: int, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(number, what)


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    sys.stdin.read()
    tidy(Path(sys.argv[1]))
