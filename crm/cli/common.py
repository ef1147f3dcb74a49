"""What the commands share: the settings, and the small application on a database that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.settings import Settings, SettingsError

if TYPE_CHECKING:
    from flask import Flask


def read_settings() -> Settings:
    """The settings, with a wrong one as a line instead of a traceback."""
    try:
        return Settings.read()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def migrated() -> Settings:
    """The settings of an installation whose database is at this program's version."""
    core()
    return read_settings()


def core(*, checked: bool = True) -> Flask:
    """The small application; with `checked` only on a database at this program's version."""
    # Loaded when needed: `crm up` starts in a blink, since it does without the database's libraries.
    from crm.core import Unmigrated, check_migrated, create_core

    app = create_core(read_settings())
    if checked:
        try:
            check_migrated(app)
        except Unmigrated as error:
            raise click.ClickException(str(error)) from error
    return app
