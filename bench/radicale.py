"""A peer that serves calendars too, with the same interviews in it; where its package is there."""

from __future__ import annotations

import http.client
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.fetching import Server
from tests.services.run import free_port

PATH = "/bench/feed/"


@contextmanager
def radicale(folder: Path, calendar: bytes) -> Iterator[Server | None]:
    """A Radicale of our own, without accounts, that holds one calendar; None where there is no Radicale."""
    program = shutil.which("radicale")
    if program is None:
        yield None
        return
    port, settings = free_port(), folder / "radicale.conf"
    settings.write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[rights]\ntype = authenticated\n"
        f"[storage]\nfilesystem_folder = {folder / 'radicale'}\n[logging]\nlevel = error\n"
    )
    process = subprocess.Popen([program, "--config", str(settings)])
    try:
        server = Server(port)
        _put(port, calendar)
        yield server
    finally:
        process.terminate()
        process.wait()


def _put(port: int, calendar: bytes) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    line.request(
        "PUT", PATH, calendar, {"Content-Type": "text/calendar", "Authorization": "Basic YmVuY2g6eA=="}
    )
    status = line.getresponse().status
    assert status == 201, status
