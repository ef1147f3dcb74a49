"""SMTP: one connection for a batch, one recipient a transaction, and every answer given its class.

Beside the recipient there may be a journal: a mailbox that gets a copy in the same transaction, so
that the server takes both or neither.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Sequence
from datetime import datetime

from crm.database import utcnow
from crm.domain.mail import Claimed
from crm.settings import SmtpTarget, Tls
from workers.answers import LATE, Answer, Trouble, Verdict, of_data, of_recipient, of_sender

#: Seconds. The answer to a whole letter may take long (RFC 5321 §4.5.3.2.6); all of it stays below the lease.
CONNECT, COMMAND, BODY, FINAL = 20.0, 30.0, 60.0, 120.0


class Connection:
    """A conversation with the mail server."""

    def __init__(self, target: SmtpTarget) -> None:
        """Connect and sign in; Trouble of the channel where that fails."""
        try:
            self._smtp = _connect(target)
        except smtplib.SMTPResponseException as error:
            raise Trouble(Verdict.CHANNEL, _answer(error.smtp_code, error.smtp_error).text) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Trouble(Verdict.CHANNEL, f"No connection to the mail server: {_why(error)}") from error
        self._pipelines = self._smtp.has_extn("pipelining")
        #: What was said ahead, behind the letter before, and is not answered yet.
        self._ahead: list[str] = []

    def offer(self, letter: Claimed, journal: str) -> None:
        """MAIL and RCPT: as far as one can go with the letter provably unsent."""
        commands = self._envelope(letter, journal)
        try:
            answers = self._heard() if self._ahead == commands else self._ask(commands)
        except (smtplib.SMTPException, OSError) as error:
            raise Trouble(Verdict.LOST, f"The connection was lost: {error}") from error
        for answer, verdict in zip(answers, (of_sender, of_recipient, _of_journal), strict=False):
            if answer.code in (250, 251):
                continue
            if verdict is _of_journal:
                self.reset()
                raise Trouble(verdict(answer), f"The journal {journal} refused its copy: {answer.text}")
            raise Trouble(verdict(answer), answer.text)

    def deliver(self, letter: Claimed, *, until: datetime, then: tuple[Claimed, str] | None = None) -> str:
        """DATA and the letter: answers the server's words for having taken it.

        `until` is the end of the lease: who slept past it stops while the letter is provably unsent.
        `then` is the letter that follows, with its journal: where the server can (RFC 2920 §3.1) it is
        offered behind the dot, so that nobody waits for it.
        """
        self._open_data(until)
        try:
            self._timeout(BODY)
            self._smtp.send(_stuffed(letter.raw))
        except (smtplib.SMTPException, OSError) as error:
            # Without its dot the letter is none.
            self.close()
            raise Trouble(Verdict.TRANSIENT, f"The connection was lost while sending: {error}") from error
        try:
            self._ahead = self._envelope(*then) if then and self._pipelines else []
            self._smtp.send(_lines([".", *self._ahead]))
            self._timeout(FINAL)
            answer = _answer(*self._smtp.getreply())
            self._timeout(COMMAND)
        except (smtplib.SMTPException, OSError) as error:
            self._ahead = []
            raise Trouble(Verdict.UNKNOWN, f"The connection was lost before the answer: {error}") from error
        if answer.code != 250:
            raise Trouble(of_data(answer), answer.text)
        return answer.text

    def reset(self) -> bool:
        """Forget the letter that did not go; False where the connection is gone."""
        try:
            self._heard()
            return self._smtp.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def close(self) -> None:
        """Say goodbye, and do not mind where nobody listens."""
        try:
            self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()

    def _ask(self, commands: Sequence[str]) -> list[Answer]:
        """The answers: to all commands at once where the server can (RFC 2920), else up to a refusal."""
        if self._pipelines:
            self._ahead = list(commands)
            self._smtp.send(_lines(commands))
            return self._heard()
        answers: list[Answer] = []
        for command in commands:
            answers.append(_answer(*self._smtp.docmd(command)))
            if answers[-1].code not in (250, 251):
                break
        return answers

    def _envelope(self, letter: Claimed, journal: str) -> list[str]:
        """From whom and to whom, as SMTP says it; and what a report is to hold (RFC 3461 §4.3, §4.4)."""
        tag = letter.sender.rpartition("@")[0].rpartition("+")[2]
        returns = f" RET=HDRS ENVID={tag}" if self._smtp.has_extn("dsn") and tag.isalnum() else ""
        commands = [f"MAIL FROM:<{letter.sender}>{returns}", f"RCPT TO:<{letter.to}>"]
        return [*commands, f"RCPT TO:<{journal}>"] if journal else commands

    def _heard(self) -> list[Answer]:
        """The answers to what was said ahead."""
        said, self._ahead = self._ahead, []
        return [_answer(*self._smtp.getreply()) for _ in said]

    def _open_data(self, until: datetime) -> None:
        if utcnow() >= until:
            raise Trouble(Verdict.ASLEEP, LATE)
        try:
            answer = _answer(*self._smtp.docmd("DATA"))
        except (smtplib.SMTPException, OSError) as error:
            raise Trouble(Verdict.TRANSIENT, f"The connection was lost before the letter: {error}") from error
        if answer.code != 354:
            raise Trouble(of_data(answer), answer.text)
        if utcnow() >= until:
            # Without its dot the letter is none; the server forgets it with the connection.
            self._smtp.close()
            raise Trouble(Verdict.ASLEEP, LATE)

    def _timeout(self, seconds: float) -> None:
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)


def _connect(target: SmtpTarget) -> smtplib.SMTP:
    if target.tls is Tls.IMPLICIT:
        context = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(target.host, target.port, timeout=CONNECT, context=context)
    else:
        smtp = smtplib.SMTP(target.host, target.port, timeout=CONNECT)
    try:
        assert smtp.sock is not None
        smtp.sock.settimeout(COMMAND)
        # A dot behind a letter must not wait until the server has acknowledged the letter.
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        _protect(smtp, target)
        if target.user:
            smtp.login(target.user, target.password or "")
    except BaseException:
        smtp.close()
        raise
    return smtp


def _protect(smtp: smtplib.SMTP, target: SmtpTarget) -> None:
    """STARTTLS: required with a password, taken where offered without one."""
    if target.tls is Tls.STARTTLS_REQUIRED:
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
    elif target.tls is Tls.STARTTLS_IF_OFFERED and smtp.has_extn("starttls"):
        # Nobody's password is at stake, and a local server's certificate is rarely good.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        smtp.starttls(context=context)
        smtp.ehlo()


def _of_journal(answer: Answer) -> Verdict:
    """Without its copy in the journal no letter is worth sending: the guarantee would be none."""
    return Verdict.SLOW if answer.code == 421 else Verdict.CHANNEL


def _lines(commands: Sequence[str]) -> str:
    return "".join(f"{command}\r\n" for command in commands)


def _stuffed(raw: bytes) -> bytes:
    """The letter with its dots doubled, up to the dot that ends it (RFC 5321 §4.5.2)."""
    stuffed = raw.replace(b"\r\n.", b"\r\n..")
    stuffed = b"." + stuffed if stuffed.startswith(b".") else stuffed
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


def _answer(code: int, words: bytes | str) -> Answer:
    return Answer(code, words.decode(errors="replace") if isinstance(words, bytes) else words)


def _why(error: Exception) -> str:
    """What went wrong, without the numbers of the operating system."""
    return getattr(error, "strerror", None) or str(error)
