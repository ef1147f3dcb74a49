"""What may stand in a field: every limit of every input, with the sentence for breaking it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from crm.domain import clock, words
from crm.domain.errors import Invalid

Cleaner = Callable[[Any], Any]

#: The longest name, title and the like.
LINE = 200
NOTES = 20_000
TAGS = 30


class Unfit(ValueError):
    """A value that cannot be used, with the sentence that says why."""


def clean(values: Mapping[str, Any], table: Mapping[str, Cleaner]) -> dict[str, Any]:
    """The values made fit by their cleaners; Invalid names every field that is not."""
    cleaned: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field, value in values.items():
        if field not in table:
            errors[field] = "This field is not known here."
            continue
        try:
            cleaned[field] = table[field](value)
        except Unfit as unfit:
            errors[field] = str(unfit)
        except Invalid as invalid:
            errors[field] = invalid.sentence
    if errors:
        raise Invalid(**errors)
    return cleaned


def required(what: str, limit: int = LINE) -> Cleaner:
    """A line that must not be empty."""

    def cleaner(value: Any) -> str:
        text = words.line(_text(value))
        if words.is_blank(text):
            raise Unfit(f"Please give {what}.")
        return _within(text, limit)

    return cleaner


def line(limit: int = LINE) -> Cleaner:
    """A line that may be empty: None then."""
    return lambda value: _within(words.line(_text(value)), limit) or None


def block(limit: int = NOTES) -> Cleaner:
    """Several lines that may be empty: None then."""
    return lambda value: _within(words.block(_text(value)), limit) or None


def choice(kind: type[StrEnum]) -> Cleaner:
    """One word of a list, or none."""

    def cleaner(value: Any) -> StrEnum | None:
        if value in (None, ""):
            return None
        try:
            return kind(value)
        except ValueError:
            raise Unfit(f"Choose one of: {', '.join(kind)}.") from None

    return cleaner


def choices(kind: type[StrEnum]) -> Cleaner:
    """Any words of a list, in the list's order, each once."""
    known = [word.value for word in kind]

    def cleaner(value: Any) -> tuple[str, ...]:
        given = value if isinstance(value, list | tuple | set) else [value] if value else []
        if any(word not in known for word in given):
            raise Unfit(f"Choose among: {', '.join(kind)}.")
        return tuple(word for word in known if word in given)

    return cleaner


def email(value: Any) -> str | None:
    """An address with one @ and a domain; nobody is asked whether it exists."""
    text = words.line(_text(value)).removeprefix("mailto:")
    if not text:
        return None
    try:
        found = validate_email(_within(text, 254), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Unfit(f"“{text[:80]}” is not an e-mail address. It looks like name@example.org.") from None
    return found.normalized


def required_email(value: Any) -> str:
    """An address that must be there."""
    found = email(value)
    if not found:
        raise Unfit("Please give an e-mail address.")
    return found


def web_address(value: Any) -> str | None:
    """An http or https address; one without a scheme gets https."""
    text = _within(words.line(_text(value)), 500)
    if not text:
        return None
    if "://" not in text:
        text = f"https://{text}"
    parts = _split(text)
    if parts is None or parts[0] not in ("http", "https") or not parts[1] or " " in text:
        raise Unfit("This is not a web address. It looks like https://example.org/somebody.")
    return text


def timezone(value: Any) -> str | None:
    """An IANA zone, or none."""
    return clock.zone(str(value)).key if value else None


def tags(value: Any) -> list[str]:
    """Words to sort by: from a list or a comma-separated line, each once, in order."""
    given: Iterable[Any] = value if isinstance(value, list | tuple) else _text(value).split(",")
    kept: dict[str, str] = {}
    for tag in (words.line(_text(tag)) for tag in given):
        if len(tag) > 50:
            raise Unfit("A tag has at most 50 characters.")
        if tag:
            kept.setdefault(words.key(tag), tag)
    if len(kept) > TAGS:
        raise Unfit(f"A contact has at most {TAGS} tags.")
    return list(kept.values())


def number(least: int, most: int, what: str) -> Cleaner:
    """A whole number between two."""

    def cleaner(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Unfit(f"{what} must be a whole number between {least} and {most}.")
        return value

    return cleaner


def as_is(value: Any) -> Any:
    """A value that its verb checks."""
    return value


def _text(value: Any) -> str:
    """What should be text, where it is; nothing where nothing was given."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        raise Unfit("This has to be text.")
    return value


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Unfit(f"This is too long: {len(text):,} characters, at most {limit:,} fit.")
    return text


def _split(text: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(text)
        # A port that is no number is found out only when it is asked for.
        return parts.scheme, (parts.hostname or "") if parts.port != 0 else ""
    except ValueError:
        return None
