"""What a mail server's answers mean, for the letter or for the whole channel.

The classes are those of RFC 5321 §4.2 and RFC 3463, and of what servers do in practice: refused for
good, try again later, or nothing gets through at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LATE = "The worker slept until others had the letter."


class Verdict(StrEnum):
    """What an answer means."""

    TRANSIENT = "transient"
    #: Perhaps a server that first wants to see us come again.
    GREYLISTED = "greylisted"
    #: The server wants to be left alone for a while; this letter was surely not taken.
    SLOW = "slow"
    REFUSED = "refused"
    BAD_ADDRESS = "bad_address"
    #: Refused for a reason of the server's own: for this recipient, or for all of them.
    POLICY = "policy"
    CHANNEL = "channel"
    #: The connection broke before anything of a letter was sent.
    LOST = "lost"
    UNKNOWN = "unknown"
    #: We slept past the lease, and stopped before the letter was sent.
    ASLEEP = "asleep"


class Trouble(Exception):
    """A letter did not get through, with the server's own words."""

    def __init__(self, verdict: Verdict, reply: str) -> None:
        super().__init__(reply)
        self.verdict, self.reply = verdict, reply


@dataclass(frozen=True)
class Answer:
    """A server's answer, one or more lines."""

    code: int
    words: str

    @property
    def text(self) -> str:
        """As it is shown: "550 5.1.1 no such mailbox"."""
        return f"{self.code} {self.words}".strip()[:2000]

    @property
    def enhanced(self) -> str:
        """The enhanced status code at its head, "5.1.1" (RFC 3463); empty without one."""
        found = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", self.words)
        return found[0] if found else ""

    @property
    def is_full(self) -> bool:
        """Whether a mailbox is full, which passes, though servers say so with a 5."""
        return self.enhanced == "5.2.2" or (self.code == 552 and not self.enhanced)


def of_sender(answer: Answer) -> Verdict:
    """The answer to MAIL: a refused sender is mostly refused for every letter."""
    return _common(answer) or Verdict.POLICY


def of_recipient(answer: Answer) -> Verdict:
    """The answer to RCPT."""
    common = _common(answer)
    if common:
        return common
    if answer.enhanced.startswith("5.7."):
        return Verdict.POLICY
    if answer.enhanced:
        is_bad = answer.enhanced.startswith("5.1.") or answer.enhanced == "5.2.1"
        return Verdict.BAD_ADDRESS if is_bad else Verdict.REFUSED
    return Verdict.BAD_ADDRESS if answer.code in (550, 551, 553) else Verdict.REFUSED


def of_data(answer: Answer) -> Verdict:
    """The answer to DATA or to the whole letter."""
    return _common(answer) or Verdict.REFUSED


def _common(answer: Answer) -> Verdict | None:
    """What means the same at every step."""
    if answer.code == 421:
        return Verdict.SLOW
    if answer.code in (530, 534, 535):
        return Verdict.CHANNEL
    if answer.code in (450, 451):
        return Verdict.GREYLISTED
    if 400 <= answer.code < 500 or answer.is_full:
        return Verdict.TRANSIENT
    return None
