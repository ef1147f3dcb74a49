"""The ground of one run: a folder, the product in it, and foreign programs that end with it."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from tests.services import keeper, live

SEEKER, NAME, ZONE = "ada@seeker.example", "Ada Lovelace", "Europe/Berlin"
PASSWORD = "a long password for looking around"
PATIENCE = 90.0

T = TypeVar("T")


class Product:
    """The product from outside: its commands, its API, its addresses."""

    def __init__(self, running: live.Live) -> None:
        account = ("user", "add", SEEKER, "--name", NAME, "--timezone", ZONE, "--password-stdin")
        running.crm(*account, text=f"{PASSWORD}\n")
        self._token = running.crm("token", "add", SEEKER)
        self.url = running.url

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the API; what it answers. Fails where that is a refusal."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"{self.url}/api/v1{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refusal:
            raise AssertionError(f"{method} {path}: {refusal.code} {refusal.read().decode()}") from refusal
        return json.loads(text) if text else None

    def get(self, path: str) -> Any:
        """Read."""
        return self.call("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        """Make or do."""
        return self.call("POST", path, {} if body is None else body)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for one run, gone afterwards with all that was started in it."""
    made = Path(tempfile.mkdtemp(prefix="fika_interop_"))
    # Mail servers give up their rights and still have to find their own folders in it.
    made.chmod(0o711)
    tidying = keeper.hire(made)
    try:
        yield made
    finally:
        keeper.dismiss(tidying)


@contextmanager
def product(home: Path, **variables: str) -> Iterator[Product]:
    """The whole product on data of its own."""
    running = live.start(home, **variables)
    try:
        yield Product(running)
    finally:
        running.stop()
        (home / "up.pid").unlink()


@contextmanager
def beside(
    home: Path, name: str, command: Sequence[str], env: Mapping[str, str], *, outlets: Sequence[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """A foreign program that runs in the background; what it says goes into NAME.log in its folder."""
    number = home / f"{name}.pid"
    with (home / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=env, cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=outlets
        )
    number.write_text(str(process.pid))
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        number.unlink()


def said(command: Sequence[str], env: Mapping[str, str], *, patience: float = PATIENCE) -> str:
    """What a foreign program prints. Fails with its complaint where it does not end well."""
    nothing = subprocess.DEVNULL
    done = subprocess.run(
        command, env=env, stdin=nothing, text=True, capture_output=True, check=False, timeout=patience
    )
    assert done.returncode == 0, f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr[-800:]}"
    return done.stdout


def until(look: Callable[[], T], what: str, *, patience: float = PATIENCE) -> T:
    """What somebody sees once there is something to be seen. Fails where nothing comes."""
    last = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < last, f"{what} did not come within {patience:.0f} s"
        time.sleep(0.2)
    return found
