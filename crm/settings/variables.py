"""The environment's variables one by one: words, numbers, choices, each with a sentence where it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from crm.settings.errors import SettingsError


class SignUp(StrEnum):
    """Who may create an account."""

    FIRST = "first"
    OPEN = "open"
    CLOSED = "closed"


class Variables:
    """The variables, where an empty one counts as not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        """The value, stripped, or the default."""
        return self._environ.get(name, "").strip() or default

    def maybe(self, name: str) -> str | None:
        """The value, or None."""
        return self.text(name, "") or None

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number between two limits, both allowed."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise SettingsError(f"{name} must be a number between {least} and {most}, not {value!r}.")
        return int(value)

    def choice(self, name: str, default: SignUp) -> SignUp:
        """One of a few words."""
        value = self.text(name, default)
        if value not in [word.value for word in SignUp]:
            raise SettingsError(f"{name} must be one of {', '.join(SignUp)}, not {value!r}.")
        return SignUp(value)

    def flag(self, name: str) -> bool:
        """Yes or no, as 1 or 0."""
        value = self.text(name, "0")
        if value not in ("0", "1"):
            raise SettingsError(f"{name} must be 0 or 1, not {value!r}.")
        return value == "1"
