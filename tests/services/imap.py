"""A small real IMAP server over one mailbox: it tells what arrived (RFC 3501, 2177)."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import Message

from tests.services.listening import Listener

USER, PASSWORD = "journal", "a password"
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s()]+)|([()])')


@dataclass
class Kept:
    """A letter in the mailbox, and from when on it can be found (`time.monotonic`)."""

    uid: int
    raw: bytes
    from_then: float = 0.0
    #: when the server got it; None: just now
    came: datetime | None = None

    @property
    def headers(self) -> Message:
        """The letter, parsed."""
        return message_from_bytes(self.raw)


@dataclass
class ImapServer:
    """The mailbox under test.

    `answers` maps a command (LOGIN, SELECT, SEARCH) to the answer instead of OK, "NO no such user" for one.
    `silent` holds commands that get no answer at all.
    """

    letters: list[Kept] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    #: every command as it came, without its tag
    heard: list[str] = field(default_factory=list)
    #: UIDVALIDITY: with another one all numbers are new
    validity: int = 1
    #: whether it tells when mail comes
    idles: bool = False
    #: whether somebody waits to be told
    is_listened_to: bool = False

    def __post_init__(self) -> None:
        self.listener = Listener(self._talk)

    @property
    def url(self) -> str:
        """For MAIL_JOURNAL_IMAP."""
        return f"imap://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.listener.port}/INBOX"

    def keep(self, raw: bytes, *, after: float = 0.0, came: datetime | None = None) -> None:
        """Put a letter into the mailbox, where it is found after so many seconds."""
        uid = max((letter.uid for letter in self.letters), default=0) + 1
        self.letters.append(Kept(uid, raw, time.monotonic() + after if after else 0.0, came))

    def forget(self) -> None:
        """Back to an empty mailbox that answers everything."""
        self.letters.clear()
        self.answers.clear()
        self.silent.clear()
        self.heard.clear()
        self.validity, self.idles, self.is_listened_to = 1, False, False

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        signed_in, selected = False, False
        while line := await reader.readline():
            tag, _, command = (await self._whole(line, reader, writer)).partition(" ")
            self.heard.append(command)
            word = re.sub(r"^UID ", "", command.upper()).partition(" ")[0]
            if word in self.silent:
                await asyncio.sleep(3600)
            if word == "IDLE" and self.idles and selected:
                await self._idle(tag, reader, writer)
                continue
            if word == "FETCH" and selected and word not in self.answers:
                writer.write(self._fetch(command) + f"{tag} OK fetched\r\n".encode())
                await writer.drain()
                continue
            allowed = word in ("CAPABILITY", "NOOP", "LOGOUT", "LOGIN") or (
                selected if word in ("SEARCH", "FETCH", "CLOSE") else signed_in
            )
            lines, answer = self._answer(word, command) if allowed else ([], "BAD not now")
            signed_in = signed_in or (word == "LOGIN" and answer.startswith("OK"))
            selected = selected or (word in ("SELECT", "EXAMINE") and answer.startswith("OK"))
            writer.write("".join(f"* {each}\r\n" for each in lines).encode() + f"{tag} {answer}\r\n".encode())
            await writer.drain()
            if word == "LOGOUT":
                return

    async def _idle(self, tag: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Tell when something has come, until the client has heard enough."""
        known = len(self._there())
        writer.write(b"+ idling\r\n")
        self.is_listened_to = True
        done = asyncio.ensure_future(reader.readline())
        while not done.done():
            if len(self._there()) != known:
                known = len(self._there())
                writer.write(f"* {known} EXISTS\r\n".encode())
                await writer.drain()
            await asyncio.wait([done], timeout=0.02)
        if done.result():
            writer.write(f"{tag} OK done\r\n".encode())

    def _fetch(self, command: str) -> bytes:
        """Size or bytes of one message, of which a piece may be asked for; nothing of one that is gone."""
        words = command.split(" ")
        (uid,) = [int(word) for word in words if word.isdigit()]
        for number, letter in enumerate(self._there(), start=1):
            if letter.uid == uid and "RFC822.SIZE" in command:
                return f"* {number} FETCH (UID {uid} RFC822.SIZE {len(letter.raw)})\r\n".encode()
            if letter.uid == uid:
                piece = re.search(r"<0\.(\d+)>", command)
                raw = letter.raw[: int(piece[1])] if piece else letter.raw
                mark = "<0>" if piece else ""
                head = f"* {number} FETCH (UID {uid} BODY[]{mark} {{{len(raw)}}}\r\n"
                return head.encode() + raw + b")\r\n"
        return b""

    async def _whole(self, line: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        """The command with its literals in it, quoted."""
        text = line.rstrip(b"\r\n").decode()
        while found := re.search(r"\{(\d+)\+?\}$", text):
            writer.write(b"+ go on\r\n")
            literal = (await reader.readexactly(int(found[1]))).decode()
            quoted = literal.replace("\\", "\\\\").replace('"', '\\"')
            text = text[: found.start()] + f'"{quoted}"' + (await reader.readline()).rstrip(b"\r\n").decode()
        return text

    def _answer(self, word: str, command: str) -> tuple[list[str], str]:
        """The untagged lines and the last one."""
        if word in self.answers:
            return [], self.answers[word]
        words = _tokens(command)
        if word == "CAPABILITY":
            return [f"CAPABILITY IMAP4rev1{' IDLE' if self.idles else ''}"], "OK done"
        if word == "LOGIN":
            return [], "OK welcome" if words[1:] == [USER, PASSWORD] else "NO [AUTHENTICATIONFAILED] not you"
        if word in ("SELECT", "EXAMINE"):
            count = f"{len(self._there())} EXISTS"
            following = max((letter.uid for letter in self._there()), default=0) + 1
            told = [f"OK [UIDVALIDITY {self.validity}] valid", f"OK [UIDNEXT {following}] next"]
            return [count, *told], "OK [READ-ONLY] done" if words[1:] == [
                "INBOX"
            ] else "NO [NONEXISTENT] no such mailbox"
        if word == "SEARCH":
            return [self._search(words[words.index(_first(words, "SEARCH")) + 1 :])], "OK found"
        if word == "LOGOUT":
            return ["BYE until then"], "OK done"
        return [], "OK done" if word in ("NOOP", "CLOSE") else "BAD unknown"

    def _search(self, keys: list[str]) -> str:
        if keys and keys[0].upper() == "CHARSET":
            keys = keys[2:]
        found = self._there()
        while keys:
            matching, keys = _key(keys, self._there())
            found = [letter for letter in found if letter in matching]
        return " ".join(["SEARCH", *(str(letter.uid) for letter in found)])

    def _there(self) -> list[Kept]:
        return [letter for letter in list(self.letters) if letter.from_then <= time.monotonic()]


def start() -> ImapServer:
    """A server on a free port of this machine; `listener.stop()` ends it."""
    return ImapServer()


def _tokens(command: str) -> list[str]:
    """Words, quoted texts and brackets of a command."""
    found = TOKEN.finditer(command)
    return [re.sub(r"\\(.)", r"\1", each[1]) if each[1] is not None else each[0] for each in found]


def _first(words: list[str], wanted: str) -> str:
    return next(word for word in words if word.upper() == wanted)


def _key(keys: list[str], letters: list[Kept]) -> tuple[list[Kept], list[str]]:
    """The letters that the first search key matches, and the keys after it."""
    name = keys[0].upper()
    if name == "HEADER":
        return [letter for letter in letters if _has(letter, keys[1], keys[2])], keys[3:]
    if name == "OR":
        one, rest = _key(keys[1:], letters)
        other, rest = _key(rest, letters)
        return [letter for letter in letters if letter in one or letter in other], rest
    if name in ("SINCE", "SENTSINCE"):
        day = datetime.strptime(keys[1] + " +0000", "%d-%b-%Y %z").date()
        return [letter for letter in letters if letter.came is None or letter.came.date() >= day], keys[2:]
    if name == "UID":
        first = int(keys[1].partition(":")[0])
        # RFC 3501 §6.4.8: "n:*" names the last message even where there is nothing from n on.
        return [letter for letter in letters if letter.uid >= first] or letters[-1:], keys[2:]
    assert name == "ALL", f"this server does not know the search key {keys[0]}"
    return letters, keys[1:]


def _has(letter: Kept, header: str, part: str) -> bool:
    """RFC 3501 §6.4.4: the field holds the text somewhere, in whatever case."""
    return any(part.casefold() in str(value).casefold() for value in letter.headers.get_all(header, []))
