"""The same letters by the standard library: what ours are measured against, and checked against."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from crm.domain.mail import mime
from crm.domain.mail.mime import Letter

#: On one line, since the folding of some interpreters tears names and addresses apart.
POLICY = SMTP.clone(max_line_length=998)


def build(letter: Letter) -> bytes:
    """A letter as EmailMessage writes it, out of headers that were cleaned as ours are."""
    message = EmailMessage(policy=POLICY)
    message["Message-ID"] = letter.message_id
    message["Date"] = format_datetime(letter.date)
    message["From"] = _address(letter.sender_name, letter.sender)
    message["To"] = _address(letter.to_name, letter.to)
    if letter.reply_to:
        message["Reply-To"] = _address(letter.reply_to_name, letter.reply_to)
    message["Subject"] = mime.header(letter.subject)
    if letter.automatic:
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _fill(message, letter)
    return message.as_bytes()


def _address(name: str, address: str) -> Address:
    local, _, domain = mime.ascii_address(address).rpartition("@")
    return Address(mime.short_name(name), local, domain)


def _fill(message: EmailMessage, letter: Letter) -> None:
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.calendar:
        text, params = letter.calendar.decode(), {"method": letter.method}
        message.add_alternative(text, subtype="calendar", params=params, cte="base64")
        message.add_attachment(
            letter.calendar, maintype="application", subtype="ics", filename="invite.ics", cte="base64"
        )
