"""IMAP: a mailbox that is asked whether it holds a letter, and never changed (RFC 3501)."""

from __future__ import annotations

import imaplib
import ssl
from types import TracebackType
from typing import Self

from crm.settings import ImapTarget

#: Seconds that one answer may take.
TIMEOUT = 30.0


class Unreachable(Exception):
    """The mailbox could not be asked, in the server's own words or the network's."""


class Mailbox:
    """A mailbox open for reading; a context."""

    def __init__(self, target: ImapTarget) -> None:
        self._target = target
        self._imap: imaplib.IMAP4 | None = None

    def __enter__(self) -> Self:
        """Connect, sign in and open the mailbox. Raises Unreachable."""
        try:
            self._imap = _connect(self._target)
            self._imap.login(self._target.user, self._target.password)
            self._check(self._imap.select(_quoted(self._target.mailbox), readonly=True))
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


def _connect(target: ImapTarget) -> imaplib.IMAP4:
    if target.implicit_tls:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(target.host, target.port, ssl_context=context, timeout=TIMEOUT)
    return imaplib.IMAP4(target.host, target.port, timeout=TIMEOUT)


def _quoted(word: str) -> str:
    """A word as IMAP reads it back, whatever it holds."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
