"""Names inside of our sentences."""

from __future__ import annotations

import unicodedata

from crm.domain import words

#: First strong isolate, and its end (UAX #9): the sentence around keeps its own direction.
ISOLATE, END = "\u2068", "\u2069"


def first(name: str) -> str:
    """What somebody is called in a sentence."""
    return said(words.first_name(name))


def said(name: str) -> str:
    """A name for a sentence in plain text; one that runs from right to left leaves the sentence alone."""
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name):
        return f"{ISOLATE}{name}{END}"
    return name
