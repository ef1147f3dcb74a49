"""Programs: which calendar a visitor is, by what it calls itself, and what is known of its habits."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from crm.domain import words

#: As much as the column has room for.
LONGEST = 40
_HOUR = timedelta(hours=1)
_NAME = re.compile(r"[^/(;,\s][^/(;,]*")


class Program(NamedTuple):
    """A calendar program: what people call it, and how often it comes as long as nothing was measured."""

    name: str
    #: None where it depends on its user, or nobody knows.
    usual: timedelta | None = None


PROGRAMS = {
    "google": Program("Google Calendar", 12 * _HOUR),
    "apple": Program("Apple Calendar", _HOUR),
    "outlook": Program("Outlook", 3 * _HOUR),
    "thunderbird": Program("Thunderbird", _HOUR / 2),
    "nextcloud": Program("Nextcloud", _HOUR),
    "proton": Program("Proton Calendar", 8 * _HOUR),
    "fastmail": Program("Fastmail", _HOUR),
    "browser": Program("A browser"),
    "unknown": Program("A program without a name"),
    "others": Program("Other programs"),
}
#: What they call themselves, in the order in which it is looked for: many also call themselves a browser.
_SIGNS = {
    "google-calendar": "google",
    "googlebot": "google",
    "feedfetcher-google": "google",
    "thunderbird": "thunderbird",
    "betterbird": "thunderbird",
    "nextcloud": "nextcloud",
    "owncloud": "nextcloud",
    "protoncalendar": "proton",
    "proton": "proton",
    "fastmail": "fastmail",
    "outlook": "outlook",
    "microsoft": "outlook",
    "exchange": "outlook",
    "dataaccessd": "apple",
    "calendaragent": "apple",
    "calendard": "apple",
    "ical/": "apple",
    "coredav": "apple",
    "accountsd": "apple",
    "mozilla/": "browser",
}


@lru_cache(maxsize=1024)
def program_of(agent: str) -> str:
    """What is kept of a User-Agent: one of `PROGRAMS`, else its first words, shortened."""
    lower = agent.casefold()
    for sign, known in _SIGNS.items():
        if sign in lower:
            return known
    match = _NAME.search(words.line(agent))
    return match[0].strip()[:LONGEST] if match else "unknown"


def program(key: str) -> Program:
    """What is known of a program that was kept so."""
    return PROGRAMS.get(key) or Program(key)
