"""Where the files are that come with the program: in a checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _checkout() -> Path | None:
    """The checkout that this package lies in, None when it was installed."""
    root = PACKAGE.parent
    # All three, since a site-packages folder may hold somebody else's "templates".
    marks = (root / "pyproject.toml", root / "Procfile", root / "templates")
    return root if all(mark.exists() for mark in marks) else None


CHECKOUT = _checkout()
TEMPLATES = CHECKOUT / "templates" if CHECKOUT else PACKAGE / "_templates"
MIGRATIONS = CHECKOUT / "migrations" if CHECKOUT else PACKAGE / "_migrations"
PROCFILE = CHECKOUT / "Procfile" if CHECKOUT else PACKAGE / "Procfile"
STATIC = PACKAGE / "static"
