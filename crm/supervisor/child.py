"""One process under the supervisor: started, read from, restarted, ended."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress

from crm import paths
from crm.supervisor.procfile import Entry

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
#: a process that ran so long was well: its next death starts with a short pause again
STEADY = 30.0


class Child:
    """A process, the pause before its next start, and what it says."""

    def __init__(self, entry: Entry, environment: Mapping[str, str], lifeline: int) -> None:
        self.name = entry.name
        self.start_at = 0.0
        self._argv = entry.argv(lifeline)
        self._environment, self._lifeline = environment, lifeline
        self._process: subprocess.Popen[bytes] | None = None
        self._pause, self._started_at, self._rest = FIRST_PAUSE, 0.0, b""

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C in the terminal reaches the supervisor alone."""
        self._process = subprocess.Popen(
            self._argv,
            env=self._environment,
            # Python looks for modules where it is started: nobody else's "crm" may lie there.
            cwd=paths.PACKAGE.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(self._lifeline,),
            start_new_session=True,
        )
        os.set_blocking(self.output, False)
        self._started_at = time.monotonic()

    @property
    def running(self) -> bool:
        """Whether it was started and has not been taken away since."""
        return self._process is not None

    @property
    def output(self) -> int:
        """The descriptor of what it prints."""
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    @property
    def status(self) -> int | None:
        """Its exit status, None while it runs."""
        return self._process.poll() if self._process else None

    def said(self) -> Iterator[str]:
        """The lines it has finished since last asked."""
        with suppress(BlockingIOError):
            while found := os.read(self.output, 65536):
                self._rest += found
        *lines, self._rest = self._rest.split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in lines)

    def ask_to_end(self) -> None:
        """SIGTERM, to the process alone: it tells its children itself."""
        if self._process and self.status is None:
            self._process.send_signal(signal.SIGTERM)

    def clear(self) -> int:
        """Take the dead process away, with whatever of its session is left; its exit status.

        Children of a killed server would keep its port.
        """
        assert self._process is not None
        assert self._process.stdout is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        status = self._process.wait()
        self._process.stdout.close()
        self._process = None
        return status

    def plan_restart(self) -> None:
        """Start again after a pause that grows from half a second to ten while it keeps dying."""
        if time.monotonic() - self._started_at > STEADY:
            self._pause = FIRST_PAUSE
        self.start_at = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
