"""A real broker a process, on a socket as the embedded one, and on a port as a server elsewhere."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from crm import broker
from tests.services.run import free_port, once

NUMBER = "0"


def start(folder: Path, socket: Path) -> str:
    """Start it unless it runs; its address for REDIS_URL."""
    return once(folder, f"valkey-{folder.name}", lambda: _server(folder, socket))


def _server(folder: Path, socket: Path) -> str:
    port = free_port()
    options = ("--port", str(port), "--bind", "127.0.0.1", "--unixsocket", str(socket), "--save", "")
    files = ("--dir", str(folder), "--pidfile", str(folder / "valkey.pid"), "--loglevel", "warning")
    log = ("--logfile", str(folder / "valkey.log"), "--daemonize", "yes")
    subprocess.run([str(broker.binary()), *options, *files, *log], check=True, stdout=subprocess.DEVNULL)
    last = time.monotonic() + 10
    while not broker.answers(socket):
        assert time.monotonic() < last, (folder / "valkey.log").read_text()
        time.sleep(0.01)
    return os.environ.get("TEST_REDIS_URL") or f"redis://127.0.0.1:{port}/{NUMBER}"
