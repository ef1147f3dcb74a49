"""Where the files are that come with the program."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
#: Links in a checkout, so that these folders stand at its top; real folders in an installed copy.
TEMPLATES = (PACKAGE / "_templates").resolve()
MIGRATIONS = (PACKAGE / "_migrations").resolve()
PROCFILE = (PACKAGE / "Procfile").resolve()
STATIC = PACKAGE / "static"
#: The checkout that the package lies in, None where it was installed.
CHECKOUT = PACKAGE.parent if (PACKAGE / "_templates").is_symlink() else None
