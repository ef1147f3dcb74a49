"""A real Chromium, and the running product for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.services import live as product
from tests.services import run
from tests.services.live import Live
from tests.services.smtp import SmtpServer

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
#: Nothing of its own shall go out, and nothing shall depend on the machine's graphics.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = "no Chromium here (on Debian and Ubuntu: apt install chromium)"


def chromium() -> str | None:
    """The browser's program, None where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (MAC if os.path.exists(MAC) else None)  # noqa: PTH110 (one question, one answer)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the tests that need a browser where there is none."""
    if chromium():
        return
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's browser instead of one that would have to be downloaded."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": list(FLAGS)}


@pytest.fixture(scope="session")
def live_of_session(smtp_of_session: SmtpServer) -> Iterator[Live]:
    """The whole product, started once a process."""
    folder = run.folder() / os.environ.get("PYTEST_XDIST_WORKER", "main") / "live"
    started = product.start(folder, SMTP_URL=smtp_of_session.url, SIGN_UP="open")
    yield started
    started.stop()


@pytest.fixture
def live(live_of_session: Live, smtp_server: SmtpServer) -> Live:
    """The running product, with a mail server that has taken nothing yet; its data stay from test to test."""
    return live_of_session
