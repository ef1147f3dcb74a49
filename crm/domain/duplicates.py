"""Who is the same person: the keys by which somebody on a list is found among the contacts.

The strongest key that both have decides: e-mail address, LinkedIn profile, name and organisation, name
and telephone, and a name alone only where nothing else speaks against it. A person who was added twice
can be merged; two who were taken for one are lost, so that a doubt makes two.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import unquote

from crm.domain import words

LINKEDIN = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/(in|pub)/([^\s/?#]+)", re.IGNORECASE)
EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension|#)\s*\d{1,6}$", re.IGNORECASE)


class Strength(IntEnum):
    """How much a shared key says; the strongest first."""

    EMAIL = 1
    LINKEDIN = 2
    NAME_AND_ORGANISATION = 3
    NAME_AND_PHONE = 4
    NAME = 5


Key = tuple[Strength, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one person from another, each part folded; empty where it is not known."""

    name: str
    email: str = ""
    linkedin: str = ""
    phone: str = ""
    organisation: str = ""
    title: str = ""
    #: The address is also somebody else's: it proves nothing.
    shares_email: bool = False

    @property
    def keys(self) -> tuple[Key, ...]:
        """By what this person is found, the strongest first."""
        found: list[Key] = [(Strength.EMAIL, self.email)] if self.email else []
        if self.linkedin:
            found.append((Strength.LINKEDIN, self.linkedin))
        if self.name and self.organisation:
            found.append((Strength.NAME_AND_ORGANISATION, f"{self.name}\n{self.organisation}"))
        if self.name and self.phone:
            found.append((Strength.NAME_AND_PHONE, f"{self.name}\n{self.phone}"))
        if self.name and not self.organisation:
            found.append((Strength.NAME, self.name))
        return tuple(found)


def identity(
    name: str,
    *,
    email: str | None = None,
    linkedin_url: str | None = None,
    phone: str | None = None,
    organisation: str | None = None,
    title: str | None = None,
    shares_email: bool = False,
) -> Identity:
    """Fold the facts of a person for comparing."""
    return Identity(
        name=words.key(name),
        email=words.key(email or ""),
        linkedin=linkedin_key(linkedin_url or ""),
        phone=phone_key(phone or ""),
        organisation=words.key(organisation or ""),
        title=words.key(title or ""),
        shares_email=shares_email,
    )


def linkedin_key(url: str) -> str:
    """What all spellings of a profile's address share; empty for other addresses."""
    found = LINKEDIN.match(url)
    return words.key(f"{found.group(1)}/{unquote(found.group(2))}") if found else ""


def linkedin_spellings(url: str) -> list[str]:
    """The addresses under which a profile is likely to have been kept; empty for other addresses."""
    found = LINKEDIN.match(url)
    if not found:
        return []
    profile = f"linkedin.com/{found.group(1)}/{found.group(2)}"
    hosts = ("https://www.", "http://www.", "https://")
    return list(dict.fromkeys([url, *(host + profile for host in hosts), f"https://www.{profile}/"]))


def phone_key(phone: str) -> str:
    """The last seven digits, shared by spellings with and without codes of country and area; no extension."""
    digits = re.sub(r"\D", "", EXTENSION.sub("", phone))
    return digits[-7:] if len(digits) >= 6 else ""


def are_same(one: Identity, other: Identity, strength: Strength) -> bool:
    """Whether two who share a key of this strength are one person."""
    if strength is Strength.LINKEDIN:
        return True
    if strength is Strength.EMAIL:
        return one.name == other.name or (
            not (one.shares_email or other.shares_email) and _may_share(one, other)
        )
    if _differ(one.email, other.email) or _differ(one.linkedin, other.linkedin):
        return False
    return strength is not Strength.NAME or _is_nothing_against(one, other)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _is_nothing_against(one: Identity, other: Identity) -> bool:
    """Nothing that both have differs, and one of them has nothing by which to be told from the other."""
    if one.organisation or other.organisation:
        return False
    if _differ(one.phone, other.phone) or _differ(one.title, other.title):
        return False
    mine, theirs = (frozenset({p.email, p.linkedin, p.phone} - {""}) for p in (one, other))
    return mine <= theirs or theirs <= mine


def _may_share(one: Identity, other: Identity) -> bool:
    """Whether two names with one address may be one person's: Bob and Robert Ek of ek@…, not of info@…."""
    local = _plain(one.email.partition("@")[0])
    mine, theirs = _tokens(one), _tokens(other)
    if mine <= theirs or theirs <= mine:
        return True
    return any(token in local.split() or (len(token) > 2 and token in local) for token in mine & theirs)


def _tokens(person: Identity) -> frozenset[str]:
    """The words of a name; none where somebody is called by their address."""
    return frozenset(_plain(person.name).split()) if "@" not in person.name else frozenset()


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))


class Known:
    """People by their keys, each under a number of the caller's."""

    def __init__(self) -> None:
        self._by_key: dict[Key, list[int]] = defaultdict(list)
        self._people: dict[int, Identity] = {}

    def add(self, number: int, person: Identity) -> None:
        """Let a person be found, also by what is known of them only now."""
        before = self._people.get(number)
        self._people[number] = person
        for key in person.keys:
            if before is None or key not in before.keys:
                self._by_key[key].append(number)

    def find(self, person: Identity) -> int | None:
        """The number of the same person, by the strongest key; of several, whose name is the same."""
        for key in person.keys:
            same = [n for n in self._by_key.get(key, ()) if are_same(person, self._people[n], key[0])]
            if same:
                return min(same, key=lambda n: (self._people[n].name != person.name, same.index(n)))
        return None
