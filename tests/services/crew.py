"""Worker processes that start quickly: forked from one that has loaded the program already.

They run Celery's own command with the Procfile's options; only the time of loading is saved, since a great
many of them are killed.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import psutil

OPTIONS = "--quiet -A workers.app worker --pool threads --without-gossip --without-mingle --without-heartbeat"
#: Neither the configuration, which reads the environment, nor what asks for the number of its process.
LOADED = ("celery.bin.celery", "celery.apps.worker", "celery.concurrency.thread", "kombu.transport.redis")
OURS = ("crm.core", "workers.app", "workers.mail", "workers.reminders", "tests.services.crew")

forking = get_context("forkserver")
forking.set_forkserver_preload([*LOADED, *OURS])


class Worker:
    """One worker, and what may happen to it."""

    def __init__(self, environment: Mapping[str, str], *, threads: int) -> None:
        self._process: ForkServerProcess = forking.Process(target=_work, args=(dict(environment), threads))
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is tidied up."""
        self._process.kill()
        self._process.join(20)

    def freeze(self) -> None:
        """SIGSTOP: it sleeps in the middle of whatever it does."""
        os.kill(self.pid, signal.SIGSTOP)
        # Its threads go on until the first of them has been told, and a busy machine takes its time for that.
        last = time.monotonic() + 10
        while psutil.Process(self.pid).status() != psutil.STATUS_STOPPED:
            assert time.monotonic() < last, "it does not fall asleep"
            time.sleep(0.001)

    def thaw(self) -> None:
        """SIGCONT: it goes on as if no time had passed."""
        os.kill(self.pid, signal.SIGCONT)

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()


@contextmanager
def worker(folder: Path, environment: Mapping[str, str], *, threads: int = 1) -> Iterator[Worker]:
    """A worker, killed at the end at the latest; its number in the folder is for the keeper."""
    started = Worker(environment, threads=threads)
    number = folder / f"worker-{started.pid}.pid"
    number.write_text(str(started.pid))
    try:
        yield started
    finally:
        started.kill()
        number.unlink()


def _work(environment: dict[str, str], threads: int) -> None:
    os.environ.clear()
    os.environ.update(environment)
    from celery.bin.celery import celery  # loaded long ago, by the process that this one was forked from

    celery([*OPTIONS.split(), "--concurrency", str(threads), "--loglevel", "WARNING"])
