"""The processes as a whole: their order, what happens when one dies, and their end."""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from crm import broker, deaths, lifeline
from crm.settings import Settings, passed_on
from crm.supervisor import checks
from crm.supervisor import procfile as entries
from crm.supervisor.child import Child
from crm.supervisor.procfile import Entry

SERVICES = ("web", "worker", "beat")
TICK = 0.1
#: how long the pages have the machine to themselves
FIRST_SECONDS = 5.0
BROKER_SECONDS = 30.0
#: how long processes may take to finish what they have in hand, in seconds
STOP_SECONDS = 12.0


class Tree:
    """Everything of one `crm up`. Single-threaded: Linux ties a death signal to the thread that forked."""

    def __init__(self, settings: Settings, procfile: Path) -> None:
        self._settings = settings
        self._environment = passed_on(settings)
        self._entries = entries.read(procfile, self._environment)
        # Nobody else ever gets the writing end: it closes with this process, however that dies.
        self._lifeline, self._held = os.pipe()
        self._outputs = selectors.DefaultSelector()
        self._children: list[Child] = []
        self._signals = 0
        self._announced = False

    def run(self) -> int:
        """Broker, release, services; then watch until told to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_signal)
        try:
            return self._start() or self._keep()
        finally:
            self._stop()
            os.close(self._held)

    def _start(self) -> int:
        """Start all in order; not 0 where the release step failed or nobody wants us any more."""
        if self._settings.redis_url is None and not self._start_broker():
            return 1
        status = self._release()
        if status == 0 and not self._signals:
            self._start_services()
        return status

    def _start_services(self) -> None:
        """The pages first, with the whole machine: somebody waits for them, and nobody for the others."""
        first, *others = SERVICES
        self._begin(self._entries[first])
        self._until(lambda: checks.serves(self._settings.host, self._settings.port), FIRST_SECONDS)
        for name in others:
            self._begin(self._entries[name])

    def _start_broker(self) -> bool:
        """Start the embedded broker and wait until it answers: it may have much to load."""
        entry = entries.program("broker", broker.command(self._settings), lifeline_file())
        child = self._begin(entry)
        socket = self._settings.broker_socket
        self._until(lambda: child.status is not None or broker.answers(socket), BROKER_SECONDS)
        if not broker.answers(socket):
            self._say(
                "crm", f"The embedded broker did not start; {broker.log_file(self._settings)} says why."
            )
        return broker.answers(socket)

    def _release(self) -> int:
        """Bring the database up to date, before anything reads it."""
        child = self._begin(self._entries["release"])
        self._until(lambda: child.status is not None)
        self._children.remove(child)
        if child.status is None:
            child.ask_to_end()
        return self._clear(child)

    def _begin(self, entry: Entry) -> Child:
        """Put a process under our care."""
        child = Child(entry, self._environment, self._lifeline)
        self._children.append(child)
        self._begin_again(child)
        return child

    def _begin_again(self, child: Child) -> None:
        """Start it and listen to it."""
        child.start()
        self._outputs.register(child.output, selectors.EVENT_READ, child)

    def _keep(self) -> int:
        """Restart what dies, until a signal comes."""
        while not self._signals:
            self._turn()
            for child in self._children:
                self._look_after(child)
            if not self._announced:
                self._announce()
        return 0

    def _look_after(self, child: Child) -> None:
        """Note a death and plan the restart; start again when its time has come."""
        if child.running and child.status is not None:
            deaths.note(self._settings.data_dir, child.name, datetime.now(UTC))
            status = self._clear(child)
            self._say("crm", f"{child.name} stopped by itself ({_why(status)}); it is started again.")
            child.plan_restart()
        if not child.running and time.monotonic() >= child.start_at:
            self._begin_again(child)

    def _announce(self) -> None:
        """Say where the pages are, once they are there."""
        if checks.serves(self._settings.host, self._settings.port):
            self._announced = True
            self._say("crm", f"Fika is ready: {self._settings.base_url} (Ctrl-C stops it)")

    def _stop(self) -> None:
        """End the services in reverse order, and the broker after them."""
        brokers = [child for child in self._children if child.name == "broker"]
        self._end([child for child in reversed(self._children) if child not in brokers])
        self._end(brokers)

    def _end(self, group: list[Child]) -> None:
        """Ask, wait, and kill what is left; a second Ctrl-C waits no longer."""
        running = [child for child in group if child.running]
        for child in running:
            child.ask_to_end()
        patience, last = self._signals, time.monotonic() + STOP_SECONDS
        while any(child.status is None for child in running) and time.monotonic() < last:
            if self._signals > patience:
                break
            self._turn()
        for child in running:
            self._clear(child)

    def _clear(self, child: Child) -> int:
        """Print what it said last, and take it away."""
        self._repeat(child)
        self._outputs.unregister(child.output)
        return child.clear()

    def _until(self, done: Callable[[], bool], seconds: float = float("inf")) -> None:
        """Keep printing until something is so, a signal comes, or the time is over."""
        last = time.monotonic() + seconds
        while not done() and not self._signals and time.monotonic() < last:
            self._turn(TICK / 5)

    def _turn(self, seconds: float = TICK) -> None:
        """Wait a moment for words of the processes, and print them."""
        for key, _ in self._outputs.select(seconds):
            self._repeat(key.data)

    def _repeat(self, child: Child) -> None:
        """Print its lines under its name."""
        for line in child.said():
            self._say(child.name, line)

    def _say(self, name: str, line: str) -> None:
        """One line of output; a closed terminal must not end the processes."""
        with suppress(OSError):
            print(f"{name:<7}| {line}", flush=True)

    def _note_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Remember that somebody wants us to stop; the loops look at it."""
        self._signals += 1


def lifeline_file() -> Path:
    """The lifeline as a file, for an interpreter that finds no packages."""
    return Path(lifeline.__file__)


def _why(status: int) -> str:
    """How a process ended."""
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
