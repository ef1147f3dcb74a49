"""Text as people type and paste it, made fit to be kept, compared and put into a header."""

from __future__ import annotations

import hashlib
import re
import unicodedata

#: Control characters, lone surrogates, line and paragraph separators: Unicode never adds to these.
_CONTROLS = r"\x0e-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029"
_UNFIT = re.compile(rf"[\x00-\x0d{_CONTROLS}]")
#: The same, but for tabs and newlines.
_UNFIT_IN_BLOCK = re.compile(rf"[\x00-\x08\x0b-\x0d{_CONTROLS}]")
#: What a key has room for, and an index too.
KEY = 400
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{4,}")
#: Everything that ends a line somewhere; spreadsheets and telephones use the rarer ones.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
#: What a name may begin with that nobody is called by.
_TITLES = {"dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir", "dame", "rev", "herr", "frau"}


#: Marks that turn the text around them: a name that holds one would turn what stands beside it.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def line(text: str) -> str:
    """One line: composed Unicode, single spaces, nothing that could break a header."""
    text = unicodedata.normalize("NFC", text).translate(_TURNING)
    return _SPACES.sub(" ", _UNFIT.sub(" ", text)).strip()


def block(text: str) -> str:
    """Several lines: line ends are newlines, other control characters are gone."""
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    return _BLANK_LINES.sub("\n\n\n", _UNFIT_IN_BLOCK.sub("", text)).strip()


def is_blank(text: str) -> bool:
    """Whether nothing in it can be seen: zero-width characters make no name."""
    return all(unicodedata.category(c)[0] in "CZ" for c in text)


def key(text: str) -> str:
    """What two spellings of the same name share: compatibility forms, case and spaces folded.

    At most KEY characters: some letters fold into eighteen.
    """
    if text.isascii():
        return line(text).lower()[:KEY]
    # Twice, since what is folded may compose into something that folds again (Unicode §3.13, D147).
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return line(unicodedata.normalize("NFKC", folded.casefold()))[:KEY].strip()


def initials(name: str) -> str:
    """Up to two letters that stand for a name: "Ada Lovelace" is "AL"."""
    parts = [part for part in line(name).split() if part[0].isalnum()]
    chosen = parts[:1] + parts[-1:] if len(parts) > 1 else parts
    return "".join(part[0] for part in chosen).upper() or "?"


def first_name(name: str) -> str:
    """What to call somebody in a letter to the seeker: the first word of the name.

    The whole of it where that word is a title, or the family's name ("Lovelace, Ada").
    """
    first = line(name).split(" ")[0]
    return line(name) if first.endswith(",") or first.rstrip(".").casefold() in _TITLES else first


def digest(secret: str) -> str:
    """What is kept of a secret that was shown once."""
    return hashlib.sha256(secret.encode()).hexdigest()


def plural(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 day", "3 days", "1,000 days"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
