"""Messages as mail programs and servers write them: all of them our own, after the documented structure."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from tests.conftest import NOW

MAILBOX = "crm@fika.example"
ADA, ALICE = "Ada Okafor <ada@example.com>", "Alice Ahlgren <alice@example.org>"


def plain(
    text: str = "Gladly!",
    *,
    sender: str = ADA,
    to: str = MAILBOX,
    subject: str = "Re: A talk",
    at: datetime | str = NOW,
    message_id: str = "1@example.com",
    **headers: str,
) -> bytes:
    """A message with a text and nothing else; `In_Reply_To` is In-Reply-To."""
    head = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Date": at if isinstance(at, str) else format_datetime(at),
        "Message-ID": f"<{message_id}>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return joined(head, text)


def joined(head: dict[str, str], body: str) -> bytes:
    """Headers and body with the line ends of mail."""
    lines = "".join(f"{name}: {value}\n" for name, value in head.items())
    return f"{lines}\n{body}\n".replace("\n", "\r\n").encode()


def parts(kind: str, *bodies: str, border: str = "=_border") -> str:
    """The body of a multipart; each part brings its own head."""
    return "".join(f"--{border}\n{body}\n" for body in bodies) + f"--{border}--"


def bounce(
    *,
    to: str,
    letter_id: str = "",
    status: str = "5.1.1",
    action: str = "failed",
    reason: str = "smtp; 550 5.1.1 <ada@example.com>: no such mailbox",
    envelope_id: str = "",
    recipient: str = "ada@example.com",
    more: str = "",
) -> bytes:
    """A delivery status notification (RFC 3464), in its three parts."""
    envelope = f"Original-Envelope-Id: {envelope_id}\n" if envelope_id else ""
    body = parts(
        "report",
        "Content-Type: text/plain; charset=us-ascii\n\nYour message could not be delivered.",
        "Content-Type: message/delivery-status\n\n"
        f"{envelope}Reporting-MTA: dns; mx.example.com\n\n"
        f"Final-Recipient: rfc822; {recipient}\n"
        f"Action: {action}\nStatus: {status}\nDiagnostic-Code: {reason}\n{more}",
        f"Content-Type: text/rfc822-headers\n\nFrom: {MAILBOX}\nTo: ada@example.com\n"
        + (f"Message-ID: {letter_id}\n" if letter_id else ""),
    )
    head = {
        "Return-Path": "<>",
        "From": "Mail Delivery System <MAILER-DAEMON@mx.example.com>",
        "To": to,
        "Subject": "Undelivered Mail Returned to Sender",
        "Date": format_datetime(NOW),
        "Message-ID": f"<{status}.{action}.{abs(hash((to, letter_id)))}@mx.example.com>",
        "Auto-Submitted": "auto-replied",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/report; report-type=delivery-status; boundary="=_border"',
    }
    return joined(head, body)


def complaint(letter_id: str, *, kind: str = "abuse") -> bytes:
    """A report of abuse (RFC 5965)."""
    body = parts(
        "report",
        "Content-Type: text/plain\n\nThis is an abuse report.",
        f"Content-Type: message/feedback-report\n\nFeedback-Type: {kind}\nUser-Agent: Loop/1\nVersion: 1\n",
        "Content-Type: message/rfc822\n\n"
        f"From: {MAILBOX}\nMessage-ID: {letter_id}\nSubject: A talk\n\nDear Ada",
    )
    head = {
        "From": "feedback@isp.example",
        "To": MAILBOX,
        "Subject": "Abuse report",
        "Date": format_datetime(NOW),
        "Message-ID": "<arf@isp.example>",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/report; report-type=feedback-report; boundary="=_border"',
    }
    return joined(head, body)


FORWARDED = """See below.

---------- Forwarded message ---------
From: Ada Okafor <ada@example.com>
Date: Mon, 9 Mar 2026 16:00:00 +0100
Subject: Your questions
To: Alice Ahlgren <alice@example.org>

Dear Alice,

ask me anything.

Ada
"""
