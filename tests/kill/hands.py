"""The workers of the game: what each has in hand, and what it asked the journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crm.domain.mail import Claimed, Doubt


@dataclass
class Hand:
    """One worker's: letters under claim, the one on its way, and the one that the server took."""

    number: int

    letters: list[Claimed] = field(default_factory=list)
    until: Any = None
    on_its_way: Claimed | None = None
    since: Any = None
    taken: Claimed | None = None


def is_idle(hand: Hand) -> bool:
    """It has nothing in it."""
    return hand == Hand(hand.number, until=hand.until, since=hand.since)


def is_busy(hand: Hand) -> bool:
    """It has something in it."""
    return not is_idle(hand)


def is_ready(hand: Hand) -> bool:
    """The next letter's turn has come."""
    return bool(hand.letters) and hand.on_its_way is None


def is_sending(hand: Hand) -> bool:
    """A letter is on its way."""
    return hand.on_its_way is not None


def is_at_its_end(hand: Hand) -> bool:
    """It has something in it, and nothing is on its way."""
    return is_busy(hand) and not is_sending(hand)


@dataclass
class Question:
    """What a worker asked the journal, and what it heard."""

    doubts: list[Doubt]
    found: list[bool]
    at: Any


def is_plain(*letters: Claimed | None) -> bool:
    """Whether all of them are to the user."""
    return all(letter is None or letter.contact_id is None for letter in letters)
