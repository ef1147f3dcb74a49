"""Commands about what is stored: bring lists in, take everything out, back up, restore, demonstrate."""

from __future__ import annotations

import time
from pathlib import Path

import click

from crm.cli.common import core, read_settings

FILE = click.Path(path_type=Path, dir_okay=False)
EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("import")
@click.argument("file", type=EXISTING)
@click.option("--user", "email", required=True, help="The address of the account.")
@click.option("--source", default="", help="Where the list comes from.")
def import_(file: Path, email: str, source: str) -> None:
    """Bring a list of contacts in, here and now."""
    from crm.cli import importing  # loads the database's libraries

    with core().app_context():
        click.echo(importing.load(file, email, source))


@click.command()
@click.option("--user", "email", required=True, help="The address of the account.")
@click.option("--to", "file", type=FILE, required=True, help="The ZIP file to write.")
def export(email: str, file: Path) -> None:
    """Take everything of a user's out: a ZIP of CSV and JSON."""
    from crm import takeout  # loads the database's libraries
    from crm.cli.importing import user_of

    with core().app_context():
        count = takeout.write(file, user_of(email))
    click.echo(f"{count} rows written to {file}.")


@click.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write everything into one file, while Fika runs."""
    from crm import backup as backups  # loads the database's libraries
    from crm.database import utcnow

    with core().app_context():
        count = backups.write(file, now=utcnow())
    click.echo(f"{count} rows written to {file}. Keep the file as safe as the database.")


@click.command()
@click.argument("file", type=EXISTING)
def restore(file: Path) -> None:
    """Fill an empty database from a backup."""
    from crm import backup as backups  # loads the database's libraries

    with core().app_context():
        try:
            count = backups.restore(file)
        except backups.CannotRestore as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{count} rows restored.")


@click.command()
def demo() -> None:
    """Fill the demonstration's own database with a living workspace, dated from today."""
    settings = read_settings()
    if not settings.never_send or not settings.database_url.startswith("sqlite"):
        raise click.ClickException("The demonstration has data of its own: start it with ./dev demo.")
    begun = time.monotonic()
    from crm.cli import demonstrating  # loads the database's libraries

    count, email, password = demonstrating.fill(settings)
    click.echo(f"{count} contacts told in {time.monotonic() - begun:.1f} s. No letter will leave.")
    click.echo(f"Sign in as {email} with the password: {password}")
