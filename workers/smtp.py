"""SMTP: one connection for a batch, one recipient a transaction, and every answer given its class.

The classes are those of RFC 5321 §4.2 and of what servers do in practice: refused for good, try
again later, or nothing gets through at all.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from enum import StrEnum

from crm.domain.mail import Claimed
from crm.settings import SmtpTarget, Tls

#: Seconds. The answer to DATA may take long (RFC 5321 §4.5.3.2.6); all of it stays below the lease.
CONNECT, COMMAND, FINAL = 20.0, 30.0, 120.0


class Verdict(StrEnum):
    """What an answer means for the letter, or for the whole channel."""

    TRANSIENT = "transient"
    REFUSED = "refused"
    BAD_ADDRESS = "bad_address"
    #: Refused for a reason of the server's own: for this recipient, or for all of them.
    POLICY = "policy"
    CHANNEL = "channel"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Trouble(Exception):
    """A letter did not get through, with the server's own words."""

    verdict: Verdict
    reply: str


class Connection:
    """A conversation with the mail server."""

    def __init__(self, target: SmtpTarget) -> None:
        """Connect and sign in; Trouble of the channel where that fails."""
        try:
            self._smtp = _connect(target)
        except smtplib.SMTPResponseException as error:
            raise Trouble(Verdict.CHANNEL, _reply(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Trouble(Verdict.CHANNEL, f"No connection to the mail server: {error}") from error

    def offer(self, letter: Claimed) -> None:
        """MAIL and RCPT: as far as one can go with the letter provably unsent."""
        try:
            code, answer = self._smtp.mail(letter.sender)
            if code != 250:
                raise Trouble(_sender_verdict(code), _reply(code, answer))
            code, answer = self._smtp.rcpt(letter.to)
        except (smtplib.SMTPException, OSError) as error:
            raise Trouble(Verdict.CHANNEL, f"The connection was lost: {error}") from error
        if code not in (250, 251):
            raise Trouble(_recipient_verdict(code, answer), _reply(code, answer))

    def deliver(self, letter: Claimed) -> str:
        """DATA and the letter: answers the server's words for having taken it."""
        try:
            assert self._smtp.sock is not None
            self._smtp.sock.settimeout(FINAL)
            code, answer = self._smtp.data(letter.raw)
            self._smtp.sock.settimeout(COMMAND)
        except smtplib.SMTPDataError as error:
            # DATA itself was refused: nothing of the letter was sent.
            raise Trouble(
                _data_verdict(error.smtp_code), _reply(error.smtp_code, error.smtp_error)
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Trouble(Verdict.UNKNOWN, f"The connection was lost while sending: {error}") from error
        if code != 250:
            raise Trouble(_data_verdict(code), _reply(code, answer))
        return _reply(code, answer)

    def reset(self) -> bool:
        """Forget the letter that did not go; False where the connection is gone."""
        try:
            return self._smtp.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def close(self) -> None:
        """Say goodbye, and do not mind where nobody listens."""
        try:
            self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()


def _connect(target: SmtpTarget) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if target.tls is Tls.IMPLICIT:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(target.host, target.port, timeout=CONNECT, context=context)
    else:
        smtp = smtplib.SMTP(target.host, target.port, timeout=CONNECT)
    try:
        assert smtp.sock is not None
        smtp.sock.settimeout(COMMAND)
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


def _sender_verdict(code: int) -> Verdict:
    """A refused sender is refused for every letter: the channel is to blame."""
    return Verdict.TRANSIENT if 400 <= code < 500 and code != 421 else Verdict.CHANNEL


def _recipient_verdict(code: int, answer: bytes) -> Verdict:
    if code in (421, 530, 534, 535):
        return Verdict.CHANNEL
    enhanced = _enhanced(answer)
    if enhanced.startswith("5.7."):
        return Verdict.POLICY
    if 400 <= code < 500 or code == 552 or enhanced == "5.2.2":
        return Verdict.TRANSIENT
    return Verdict.BAD_ADDRESS if code in (550, 551, 553) else Verdict.REFUSED


def _enhanced(answer: bytes) -> str:
    """The enhanced status code at the head of an answer, "5.1.1" (RFC 3463); empty without one."""
    found = re.match(rb"[245]\.\d{1,3}\.\d{1,3}\b", answer)
    return found[0].decode() if found else ""


def _data_verdict(code: int) -> Verdict:
    return Verdict.TRANSIENT if 400 <= code < 500 else Verdict.REFUSED


def _reply(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {text}".strip()[:2000]
