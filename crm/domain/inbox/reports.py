"""What servers report about letters of ours: delivery (RFC 3464), complaints (RFC 5965), any bounce."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message as Head
from email.parser import HeaderParser
from typing import NamedTuple

from flufl.bounce import all_failures

from crm.domain import words
from crm.domain.inbox import parts
from crm.domain.inbox.parts import Part

#: Bytes of a bounce of no standard shape that the library may look at, and recipients of one report.
MOST, RECIPIENTS = 256 * 1024, 20
STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
#: Actions that tell of a failure, from the gravest; the others are good news, or none yet.
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
#: The mailbox is full: it may not be tomorrow.
FULL = "5.2.2"
_SENDERS = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|bounces?)(?:[+.-].*)?@", re.IGNORECASE)
_RECIPIENT = ("Original-Recipient", "Final-Recipient")
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global")


class Report(NamedTuple):
    """What a report says about one letter."""

    #: One of ACTIONS; "failed" where a letter came back without a standard report.
    action: str
    #: RFC 3463, "5.1.1"; empty where none is told.
    status: str
    reason: str
    #: Of the letter that it is about, as far as they are told.
    envelope_id: str = ""
    message_id: str = ""
    #: Whom it is about, in small letters, and what it says of each where it tells of several.
    recipients: tuple[str, ...] = ()
    each: tuple[Report, ...] = ()

    def without(self, journal: str, to: str) -> Report | None:
        """What it says of others than the journal, which got a copy under the same envelope."""
        known = journal.casefold(), to.casefold()
        told = [one for one in self.each or (self,) if not _is_about(one, *known)]
        return _gravest(told) if told else None

    @property
    def is_final(self) -> bool:
        """Whether the letter did not arrive, and will not."""
        return self.action == "failed"

    @property
    def is_hard(self) -> bool:
        """Whether writing to the address again is of no use."""
        return self.is_final and self.status.startswith("5") and self.status != FULL


def of_delivery(found: Sequence[Part]) -> Report | None:
    """The report in a message's parts, the gravest where it tells of several recipients."""
    for part in found:
        if part.kind in ("message/delivery-status", "message/global-delivery-status"):
            groups = [_group(text) for text in re.split(r"\n\s*\n", _lines(part))[: RECIPIENTS + 1]]
            told = [_one(group) for group in groups if "Action" in group or "Status" in group]
            if told:
                envelope_id = parts.header(groups[0], "Original-Envelope-Id")[:100]
                whole = _gravest(told)._replace(envelope_id=envelope_id, each=tuple(told))
                return whole._replace(message_id=_returned_id(found))
    return None


def of_complaint(found: Sequence[Part]) -> Report | None:
    """Somebody pressed "this is spam"; the returned letter says on which (RFC 5965 §3)."""
    for part in found:
        if part.kind == "message/feedback-report":
            group = _group(_lines(part))
            kind = parts.header(group, "Feedback-Type") or "abuse"
            # "not-spam" takes a complaint back, and others are about no letter of ours.
            if kind.lower() in ("abuse", "fraud", "opt-out", "opt-out-list", "miscategorized", "other"):
                return Report("complaint", "", kind[:40], message_id=_returned_id(found))
    return None


def is_from_a_server(sender: str) -> bool:
    """Whether an address is one that mail servers write from."""
    return bool(_SENDERS.match(sender))


def guessed(raw: bytes, subject: str, text: str) -> Report | None:
    """What a bounce without a standard report says; None where it cannot be told for one."""
    try:
        temporary, permanent = all_failures(message_from_bytes(raw[:MOST]))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, MessageError):
        return None
    if not (temporary or permanent):
        return None
    status = STATUS.search(text[:20_000])
    said = status[0] if status else "5.0.0" if permanent else "4.0.0"
    whom = _addresses(*(each.decode(errors="replace") for each in permanent or temporary))
    return Report("failed" if permanent else "delayed", said, words.line(subject)[:300], recipients=whom)


def returned(found: Sequence[Part]) -> Head | None:
    """The head of the letter that came back, where it did."""
    for part in found:
        if part.kind in _RETURNED:
            return parts.head_of(part.content(parts.HEAD))[0]
    return None


def _returned_id(found: Sequence[Part]) -> str:
    head = returned(found)
    return parts.header(head, "Message-ID")[:200] if head is not None else ""


def _one(group: Head) -> Report:
    status = STATUS.search(parts.header(group, "Status"))
    said = status[0] if status else ""
    action = parts.header(group, "Action").partition("(")[0].strip().lower()
    if action not in ACTIONS:
        action = "failed" if said[:1] == "5" else "delayed"
    reason = parts.header(group, "Diagnostic-Code").partition(";")[2].strip()
    named = (parts.header(group, name).rpartition(";")[2] for name in _RECIPIENT)
    return Report(
        action, said, (reason or said or "No reason was given.")[:500], recipients=_addresses(*named)
    )


def _gravest(told: Sequence[Report]) -> Report:
    return min(told, key=lambda report: ACTIONS.index(report.action))


def _is_about(report: Report, journal: str, to: str) -> bool:
    """Whether it is about the journal, and not about the letter's own recipient too."""
    return journal in report.recipients and to not in report.recipients


def _addresses(*written: str) -> tuple[str, ...]:
    return tuple(each.strip(" <>").casefold() for each in written if each)


def _group(text: str) -> Head:
    return HeaderParser().parsestr(text.strip() + "\n\n")


def _lines(part: Part) -> str:
    return part.text(64 * 1024).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
