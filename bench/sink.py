"""A mail server that takes everything and keeps nothing, where Postfix's is not there.

`python -m bench.sink HOST:PORT`; it ends with whoever started it.
"""

from __future__ import annotations

import asyncio
import sys

END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One conversation; commands may come several at once (RFC 2920)."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._buffer, self._in_data = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer every command that is whole, and every letter that has ended."""
        self._buffer += data
        while (mark := END if self._in_data else b"\r\n") in self._buffer:
            line, _, self._buffer = self._buffer.partition(mark)
            self._transport.write(b"250 taken\r\n" if self._in_data else self._answer(line[:4].upper()))
            self._in_data = not self._in_data and line[:4].upper() == b"DATA"

    def _answer(self, verb: bytes) -> bytes:
        if verb == b"EHLO":
            return b"250-sink\r\n250-8BITMIME\r\n250 PIPELINING\r\n"
        return {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 ok\r\n")


async def serve(address: str) -> None:
    """Until our standard input ends."""
    host, _, port = address.rpartition(":")
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, host, int(port))
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
