"""A real SMTP server that keeps what it takes and answers as told."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services.run import free_port


@dataclass(frozen=True)
class Letter:
    """What arrived: the envelope and the bytes."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The letter, parsed."""
        return message_from_bytes(self.content, policy=policy.default)


@dataclass
class SmtpServer:
    """The server under test. `answers` maps a stage (MAIL, RCPT, DATA) to the answer instead of 250."""

    port: int
    letters: list[Letter] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    #: how long the answer to DATA takes, in seconds
    delay: float = 0.0
    #: after so many letters nobody is welcome any more
    leave_after: int | None = None

    @property
    def url(self) -> str:
        """For SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def wait_for(self, count: int, seconds: float = 30.0) -> list[Letter]:
        """The letters, once there are so many."""
        last = time.monotonic() + seconds
        while len(self.letters) < count:
            assert time.monotonic() < last, f"{len(self.letters)} of {count} letters after {seconds} s"
            time.sleep(0.02)
        return self.letters

    def forget(self) -> None:
        """Back to an empty server that takes everything."""
        self.letters.clear()
        self.answers.clear()
        self.delay, self.leave_after = 0.0, None

    async def handle_MAIL(  # noqa: N802 (a name that the library calls)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        if self.leave_after is not None and len(self.letters) >= self.leave_after:
            return "421 4.3.2 the server is going down"
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refused = self.answers.get(f"RCPT {address}", self.answers.get("RCPT"))
        if refused is None:
            envelope.rcpt_tos.append(address)
        return refused or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.delay:
            await asyncio.sleep(self.delay)
        if "DATA" in self.answers:
            return self.answers["DATA"]
        assert isinstance(envelope.content, bytes)
        self.letters.append(Letter(str(envelope.mail_from), tuple(envelope.rcpt_tos), envelope.content))
        return "250 taken"


def start() -> tuple[SmtpServer, Controller]:
    """A server on a free port of this machine, and what stops it."""
    server = SmtpServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    return server, controller
