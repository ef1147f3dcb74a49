"""IMAP: a mailbox that is asked what it holds and what is new in it, and never changed (RFC 3501)."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from crm.settings import ImapTarget

#: Seconds that one answer may take.
TIMEOUT = 30.0
#: Of a message that is too large so much is read: its head, and most likely its text.
BEGINNING = 1024 * 1024
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
#: Months as IMAP writes them, whatever language the machine speaks.
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Unreachable(Exception):
    """The mailbox could not be asked, in the server's own words or the network's."""


class Mailbox:
    """A mailbox open for reading; a context."""

    def __init__(self, target: ImapTarget) -> None:
        self._target = target
        self._imap: imaplib.IMAP4 | None = None
        #: UIDVALIDITY: with another one all numbers are new.
        self.validity = 0
        #: The last number that was given when the mailbox was opened; None where the server does not say.
        self.newest: int | None = None

    def __enter__(self) -> Self:
        """Connect, sign in and open the mailbox. Raises Unreachable."""
        try:
            self._imap = _connect(self._target)
            self._imap.login(self._target.user, self._target.password)
            self._check(self._imap.select(_quoted(self._target.mailbox), readonly=True))
            self.validity, following = self._told("UIDVALIDITY") or 0, self._told("UIDNEXT")
            self.newest = following - 1 if following else None
        except (imaplib.IMAP4.error, OSError) as error:
            self._close()
            raise Unreachable(str(error)) from error
        except Unreachable:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye, and do not mind where nobody listens."""
        self._close()

    def has(self, message_id: str) -> bool:
        """Whether a letter with this Message-ID is there. Raises Unreachable."""
        assert self._imap is not None
        try:
            answer = self._imap.uid("SEARCH", "HEADER", "Message-ID", _quoted(message_id))
        except (imaplib.IMAP4.error, OSError) as error:
            raise Unreachable(str(error)) from error
        return any(self._check(answer))

    def after(self, uid: int, since: datetime | None = None) -> list[int]:
        """The UIDs of what came after this one, in their order. Raises Unreachable.

        `since` leaves out what the server got before that day, and the one before it: days have no zone here.
        """
        keys = ["UID", f"{uid + 1}:*"]
        if since is not None:
            keys += ["SINCE", f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"]
        words = self._ask("SEARCH", *keys)
        found = {int(number) for word in words if word for number in word.split()}
        # "n:*" names the newest message even where there is nothing from n on (RFC 3501 §6.4.8).
        return sorted(number for number in found if number > uid)

    def fetch(self, uid: int, most: int) -> bytes | None:
        """A message, of one larger than `most` its beginning; None where it is gone. Raises Unreachable."""
        told = _SIZE.search(b" ".join(part for part in _flat(self._ask("FETCH", str(uid), "(RFC822.SIZE)"))))
        if told is None:
            return None
        piece = f"<0.{BEGINNING}>" if int(told[1]) > most else ""
        # PEEK: whether the user has read it is theirs to say.
        answer = self._ask("FETCH", str(uid), f"(BODY.PEEK[]{piece})")
        return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), None)

    def wait(self, seconds: float) -> bool:
        """Wait with IDLE (RFC 2177) until something comes; False where nothing did. Raises Unreachable."""
        assert self._imap is not None
        if "IDLE" not in self._imap.capabilities:
            raise Unreachable("This server does not tell when mail comes.")
        try:
            return self._idle(self._imap, seconds)
        except (imaplib.IMAP4.error, OSError) as error:
            raise Unreachable(str(error)) from error

    def _idle(self, imap: imaplib.IMAP4, seconds: float) -> bool:
        tag = imap._new_tag()  # the library knows IDLE from Python 3.14 on
        imap.send(tag + b" IDLE\r\n")
        if not imap.readline().startswith(b"+"):
            raise Unreachable("The server refused to tell when mail comes.")
        has_come = False
        imap.sock.settimeout(seconds)
        try:
            while not has_come:
                line = imap.readline()
                if not line:
                    raise Unreachable("The connection was lost.")
                has_come = b"EXISTS" in line
        except TimeoutError:
            # The answer that was waited for may be read no more: this connection has served its time.
            return False
        imap.sock.settimeout(TIMEOUT)
        imap.send(b"DONE\r\n")
        while (line := imap.readline()) and not line.startswith(tag):
            pass
        return True

    def _told(self, what: str) -> int | None:
        """A number that the server told as the mailbox was opened; the library tells it once."""
        assert self._imap is not None
        told = (self._imap.response(what)[1] or [None])[-1]
        return int(told) if told else None

    def _ask(self, command: str, *words: str) -> list[Any]:
        assert self._imap is not None
        try:
            return self._check(self._imap.uid(command, *words))
        except (imaplib.IMAP4.error, OSError) as error:
            raise Unreachable(str(error)) from error

    def _check(self, answer: tuple[str, list[bytes | None]]) -> list[bytes | None]:
        status, words = answer
        if status != "OK":
            raise Unreachable(" ".join(word.decode(errors="replace") for word in words if word))
        return words

    def _close(self) -> None:
        if self._imap is None:
            return
        try:
            self._imap.logout()
        except (imaplib.IMAP4.error, OSError):
            self._imap.shutdown()
        self._imap = None


def _flat(answer: list[Any]) -> Iterator[bytes]:
    """All the words of an answer, those beside literals among them."""
    for part in answer:
        yield from (each for each in (part if isinstance(part, tuple) else (part,)) if each)


def _connect(target: ImapTarget) -> imaplib.IMAP4:
    if target.implicit_tls:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(target.host, target.port, ssl_context=context, timeout=TIMEOUT)
    return imaplib.IMAP4(target.host, target.port, timeout=TIMEOUT)


def _quoted(word: str) -> str:
    """A word as IMAP reads it back, whatever it holds."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
