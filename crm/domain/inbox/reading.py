"""Reading a message: from bytes that anybody may have written to what of them is of use here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message as Head
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from crm.domain import words
from crm.domain.errors import Invalid
from crm.domain.inbox import automatic, parts, plain, quoting, reports
from crm.domain.inbox.parts import Part
from crm.domain.mailboxes import mailboxes

#: Where an address of ours may stand, written by people or by servers on the way.
RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To")
MOST_ADDRESSES = 60
#: Calendars of one message, and bytes of one.
CALENDARS, CALENDAR = 5, 1024 * 1024
#: Characters that are read for what somebody wrote.
TEXT = 200_000
#: Without one of these it is no message (RFC 5322 §3.6 wants From and Date).
_HEADERS = ("From", "Date", "Message-ID", "Received", "Return-Path", "Subject")
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]]{1,64}@[^\s@<>,;:\"\\()\[\]]{1,189}")
#: "for <ada@example.com>;", as servers write it into Received.
_FOR = re.compile(r"\bfor <([^<>\s@]{1,64}@[^<>\s@]{1,189})>")
_IDS = re.compile(r"<([^<>\s]{1,250})>")


class Person(NamedTuple):
    """A name, which may be missing, and an address."""

    name: str
    address: str


@dataclass(frozen=True)
class Incoming:
    """A message, read."""

    #: The same for the same message, whichever way it came.
    digest: str
    message_id: str
    #: Message-IDs that it says it answers, the nearest first, without their brackets.
    thread: tuple[str, ...]
    sender: Person
    #: Those to whom it was written openly.
    to: tuple[Person, ...]
    #: All addresses that it was brought to, as far as it says.
    recipients: tuple[str, ...]
    at: datetime | None
    subject: str
    #: All of the text, then what of it is their own, and what they quoted.
    whole: str
    text: str
    quoted: str
    calendars: tuple[bytes, ...]
    is_automatic: bool
    is_from_nobody: bool
    #: What a server reports, and what somebody complained of.
    report: reports.Report | None
    complaint: reports.Report | None
    #: The message that is attached to it: its head and text.
    attached: tuple[Head, str] | None
    raw: bytes


def read(raw: bytes) -> Incoming:
    """Read a message; Invalid for what is none. Nothing that it names is fetched."""
    head, _ = parts.head_of(raw)
    if not any(name in head for name in _HEADERS):
        raise Invalid(
            message="This is not a mail message: the lines are missing that say from whom, to whom and when."
        )
    found = list(parts.walk(raw))
    whole, text, quoted = _text(found)
    sender = (people(head, "From", "Sender", "Reply-To") or [Person("", "")])[0]
    subject = parts.header(head, "Subject")[:300]
    return Incoming(
        digest=_digest(head, text, quoted, found),
        message_id=next(iter(_ids(head, "Message-ID")), ""),
        thread=_thread(head),
        sender=sender,
        to=tuple(people(head, "To", "Cc")),
        recipients=tuple(
            dict.fromkeys([*(each.address for each in people(head, *RECIPIENTS)), *_on_the_way(head)])
        ),
        at=date_of(head),
        subject=subject,
        whole=whole,
        text=text,
        quoted=quoted,
        calendars=_calendars(found),
        is_automatic=automatic.is_automatic(head, subject),
        is_from_nobody=automatic.is_from_nobody(head),
        report=reports.of_delivery(found),
        complaint=reports.of_complaint(found),
        attached=_attached(found),
        raw=raw,
    )


def people(head: Head, *names: str) -> list[Person]:
    """The names and addresses in some headers, each address once; what is none is left out."""
    found: dict[str, Person] = {}
    for name in names:
        for value in parts.headers(head, name):
            for called, given in mailboxes(value):
                address = words.line(given)
                if _ADDRESS.fullmatch(address) and len(found) < MOST_ADDRESSES:
                    found.setdefault(address.casefold(), Person(parts.decoded(called)[:200], address))
    return list(found.values())


def _on_the_way(head: Head) -> list[str]:
    """For whom servers say they took it (RFC 5321 §4.4): of a hidden copy often the only trace."""
    return [found[1] for way in parts.headers(head, "Received") if (found := _FOR.search(words.line(way)))]


def date_of(head: Head) -> datetime | None:
    """When it says that it was written; None for no date, or none that there is."""
    try:
        found = parsedate_to_datetime(parts.header(head, "Date"))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def text_of(found: Sequence[Part]) -> tuple[str, str]:
    """All of the text, and what HTML marks as quoted; plain text before HTML."""
    inline = [part for part in found if _is_inline(part)]
    texts = [part.text(TEXT) for part in inline if part.kind == "text/plain"]
    if any(text.strip() for text in texts):
        return words.block("\n".join(texts)[:TEXT]), ""
    for part in inline:
        if part.kind == "text/html":
            own, quoted = plain.text_of(part.text(TEXT))
            return words.block(own), words.block(quoted)
    return "", ""


def _text(found: Sequence[Part]) -> tuple[str, str, str]:
    own, marked = text_of(found)
    folded = quoting.fold(own)
    quoted = "\n".join(piece for piece in (folded.quoted, marked) if piece)[: quoting.MOST]
    return f"{own}\n{marked}".strip(), folded.own, quoted


def _is_inline(part: Part) -> bool:
    disposition = str(part.head.get("Content-Disposition", "")).strip().lower()
    return part.kind in ("text/plain", "text/html") and not disposition.startswith("attachment")


def _calendars(found: Sequence[Part]) -> tuple[bytes, ...]:
    """Calendars in whatever disguise programs send them, each content once."""
    kept: dict[bytes, None] = {}
    for part in found:
        is_named = part.name.lower().endswith((".ics", ".ical", ".ifb")) or part.name.lower() == "winmail.dat"
        if part.kind in ("text/calendar", "application/ics", "application/ms-tnef") or is_named:
            kept.setdefault(part.content(CALENDAR))
    return tuple(kept)[:CALENDARS]


def _attached(found: Sequence[Part]) -> tuple[Head, str] | None:
    for part in found:
        if part.kind == "message/rfc822":
            inner = part.content()
            return parts.head_of(inner)[0], text_of(list(parts.walk(inner)))[0]
    return None


def _thread(head: Head) -> tuple[str, ...]:
    """RFC 5322 §3.6.4: what it answers directly, then the thread from its end."""
    return tuple(dict.fromkeys([*_ids(head, "In-Reply-To"), *reversed(_ids(head, "References"))]))[:30]


def _ids(head: Head, name: str) -> list[str]:
    return [found for value in parts.headers(head, name) for found in _IDS.findall(value)]


def _digest(head: Head, text: str, quoted: str, found: Sequence[Part]) -> str:
    """Of what no server on the way changes: neither line ends nor headers of the journey count."""
    of = [parts.header(head, name) for name in ("Message-ID", "From", "Date", "Subject")]
    of += [text, quoted, *(f"{part.kind} {part.name}" for part in found)]
    whole = hashlib.sha256("\0".join(of).encode("utf-8", "replace"))
    for part in found:
        if not part.kind.startswith("text/"):
            whole.update(part.content(CALENDAR).replace(b"\r\n", b"\n"))
    return whole.hexdigest()
