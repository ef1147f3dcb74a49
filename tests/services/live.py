"""The whole product, started as people start it: one command and its processes."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.services.run import free_port

START_SECONDS = 40.0


@dataclass
class Live:
    """A running product, and where it is."""

    url: str
    data_dir: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def crm(self, *words: str, text: str | None = None) -> str:
        """A command of the console script on the same data; what it printed."""
        command = [sys.executable, "-m", "crm", *words]
        done = subprocess.run(
            command,
            env=self.environment,
            input=text,
            text=True,
            stdout=subprocess.PIPE,
            check=True,
            timeout=60,
        )
        return done.stdout.strip()

    def stop(self) -> int:
        """Stop it as Ctrl-C does; its exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


def start(folder: Path, **variables: str) -> Live:
    """Start everything on a data folder of its own, and wait until the pages are there."""
    port = free_port()
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR", "TZ")
    }
    environment = {**kept, "DATA_DIR": str(folder), "PORT": str(port), **variables}
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "crm", "up"], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    (folder / "up.pid").write_text(str(process.pid))
    live = Live(f"http://localhost:{port}", folder, environment, process)
    _wait(live, port)
    return live


def _wait(live: Live, port: int) -> None:
    """Until /healthz answers."""
    last = time.monotonic() + START_SECONDS
    while not healthy(port):
        log = (live.data_dir / "up.log").read_text()
        assert live.process.poll() is None, f"crm up ended:\n{log}"
        assert time.monotonic() < last, f"crm up did not serve within {START_SECONDS} s:\n{log}"
        time.sleep(0.05)


def healthy(port: int) -> bool:
    """Whether the pages are served."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()
