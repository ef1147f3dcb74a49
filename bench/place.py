"""Where it is measured: databases that are durable, a mail server that takes everything, worker processes.

All of it lies in one folder, and whatever was started ends with the measuring, however that ends.
"""

from __future__ import annotations

import os
import shutil
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from crm.core import create_core
from crm.database import db
from crm.settings import Settings
from tests.services import keeper, postgres, schema, valkey
from tests.services.run import free_port, once
from tests.workers.running import environment

SQLITE, POSTGRESQL = DATABASES = ("sqlite", "postgresql")
SECRET = "a secret for measuring"
MAIL_FROM = "crm@fika.example.org"


@dataclass(frozen=True)
class Place:
    """One folder for one run."""

    folder: Path
    quick: bool

    @property
    def rounds(self) -> int:
        """How often each thing is measured."""
        return 2 if self.quick else 5

    @property
    def letters(self) -> int:
        """How many letters a round has."""
        return 200 if self.quick else 2000

    def settings(self, database: str, name: str, smtp_url: str = "smtp://127.0.0.1:9") -> Settings:
        """An installation with empty tables; no letter leaves unless a server is named."""
        data_dir = self.folder / f"{name}_{database}"
        data_dir.mkdir(exist_ok=True)
        if database == SQLITE:
            url = f"sqlite:///{data_dir / 'crm.sqlite3'}"
            once(self.folder, data_dir.name, lambda: schema.lay(url, name))
        else:
            once(self.folder, "postgresql", lambda: postgres.serve(self.folder, postgres.DURABLE))
            url = postgres.database(self.folder, name)
        settings = Settings(data_dir, url, SECRET, base_url="https://fika.example.org", mail_from=MAIL_FROM)
        # Hints to other workers go somewhere; nobody has to listen.
        valkey.start(data_dir, settings.broker_socket)
        return replace(settings, smtp_url=smtp_url)


@contextmanager
def place(*, quick: bool) -> Iterator[Place]:
    """A folder to measure in, gone afterwards with all that was started in it."""
    here = Place(Path(tempfile.mkdtemp(prefix="fika_bench_")), quick)
    tidying = keeper.hire(here.folder)
    try:
        yield here
    finally:
        postgres.drop_all(here.folder)
        keeper.dismiss(tidying)


@contextmanager
def application(settings: Settings) -> Iterator[None]:
    """The small application on an installation, its context open."""
    app = create_core(settings)
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


@contextmanager
def sink() -> Iterator[str]:
    """A mail server that takes everything and keeps nothing: Postfix's where it is there. Its SMTP_URL."""
    port = free_port()
    process = subprocess.Popen([*_sink(), f"127.0.0.1:{port}", "100"], stdin=subprocess.PIPE)
    try:
        _wait_for(port)
        yield f"smtp://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _sink() -> list[str]:
    found = shutil.which("smtp-sink", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/libexec/postfix")
    if found is None:
        return [sys.executable, "-m", "bench.sink"]
    # It refuses to stay root.
    return [found, "-u", "nobody"] if os.geteuid() == 0 else [found]


def _wait_for(port: int) -> None:
    last = time.monotonic() + 10
    while time.monotonic() < last:
        with suppress(OSError), smtplib.SMTP("127.0.0.1", port, timeout=1):
            return
        time.sleep(0.02)
    raise TimeoutError("The mail server did not start.")


class Workers:
    """Worker processes that drain when told to, started and warm before anything is timed."""

    def __init__(self, settings: Settings, count: int) -> None:
        told = environment(settings) | {"SMTP_URL": str(settings.smtp_url), "MAIL_FROM": settings.mail_from}
        told |= {"BASE_URL": settings.base_url, "SECRET_KEY": settings.secret_key}
        command = [sys.executable, "-m", "bench.working"]
        self._processes = [
            subprocess.Popen(command, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(count)
        ]
        for process in self._processes:
            _read(process)

    def work(self, what: str) -> float:
        """Have all of them do it at once until nothing is left; the seconds until the last has done."""
        began = time.perf_counter()
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(f"{what}\n")
            process.stdin.flush()
        for process in self._processes:
            _read(process)
        return time.perf_counter() - began

    def stop(self) -> None:
        """End them."""
        for process in self._processes:
            process.kill()
            process.wait()


@contextmanager
def workers(settings: Settings, count: int) -> Iterator[Workers]:
    """So many worker processes on an installation."""
    found = Workers(settings, count)
    try:
        yield found
    finally:
        found.stop()


def _read(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line:
        raise RuntimeError("A worker ended; what it said stands above.")
    return line
