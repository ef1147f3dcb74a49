"""The console script `crm`."""

from __future__ import annotations

import os
import sys

import click

from crm.cli import data, doctor, people
from crm.cli.common import core, read_settings
from crm.settings import SettingsError


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
    from crm.core import migrate  # `crm up` does without the database's libraries

    migrate(core(checked=False))


COMMANDS = (
    people.user,
    people.token,
    data.import_,
    data.export,
    data.backup,
    data.restore,
    data.demo,
    doctor.doctor,
)
for command in COMMANDS:
    main.add_command(command)
