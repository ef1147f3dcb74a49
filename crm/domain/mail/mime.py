"""A letter to bytes: headers that nothing can be smuggled into, text and HTML, a calendar where it has one.

Headers are cleaned here, not trusted to the standard library: some interpreters in use turn an
encoded-word in a subject into a header of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any

import idna

from crm.domain import words
from crm.domain.errors import Invalid

#: Lines of a body have at most so many characters (RFC 2045 §6.7).
LINE = 76
HEADER = 200
#: So many bytes of a name fit into one encoded word (RFC 2047 §2: 75 characters with its marks), also
#: where the library takes the encoding that is up to four characters longer.
WORD = 42
#: The standard's limits for what may be announced to mail programs as one-click.
UNSUBSCRIBE = 60
ALLOWED = {
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "auto-submitted",
    "x-auto-response-suppress",
    "list-unsubscribe",
    "list-unsubscribe-post",
}
_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f@<>(),;:\"\\\[\]]{1,64}@[^\s\x00-\x1f\x7f@<>(),;:\"\\\[\]]{1,255}")


class _Folding(EmailPolicy):
    """Subjects are folded, everything else stays on one line.

    Some programs cannot read an address or an identifier that is folded, and some interpreters
    unquote a name as they fold it, so that one recipient becomes two.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header as it leaves."""
        if name.lower() != "subject":
            return SMTP.clone(max_line_length=998).fold_binary(name, value)
        charset = "us-ascii" if value.isascii() else "utf-8"
        subject = Header(str(value), charset, maxlinelen=LINE, header_name=name)
        return f"{name}: {subject.encode(linesep=self.linesep)}{self.linesep}".encode()


POLICY = _Folding(linesep=SMTP.linesep, max_line_length=LINE)


@dataclass(frozen=True)
class Letter:
    """Everything that a letter says and carries."""

    message_id: str
    date: datetime
    sender: str
    sender_name: str
    to: str
    to_name: str
    subject: str
    text: str
    html: str
    reply_to: str = ""
    reply_to_name: str = ""
    #: Written by the program, not by a person (RFC 3834 §5).
    automatic: bool = True
    unsubscribe: str = ""
    calendar: bytes = b""
    method: str = ""


def build(letter: Letter) -> bytes:
    """The bytes that leave, CRLF and all. Raises Invalid for an address that mail cannot carry."""
    message = EmailMessage(policy=POLICY)
    message["Message-ID"] = letter.message_id
    message["Date"] = format_datetime(letter.date)
    message["From"] = _address(letter.sender_name, letter.sender)
    message["To"] = _address(letter.to_name, letter.to)
    if letter.reply_to:
        message["Reply-To"] = _address(letter.reply_to_name, letter.reply_to)
    message["Subject"] = header(letter.subject)
    _mark(message, letter)
    _fill(message, letter)
    raw = message.as_bytes()
    _guard(raw)
    return raw


def header(text: str, limit: int = HEADER) -> str:
    """Text fit for a header: one line, and nothing that would be decoded into another."""
    return words.line(words.line(text).replace("=?", "= ?"))[:limit].strip()


def short_name(text: str, after: str = "") -> str:
    """A name beside an address, with what stands after it: one encoded word, where it needs one."""
    name = header(text, 100)
    if name.isascii():
        return f"{name}{after}"
    return name.encode()[: WORD - len(after.encode())].decode(errors="ignore").strip() + after


def ascii_address(address: str) -> str:
    """An address as SMTP carries it, the domain in its ASCII form (RFC 5891).

    Raises Invalid for one whose local part needs an extension that few servers have.
    """
    local, _, domain = address.rpartition("@")
    try:
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise Invalid(email=f"The domain of {address[:80]} cannot be written to.") from None
    written = f"{local}@{domain}"
    if not written.isascii() or not _ADDRESS.fullmatch(written):
        raise Invalid(email=f"Mail cannot be sent to {address[:80]}: most servers refuse such an address.")
    return written


def _address(name: str, address: str) -> Address:
    local, _, domain = ascii_address(address).rpartition("@")
    return Address(short_name(name), local, domain)


def _mark(message: EmailMessage, letter: Letter) -> None:
    if letter.automatic:
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if letter.unsubscribe and len(letter.unsubscribe) <= UNSUBSCRIBE - len("<>"):
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _fill(message: EmailMessage, letter: Letter) -> None:
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.calendar:
        # Inside the alternative, last, for the buttons; and once more as a file, as large senders do.
        message.add_alternative(
            letter.calendar.decode(), subtype="calendar", params={"method": letter.method}, cte="base64"
        )
        message.add_attachment(
            letter.calendar, maintype="application", subtype="ics", filename="invite.ics", cte="base64"
        )


def _guard(raw: bytes) -> None:
    """Every header is one of ours and stands there once, whatever was typed."""
    head = raw.split(b"\r\n\r\n", 1)[0].decode("ascii")
    names = [line.split(":", 1)[0].lower() for line in head.split("\r\n") if line[:1] not in (" ", "\t")]
    if len(set(names)) != len(names) or not set(names) <= ALLOWED:
        raise Invalid(subject="This letter cannot be sent: its head would not be what it seems.")
