"""vCards cut apart, without their pictures, so that a broken card spoils no other; then parsed by vobject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import vobject

from crm.domain.transfers.cleaning import word_set
from crm.domain.transfers.tables import Lines

#: The properties that are read; pictures, sounds and keys never reach the parser.
READ = word_set("N FN ORG TITLE ROLE EMAIL TEL ADR URL NOTE CATEGORIES KIND X-ABSHOWAS X-SOCIALPROFILE")
PROPERTY = re.compile(r"(?:[\w-]+\.)?([A-Za-z][\w-]*)[;:]")
BEGIN, END = "BEGIN:VCARD", "END:VCARD"
DAMAGED = "NOTE:Something on this card was damaged and is missing."
#: So many signs more than belong there are still read; each further one might double the time.
KNOTS = 10
#: Characters of a property before its value, and properties of one card.
HEAD, MOST = 500, 300
#: What vobject raises on broken input: its own errors, and what slips through it.
TROUBLE = (vobject.base.VObjectError, ValueError, LookupError, AttributeError, TypeError)


@dataclass
class Card:
    """One card: its first line in the file, and the lines of the properties that are read."""

    line: int
    after: int = 0
    is_closed: bool = False
    properties: list[str] = field(default_factory=list)
    is_reading: bool = False

    def add(self, line: str) -> None:
        """One more line; what belongs to a property that is not read is left out."""
        line = line.rstrip("\r\n")
        encoded = bool(self.properties) and self.is_reading and _is_cut(self.properties[-1])
        found = None if encoded or line[:1] in " \t" else PROPERTY.match(line)
        if found:
            self.is_reading = found.group(1).upper() in READ
        if encoded and not line.strip():
            self.properties[-1] = self.properties[-1].rstrip("=")
        elif self.is_reading and line.strip():
            self.properties.append(line if found or encoded or line[:1] in " \t" else f" {line}")


def cards_in(text: str, start: int) -> Iterator[Card]:
    """The cards from a place on; one that has no end is not closed."""
    found, card, depth = Lines(text, start), None, 0
    begins = found.at
    for line in found:
        word = line[:14].strip().upper() if line[:1] in "BbEe" else ""
        if word == BEGIN and card and not _holds_agent(text, begins):
            card.after = begins
            yield card
            card, depth = Card(found.number), 1
        elif word == BEGIN:
            card, depth = card or Card(found.number), depth + 1
        elif word == END and card:
            depth -= 1
            if not depth:
                card.after, card.is_closed = found.at, True
                yield card
                card = None
        elif card and depth == 1:
            card.add(line)
        begins = found.at
    if card:
        card.after = found.at
        yield card


def _holds_agent(text: str, begins: int) -> bool:
    """A card inside a card (2.1): the line before it is "AGENT:"."""
    before = text[max(0, begins - 40) : begins].rstrip().rsplit("\n", 1)[-1]
    return before.upper().startswith("AGENT") and before.endswith(":")


def _is_cut(line: str) -> bool:
    """A soft line break of quoted-printable: the next line goes on, whatever it looks like."""
    return line.endswith("=") and (
        line[:1] in " \t=" or "QUOTED-PRINTABLE" in line.upper() or ":" not in line
    )


def contents(card: Card) -> dict[str, list[Any]]:
    """The values of each property, the preferred one first.

    Where the card as a whole cannot be read, its properties are, one by one, and the damaged are left out.
    """
    properties = _properties(card)
    if len(properties) > MOST:
        raise ValueError("This is more than any person has.")
    try:
        if any(map(_is_knotted, properties)):
            raise ValueError(DAMAGED)
        return _parsed(card.properties)
    except TROUBLE:
        return _parsed([part for part in properties if _can_be_read(part)] + [DAMAGED])


def _parsed(properties: list[str]) -> dict[str, list[Any]]:
    """All versions are read by the rules of 3.0, which are the most lenient."""
    text = "\r\n".join([BEGIN, "VERSION:3.0", *properties, END, ""])
    found: dict[str, list[Any]] = {}
    for child in vobject.readOne(text, allowQP=True).getChildren():
        kinds = _kinds(child)
        if child.name == "TEL" and kinds & {"FAX", "PAGER"}:
            continue
        values = found.setdefault(child.name, [])
        values.insert(0 if "PREF" in kinds and child.name != "NOTE" else len(values), child.value)
    return found


def _kinds(child: Any) -> set[str]:
    """Give "WORK", "FAX", "PREF", however the version writes them."""
    kinds = [*getattr(child, "singletonparams", []), *child.params.get("TYPE", [])]
    return {kind.upper() for kind in kinds} | ({"PREF"} if child.params.get("PREF") == ["1"] else set())


def _properties(card: Card) -> list[str]:
    """The card's properties, each with the lines that belong to it."""
    parts: list[str] = []
    for line in card.properties:
        if parts and (
            line[:1] in " \t" or _is_cut(parts[-1].rsplit("\r\n", 1)[-1]) or not PROPERTY.match(line)
        ):
            parts[-1] += f"\r\n{line}"
        else:
            parts.append(line)
    return parts


def _is_knotted(part: str) -> bool:
    """Parameters that are no parameters: the library's patterns would try all ways to pair their signs."""
    head = part.partition(":")[0]
    # What is quoted may hold a colon: what counts then may stand anywhere.
    counted = part if '"' in head else head
    signs = counted.count("=") - counted.count(";"), counted.count('"'), head.count(";")
    return len(head) > HEAD or max(signs) > KNOTS


def _can_be_read(part: str) -> bool:
    if _is_knotted(part):
        return False
    try:
        _parsed([part])
    except TROUBLE:
        return False
    return True
