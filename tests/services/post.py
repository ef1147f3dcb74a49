"""A mail server that can stop at any step of a conversation, and counts what it took by Message-ID."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.services.imap import ImapServer
from tests.services.listening import Listener
from tests.services.stops import Step, Stop

END = b"\r\n.\r\n"
JOURNAL = "journal@fika.example"


@dataclass
class Envelope:
    """What one transaction has told so far."""

    recipients: list[str] = field(default_factory=list)


class Ear:
    """What a client says: what was read too far can be given back."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader, self._kept = reader, bytearray()

    def give_back(self, words: bytes) -> None:
        """To be read next, behind what was given back before."""
        self._kept += words

    async def read(self, most: int, *, fresh: bool = False) -> bytes:
        """Some bytes; none at the end. Only what nobody has read yet, where it has to be `fresh`."""
        if fresh or not self._kept:
            return await self._reader.read(most)
        piece, self._kept = bytes(self._kept), bytearray()
        return piece

    async def readline(self) -> bytes:
        """A line."""
        while b"\n" not in self._kept:
            piece = await self._reader.readline()
            self._kept += piece
            if not piece:
                break
        line, mark, rest = bytes(self._kept).partition(b"\n")
        self._kept = bytearray(rest)
        return line + mark


@dataclass
class Post:
    """The server under test.

    `answers` maps a step to another answer than the usual one; "RCPT ada@example.com" names the address too.
    """

    #: Gets a copy of what is sent to JOURNAL too.
    journal: ImapServer = field(default_factory=ImapServer)
    answers: dict[str, str] = field(default_factory=dict)
    #: How long each letter takes, in seconds.
    delay: float = 0.0
    #: How long the journal's copy takes, in seconds.
    copy_delay: float = 0.0
    #: RFC 1047: whoever has the dot has the letter, even where nobody is left to hear 250.
    keeps_unheard: bool = True
    #: Asked before each answer: None for the usual one, a line instead of it, "" to cut the connection.
    mood: Callable[[Step, str], str | None] | None = None
    #: By Message-ID: how often it was delivered to its reader, and how often copied to the journal.
    delivered: Counter[str] = field(default_factory=Counter)
    copied: Counter[str] = field(default_factory=Counter)
    #: By address.
    received: Counter[str] = field(default_factory=Counter)
    #: How often each command came, and how many letters broke off before their dot.
    heard: Counter[str] = field(default_factory=Counter)
    torn: int = 0

    def __post_init__(self) -> None:
        self.stops: list[Stop] = []
        self.listener = Listener(self._talk)

    @property
    def url(self) -> str:
        """For SMTP_URL."""
        return f"smtp://127.0.0.1:{self.listener.port}"

    def stop_at(self, step: Step, to: str | None = None) -> Stop:
        """Stop there the next time, with a letter to that address only where one is given."""
        stop = Stop(step, to)
        self.stops.append(stop)
        return stop

    def stop(self) -> None:
        """The end of the server and its journal."""
        self.listener.stop()
        self.journal.listener.stop()

    def forget(self) -> None:
        """Back to an empty server that takes everything."""
        self.listener.cut()
        self.stops.clear()
        self.journal.forget()
        for counted in (self.answers, self.delivered, self.copied, self.received, self.heard):
            counted.clear()
        self.delay = self.copy_delay = 0.0
        self.keeps_unheard, self.mood, self.torn = True, None, 0

    async def _talk(self, stream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reader, envelope = Ear(stream), Envelope()
        await self._answer(writer, Step.CONNECT, "", "220 fika.test")
        while line := (await reader.readline()).decode().strip():
            word = line.partition(" ")[0].upper()
            self.heard[word] += 1
            if word in ("EHLO", "HELO"):
                await self._answer(writer, Step.EHLO, "", "250-fika.test\r\n250-8BITMIME\r\n250 PIPELINING")
            elif word in ("MAIL", "RSET"):
                envelope = Envelope()
                await self._answer(writer, Step.MAIL if word == "MAIL" else None, "", "250 OK")
            elif word == "RCPT":
                await self._recipient(writer, envelope, _address(line))
            elif word == "DATA":
                await self._letter(reader, writer, envelope)
            elif word == "QUIT":
                await self._answer(writer, None, "", "221 goodbye")
                return
            else:
                await self._answer(writer, None, "", "250 OK" if word == "NOOP" else "502 not here")

    async def _recipient(self, writer: asyncio.StreamWriter, envelope: Envelope, address: str) -> None:
        if await self._answer(writer, Step.RCPT, address, "250 OK"):
            envelope.recipients.append(address)

    async def _letter(self, reader: Ear, writer: asyncio.StreamWriter, envelope: Envelope) -> None:
        to = envelope.recipients[0] if envelope.recipients else ""
        if not to:
            await self._answer(writer, None, "", "503 to whom?")
            return
        if not await self._answer(writer, Step.DATA, to, "354 go on"):
            return
        raw = await self._body(reader, to)
        await asyncio.sleep(self.delay)
        await self._taken(reader, writer, envelope, raw)

    async def _taken(self, reader: Ear, writer: asyncio.StreamWriter, envelope: Envelope, raw: bytes) -> None:
        """The dot was read: refuse the letter, or take it, whether or not the answer reaches anybody."""
        answer = self._says(Step.DOT, envelope.recipients[0])
        if answer:
            await self._write(writer, answer)
            return
        if self.keeps_unheard:
            self._take(raw, envelope)
        heard = answer is None
        stop = self._stop(Step.DOT, envelope.recipients[0])
        if stop:
            await stop.hold()
            heard = heard and not await _is_gone(reader)
        if heard and not self.keeps_unheard:
            self._take(raw, envelope)
        try:
            await self._write(writer, "250 taken" if heard else "")
        finally:
            if stop:
                stop.left()

    async def _body(self, reader: Ear, to: str) -> bytes:
        """The letter as it was before dots were doubled."""
        read = bytearray(b"\r\n")
        while END not in read[-(1 << 16) - len(END) :]:
            piece = await reader.read(1 << 16)
            if not piece:
                self.torn += 1
                raise ConnectionAbortedError
            read += piece
            if stop := self._stop(Step.BODY, to):
                await stop.hold()
                stop.left()
        letter, _, behind = bytes(read[2:]).partition(END)
        reader.give_back(behind)
        return letter.replace(b"\r\n..", b"\r\n.") + b"\r\n"

    def _take(self, raw: bytes, envelope: Envelope) -> None:
        found = re.search(rb"^message-id:\s*(<[^>]*>)", raw, re.IGNORECASE | re.MULTILINE)
        assert found, "every letter has a Message-ID"
        message_id = found[1].decode()
        for address in envelope.recipients:
            if address == JOURNAL:
                self.copied[message_id] += 1
                self.journal.keep(raw, after=self.copy_delay)
            else:
                self.delivered[message_id] += 1
                self.received[address] += 1

    async def _answer(self, writer: asyncio.StreamWriter, step: Step | None, to: str, usual: str) -> bool:
        """Stop where that was wished, then answer; whether it was the usual answer."""
        stop = self._stop(step, to) if step else None
        if stop:
            await stop.hold()
        other = self._says(step, to) if step else None
        try:
            await self._write(writer, usual if other is None else other)
        finally:
            if stop:
                stop.left()
        return other is None

    async def _write(self, writer: asyncio.StreamWriter, line: str) -> None:
        if not line:
            raise ConnectionAbortedError
        writer.write(f"{line}\r\n".encode())
        await writer.drain()

    def _says(self, step: Step, to: str) -> str | None:
        told = self.answers.get(f"{step} {to}", self.answers.get(step))
        return self.mood(step, to) if told is None and self.mood else told

    def _stop(self, step: Step, to: str) -> Stop | None:
        for stop in self.stops:
            if stop.step is step and stop.to in (None, to):
                self.stops.remove(stop)
                return stop
        return None


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


async def _is_gone(reader: Ear) -> bool:
    """Whether the client's end of the line is closed, behind whatever it said before."""
    try:
        while piece := await asyncio.wait_for(reader.read(1 << 16, fresh=True), 0.05):
            reader.give_back(piece)
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True
