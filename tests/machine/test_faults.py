"""Any part may be killed: the health page says so, it comes back, and nothing is lost or left behind."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import psutil
import pytest

from tests.services import live as product
from tests.services.live import Live

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(240)]

#: What the command line of each part holds.
PARTS = {"worker": "workers.app", "scheduler": "workers.clock", "broker": "valkey-server"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The product, all parts of it well."""
    started = product.start(tmp_path_factory.mktemp("faults") / "data")
    _until(lambda: _ready(started), lambda found: found["ok"])
    yield started
    if started.process.poll() is None:
        started.stop()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_killed_is_named_within_a_minute_and_comes_back(running: Live, part: str) -> None:
    _until(lambda: _ready(running), lambda found: found["ok"])
    for process in _processes(running, PARTS[part]):
        process.kill()
    told = _until(lambda: _ready(running), lambda found: not found["ok"] and not found[part]["well"])
    assert told[part]["sentence"]
    _until(lambda: _ready(running), lambda found: found["ok"])


def test_pages_come_back_too(running: Live) -> None:
    for process in _processes(running, "crm.wsgi"):
        process.kill()
    _until(lambda: _ready(running), lambda found: found["ok"])


def test_killing_the_command_leaves_nothing_behind(tmp_path: Path) -> None:
    started = product.start(tmp_path / "data")
    mine = _until(lambda: _tree(started), lambda found: len(found) >= 5)
    os.kill(started.process.pid, signal.SIGKILL)
    started.process.wait()
    _until(lambda: [process for process in mine if _lives(process)], lambda left: not left, seconds=30)


def _ready(live: Live) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"{live.url}/readyz", timeout=5) as answer:
            return dict(json.loads(answer.read()))
    except HTTPError as error:
        return dict(json.loads(error.read()))
    except (URLError, OSError):
        return {"ok": False, **{part: {"well": True} for part in PARTS}}


def _tree(live: Live) -> list[psutil.Process]:
    return list(psutil.Process(live.process.pid).children(recursive=True))


def _processes(live: Live, mark: str) -> list[psutil.Process]:
    """The processes of one part, leaf by leaf: a helper beside the broker dies of its own."""
    found = [process for process in _tree(live) if mark in " ".join(process.cmdline())]
    assert found, mark
    return found[-1:]


def _lives(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def _until(ask: Callable[[], Any], wanted: Callable[[Any], bool], seconds: float = 60.0) -> Any:
    last = time.monotonic() + seconds
    while not wanted(found := ask()):
        assert time.monotonic() < last, found
        time.sleep(0.1)
    return found
