"""Real processes, really killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from crm import broker
from crm.deaths import deaths
from crm.settings import Settings
from tests.services.run import free_port

STAND_IN = "tests.machine.stand_in"
PROCFILE = f"""\
# Lines like this one say nothing.
release: {STAND_IN}_release
web: {STAND_IN} web children
worker: {STAND_IN} worker
beat: {STAND_IN} beat
"""
COMMAND = """
import sys
from pathlib import Path
from crm import supervisor
from crm.settings import Settings, SettingsError
try:
    sys.exit(supervisor.up(Settings.read(), Path(sys.argv[1])))
except SettingsError as error:
    sys.exit(str(error))
"""


class Up:
    """A supervisor over processes that stand in for ours, and the real broker."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        procfile, self.log = folder / "Procfile", folder / "log"
        procfile.write_text(PROCFILE.replace(f"{STAND_IN}_release", "platform"))
        environment = {**os.environ, "DATA_DIR": str(folder), "PORT": str(port)}
        with self.log.open("ab") as log:
            command = [sys.executable, "-c", COMMAND, str(procfile)]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def said(self, words: str) -> bool:
        return words in self.log.read_text()

    def number(self, name: str) -> int:
        return int((self.folder / f"{name}.number").read_text())

    def broker_number(self) -> int:
        found: int
        (found,) = [process.pid for process in self.processes() if process.name() == "valkey-server"]
        return found

    def processes(self) -> list[psutil.Process]:
        """Whatever runs on our data folder."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            # The broker overwrites its environment with a title that names its socket.
            title = " ".join(process.cmdline())
            return str(self.folder / "run") in title or process.environ().get("DATA_DIR") == str(self.folder)
        return False


def until(done: Callable[[], bool], seconds: float = 15) -> None:
    last = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < last, "it did not come to pass"
        time.sleep(0.05)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    started = Up(tmp_path, free_port())
    until(lambda: started.said("Fika is ready: http://localhost:"))
    until(lambda: (tmp_path / "web-child.number").exists() and (tmp_path / "beat.number").exists())
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait()
    until(lambda: started.processes() == [])


def test_nothing_outlives_a_supervisor_that_is_killed(up: Up) -> None:
    assert len(up.processes()) >= 7
    up.process.kill()
    up.process.wait()
    until(lambda: up.processes() == [], seconds=8)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_of_it_cleanly(up: Up, number: signal.Signals) -> None:
    up.process.send_signal(number)
    assert up.process.wait(timeout=20) == 0
    assert up.processes() == []
    assert deaths(up.folder) == {}


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_process_that_dies_is_started_again_and_its_death_is_noted(up: Up, name: str) -> None:
    first, before = up.number(name), datetime.now(UTC)
    os.kill(first, signal.SIGKILL)
    until(lambda: up.number(name) != first)
    assert up.said(f"{name} stopped by itself (signal SIGKILL)")
    assert list(deaths(up.folder)) == [name]
    assert timedelta(0) <= deaths(up.folder)[name] - before < timedelta(seconds=10)


def test_children_of_a_killed_server_go_with_it(up: Up) -> None:
    first = up.number("web-child")
    os.kill(up.number("web"), signal.SIGKILL)
    until(lambda: up.number("web-child") != first)
    assert first not in [process.pid for process in up.processes()]


def test_the_broker_comes_back_with_what_it_held(up: Up) -> None:
    socket = Settings.read({"DATA_DIR": str(up.folder)}).broker_socket
    first = up.broker_number()
    os.kill(first, signal.SIGKILL)
    until(lambda: up.said("broker stopped by itself"))
    until(lambda: broker.answers(socket))
    assert up.broker_number() != first


def test_a_second_one_on_the_same_data_is_turned_away(up: Up) -> None:
    second = Up(up.folder, free_port())
    assert second.process.wait(timeout=10) == 1
    assert up.said(f"DATA_DIR: {up.folder} is in use by another 'crm up'.")


def test_a_port_that_is_taken_is_said_at_once(up: Up, tmp_path_factory: pytest.TempPathFactory) -> None:
    address = re.search(r"localhost:(\d+)", up.log.read_text())
    assert address
    second = Up(tmp_path_factory.mktemp("second"), int(address.group(1)))
    assert second.process.wait(timeout=10) == 1
    assert second.said("PORT: cannot listen on 127.0.0.1")
