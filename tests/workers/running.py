"""Real worker processes on the pair of a test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from celery import Celery

from crm.broker import TRANSPORT
from crm.settings import Settings

PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "TZ")
COMMAND = ("celery", "--quiet", "-A", "workers.app", "worker", "--pool", "threads", "--concurrency", "2")
BEAT = ("celery", "--quiet", "-A", "workers.clock", "beat", "--loglevel", "WARNING")
ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")


def environment(settings: Settings) -> dict[str, str]:
    """What a process has to be told to work on this pair."""
    kept = {name: value for name, value in os.environ.items() if name in PASSED_ON}
    told = {"DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database_url}
    if settings.redis_url:
        told["REDIS_URL"] = settings.redis_url
    return {**kept, **told}


@contextmanager
def worker(settings: Settings, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as the Procfile starts it; killed at the end. `more` is put into its environment."""
    with _running(settings, "worker", (*COMMAND, *ALONE), more) as process:
        yield process


@contextmanager
def scheduler(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The scheduler as the Procfile starts it; killed at the end."""
    with _running(settings, "beat", BEAT, {}) as process:
        yield process


@contextmanager
def _running(
    settings: Settings, name: str, words: tuple[str, ...], more: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", *words], env={**environment(settings), **more})
    number = settings.data_dir / f"{name}-{process.pid}.pid"
    number.write_text(str(process.pid))
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=20)
        number.unlink()


def tick(settings: Settings, task: str) -> None:
    """What the scheduler sends."""
    with Celery("tick", broker=settings.broker_url, set_as_current=False) as sender:
        sender.conf.update(broker_transport_options=TRANSPORT, task_ignore_result=True)
        sender.send_task(f"workers.{task}", expires=30)
