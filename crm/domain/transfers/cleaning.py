"""Text from anywhere, made fit to store: one form of Unicode, no control characters, single spaces."""

from __future__ import annotations

import re
import unicodedata

from crm.domain.transfers.rows import MOST_BYTES

#: Controls (tab and line breaks are dealt with before), zero-width spaces, and the marks that turn the
#: direction of what follows: phones put them around numbers, and they can make one name look like another.
UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
#: A label of a domain, in any script; the last one does not begin with a digit.
LABEL = r"[^\s@<>()\[\]\\,;:\"./]"
EMAIL = re.compile(rf"[^\s@<>()\[\]\\,;:\"]{{1,64}}@(?:{LABEL}+\.)+(?!\d){LABEL}{{2,}}")
URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+|[a-z0-9][a-z0-9-]+\.(?:[a-z0-9-]+\.)*[a-z]{2,}(?:/[^\s<>\"]*)?",
    re.IGNORECASE,
)
PHONE = re.compile(
    r"(?:tel:)?\+?[\d(][\d\s().\-/–]{4,}\d(?:\s*(?:x|ext\.?|extension|#)\s*\d{1,6})?", re.IGNORECASE
)

#: What people write where nobody and nothing is meant.
NOBODY = frozenset(
    """tbd|tba|tbc|t.b.d.|t.b.a.|to be determined|to be announced|n/a|n.a.|n.a|not available|not applicable
    |none|null|nil|unknown|vacant|pending|nobody|nn|n.n.|k.a.|k/a|keine|keine angabe|unbekannt
    |aucun|aucune|s/o|non renseigné|ninguno|ninguna|ingen|okänd|ukendt|?|??|???|x|xx|xxx|無|无""".replace(
        "\n    ", ""
    ).split("|")
)
DASHES = frozenset("-–—―−_./\\*~ ")


def word_set(text: str) -> frozenset[str]:
    """A set of words, written as one string."""
    return frozenset(text.split())


def one_line(text: str) -> str:
    """The text on one line: NFC, no control characters, single spaces."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    return " ".join(UNWANTED.sub("", LINE_BREAK.sub(" ", unicodedata.normalize("NFC", text))).split())


def lines(text: str) -> str:
    """The same for notes and postal addresses, whose lines stay apart."""
    kept = [one_line(line) for line in LINE_BREAK.split(text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def means_nothing(text: str) -> bool:
    """Whether a value is empty or a way to say so: "TBD", "n/a", "-"."""
    return not text or text == "NA" or text.casefold() in NOBODY or DASHES.issuperset(text)


def folded(text: str) -> str:
    """For comparing words: without case, accents and anything but letters and digits."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())


def shortened(text: str, longest: int) -> str:
    """The beginning of a text, with an ellipsis where something was left out."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def is_email(text: str) -> bool:
    """Whether this looks like an e-mail address, in any script; it is not asked whether it works."""
    return "@" in text and len(text) <= 254 and EMAIL.fullmatch(text) is not None


def is_url(text: str) -> bool:
    """Whether this looks like a web address, with or without https."""
    return "." in text and "@" not in text and URL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Whether this looks like a telephone number: at least six digits and little else."""
    return PHONE.fullmatch(text) is not None and sum(c.isdigit() for c in text) >= 6


def emails_in(text: str) -> list[str]:
    """The addresses in a cell that may hold several, or a name beside one."""
    return EMAIL.findall(re.sub(r"mailto:", " ", text, flags=re.IGNORECASE)) if "@" in text else []


def is_too_large(content: bytes) -> bool:
    """Whether a file is larger than any list that is taken."""
    return len(content) > MOST_BYTES
