"""Fetching over HTTP, from an application that runs as `crm up` runs ours."""

from __future__ import annotations

import http.client
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path

from bench.place import MAIL_FROM, SECRET
from crm.settings import Settings
from tests.services.run import free_port
from tests.workers.running import environment

PROCFILE = Path(__file__).parents[1] / "Procfile"
AGENT = {"User-Agent": "Mozilla/5.0 Thunderbird/153.7"}


@contextmanager
def served(settings: Settings, application: str = "crm.wsgi:app", **more: str) -> Iterator[Server]:
    """An application as `crm up` serves ours, on a port of its own."""
    port = free_port()
    told = environment(settings) | {"MAIL_FROM": MAIL_FROM, "BASE_URL": settings.base_url}
    told |= {"SECRET_KEY": SECRET, "HOST": "127.0.0.1", "PORT": str(port), **more}
    process = subprocess.Popen([*_command(port), application], env=told | {"PYTHONPATH": str(Path.cwd())})
    try:
        yield Server(port)
    finally:
        process.terminate()
        process.wait()


class Server:
    """One that runs, and one line to it that stays open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        _wait_for(port)

    def get(self, path: str, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
        """One answer: status, body, headers."""
        self._line.request("GET", path, headers=AGENT | {k.replace("_", "-"): v for k, v in headers.items()})
        answer = self._line.getresponse()
        return answer.status, answer.read(), dict(answer.headers)

    def many(self, paths: Sequence[str], times: int, status: int, **headers: str) -> float:
        """The seconds for so many answers, one after the other."""
        turns = cycle(paths)
        began = time.perf_counter()
        for _ in range(times):
            found, _, _ = self.get(next(turns), **headers)
            assert found == status, found
        return time.perf_counter() - began


def _command(port: int) -> list[str]:
    """The line of the Procfile, up to the name of the application."""
    (line,) = (line for line in PROCFILE.read_text().splitlines() if line.startswith("web: "))
    filled = line.removeprefix("web: ").replace("${HOST}", "127.0.0.1").replace("${PORT}", str(port))
    words = shlex.split(filled)
    return [str(Path(sys.executable).with_name(words[0])), *words[1:-1]]


def _wait_for(port: int) -> None:
    last = time.monotonic() + 20
    while time.monotonic() < last:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        with suppress(OSError):
            line.request("GET", "/healthz")
            line.getresponse()
            return
        time.sleep(0.05)
    raise TimeoutError("The web server did not start.")
