"""The console script `crm`."""

from __future__ import annotations

import os
import sys

import click

from crm.settings import Settings, SettingsError


@click.group()
def main() -> None:
    """Fika: informational interviews, and the promises made in them."""
    # What we write is about people: files are for their owner alone.
    os.umask(0o077)


@main.command()
def up() -> None:
    """Start the pages, the worker and the scheduler, and keep them running."""
    from crm import supervisor  # the other commands do without

    try:
        sys.exit(supervisor.up(read_settings()))
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


@main.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database's tables up to this version."""
    # `crm up` starts in a blink and stays small, since it doesn't load the database's libraries.
    from crm.core import create_core, migrate

    migrate(create_core(read_settings()))


def read_settings() -> Settings:
    """The settings, with a wrong one as a line instead of a traceback."""
    try:
        return Settings.read()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
