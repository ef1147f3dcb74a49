"""A broker of one test's own, to which everything happens that may happen to a broker."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from random import Random

from redis import Redis

from crm import broker
from tests.services.run import free_port

ACCIDENTS = ("wipe", "restart", "cut", "freeze")


class Broker:
    """A Valkey on a socket and a port that keeps nothing on disk."""

    def __init__(self, folder: Path, socket: Path) -> None:
        self._folder, self._socket, self._port = folder, socket, free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.happened: Counter[str] = Counter()
        self.start()

    @property
    def url(self) -> str:
        """For REDIS_URL."""
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        files = ("--dir", str(self._folder), "--pidfile", str(self._folder / "own-valkey.pid"), "--save", "")
        lines = ("--port", str(self._port), "--bind", "127.0.0.1", "--unixsocket", str(self._socket))
        command = [str(broker.binary()), *files, *lines, "--loglevel", "warning"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        last = time.monotonic() + 10
        while not broker.answers(self._socket):
            assert time.monotonic() < last, "the broker does not answer"
            time.sleep(0.01)

    def kill(self) -> None:
        """SIGKILL: whatever was queued is gone."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def have(self, accident: str, chance: Random) -> None:
        """One of ACCIDENTS."""
        self.happened[accident] += 1
        if accident == "restart":
            self.kill()
            time.sleep(chance.uniform(0.0, 1.0))
            self.start()
        elif accident == "freeze":
            assert self._process is not None
            self._process.send_signal(signal.SIGSTOP)
            time.sleep(chance.uniform(0.2, 1.5))
            self._process.send_signal(signal.SIGCONT)
        else:
            words = "FLUSHALL" if accident == "wipe" else "CLIENT KILL TYPE normal"
            with Redis(port=self._port) as line:
                line.execute_command(*words.split())
