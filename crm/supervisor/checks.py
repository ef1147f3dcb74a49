"""What has to be so before anything is started, and how it is known that the pages are there."""

from __future__ import annotations

import fcntl
import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from crm.settings import Settings, SettingsError


def port_is_free(host: str, port: int) -> None:
    """Raise SettingsError where another program listens, instead of restarting the server for ever."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise SettingsError(f"HOST: {host!r} is not a name or address of this machine.") from error
    with socket.socket(family) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind(address)
        except OSError as error:
            raise SettingsError(f"PORT: cannot listen on {host}, port {port} ({error.strerror}).") from error


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the data folder: two embedded brokers on the same files would spoil them."""
    file = settings.data_dir / "up.lock"
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SettingsError(f"DATA_DIR: {settings.data_dir} is in use by another 'crm up'.") from error
        yield


def serves(host: str, port: int) -> bool:
    """Whether the web process answers."""
    # Whoever listens everywhere is asked near by.
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    line = http.client.HTTPConnection(near, port, timeout=0.5)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
