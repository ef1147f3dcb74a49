"""What a wrong setting is called."""

from __future__ import annotations


class SettingsError(ValueError):
    """A variable of the environment is wrong; one line that names it."""
