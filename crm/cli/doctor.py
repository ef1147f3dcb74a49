"""`crm doctor`: a sentence for everything that is not well."""

from __future__ import annotations

import sys

import click

from crm.cli.common import read_settings


@click.command()
def doctor() -> None:
    """Look whether database, broker, worker, scheduler, mail server and time zones are well."""
    from crm.cli import examining  # loads the database's libraries

    ill = 0
    for name, sentence in examining.findings(read_settings()):
        click.echo(f"{'ok' if not sentence else '!!':<4}{name:<12}{sentence}".rstrip())
        ill += bool(sentence)
    sys.exit(1 if ill else 0)
