"""Where a mail server stops, and how the test that asked for it has it go on."""

from __future__ import annotations

import asyncio
import threading
from enum import StrEnum

PATIENCE = 30.0


class Step(StrEnum):
    """Where the server may stop: what it was just told, before it answers."""

    CONNECT = "connect"
    EHLO = "EHLO"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    #: A part of the letter is read, and no more.
    BODY = "body"
    #: The letter is there to its last dot.
    DOT = "dot"


class Stop:
    """One stop, once: the test hears that it was reached, and says how it goes on."""

    def __init__(self, step: Step, to: str | None) -> None:
        self.step, self.to = step, to
        self._reached, self._left = threading.Event(), threading.Event()
        self._go_on: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_cut = False

    @property
    def is_reached(self) -> bool:
        """Whether the server stands there."""
        return self._reached.is_set()

    def wait(self, seconds: float = PATIENCE) -> None:
        """Until the server stands there."""
        assert self._reached.wait(seconds), f"nobody came to {self.step} within {seconds} s"

    def go_on(self) -> None:
        """Answer, and wait until the answer is on its way."""
        assert self._loop is not None
        assert self._go_on is not None
        self._loop.call_soon_threadsafe(self._go_on.set)
        assert self._left.wait(PATIENCE)

    def cut(self) -> None:
        """Cut the connection instead of answering."""
        self._is_cut = True
        self.go_on()

    async def hold(self) -> None:
        """The server's side: stand still until told."""
        self._loop, self._go_on = asyncio.get_running_loop(), asyncio.Event()
        self._reached.set()
        try:
            await self._go_on.wait()
            if self._is_cut:
                raise ConnectionAbortedError
        except BaseException:
            self._left.set()
            raise

    def left(self) -> None:
        """The server's side: what comes after the stop is done."""
        self._left.set()
