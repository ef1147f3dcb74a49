"""Plus-addresses: our own mailbox with a tag, by which an answer finds what it answers.

`crm+i2f9c@example.org` reaches `crm@example.org` (RFC 5233). Each tag begins with a letter that says what
it names; the rest cannot be guessed, so that it also proves that the writer was told it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Tag(StrEnum):
    """What a tag names."""

    #: The talk whose invitation was sent from here: ORGANIZER and From (RFC 5546).
    INTERVIEW = "i"
    #: The letter that was sent from here, where it is not about a talk.
    LETTER = "m"
    #: The letter whose envelope this is the sender of: what comes here is about its delivery (VERP).
    BOUNCE = "b"
    #: The user whose dropbox this is.
    DROPBOX = "d"


class Tagged(NamedTuple):
    """What an address of ours names."""

    tag: Tag
    token: str


def tagged(mailbox: str, tag: Tag, token: str) -> str:
    """The mailbox with a tag; one that has a tag of its own keeps it."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+{tag}{token}@{domain}"


def read(address: str, mailbox: str) -> Tagged | None:
    """What an address names, where it is a tagged one of this mailbox; case does not count."""
    local, _, domain = mailbox.casefold().rpartition("@")
    before, _, rest = address.strip().casefold().rpartition("@")
    mark = before.removeprefix(f"{local}+")
    if rest != domain or mark == before or mark[:1] not in {*Tag} or not mark[1:].isalnum():
        return None
    return Tagged(Tag(mark[:1]), mark[1:])
