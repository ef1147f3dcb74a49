"""An asyncio server on a thread of this process: what our own mail servers stand on."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
#: Bytes that are taken in before they are wanted; few, so that a client notices where nobody reads.
AHEAD = 1 << 16


class Listener:
    """Listens on a free port of this machine, and holds one conversation a connection."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._conversations: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.open()

    def open(self) -> None:
        """Listen; after `close` on the same port again."""
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, AHEAD)
        line.bind(("127.0.0.1", self.port))
        self.port = int(line.getsockname()[1])
        self._server = asyncio.run_coroutine_threadsafe(self._listen(line), self.loop).result(10)

    def close(self) -> None:
        """Refuse connections, and cut the ones that are there."""
        asyncio.run_coroutine_threadsafe(self._cut(refuse=True), self.loop).result(10)

    def cut(self) -> None:
        """Cut every connection that is there; new ones are welcome."""
        asyncio.run_coroutine_threadsafe(self._cut(refuse=False), self.loop).result(10)

    def stop(self) -> None:
        """The end."""
        self.close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    @property
    def is_busy(self) -> bool:
        """Whether somebody is connected."""
        return bool(self._conversations)

    def settle(self, seconds: float = 10.0) -> None:
        """Wait until nobody is connected any more."""
        last = time.monotonic() + seconds
        while self.is_busy:
            assert time.monotonic() < last, f"still connected after {seconds} s"
            time.sleep(0.005)

    async def _listen(self, line: socket.socket) -> asyncio.Server:
        return await asyncio.start_server(self._meet, sock=line, limit=AHEAD)

    async def _cut(self, *, refuse: bool) -> None:
        if refuse and self._server is not None:
            self._server.close()
            self._server = None
        going = list(self._conversations)
        for conversation in going:
            conversation.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # In a task of our own: the library would print a conversation that we cut.
        conversation = asyncio.ensure_future(self._converse(reader, writer))
        self._conversations.add(conversation)
        conversation.add_done_callback(self._conversations.discard)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # A client that dies in the middle is what these servers are there for.
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._talk(reader, writer)
        finally:
            writer.transport.abort()
