"""Commands about accounts: add one, let somebody choose a new password, make a token for a program."""

from __future__ import annotations

import sys

import click

from crm.cli.common import migrated


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("email")
@click.option("--name", default="", help="What letters call them; by default the part before the @.")
@click.option("--timezone", default="UTC", help="An IANA zone such as Europe/Berlin.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input.")
def add_user(email: str, name: str, timezone: str, password_stdin: bool) -> None:
    """Add an account. Without a password the link to choose one is printed."""
    from crm.cli import accounting  # loads the pages, which know how passwords are kept

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with accounting.web(migrated()):
        added = accounting.add(email, name or email.partition("@")[0], timezone, password)
        link = None if password else accounting.reset_link(added)
    click.echo(link or f"{email} can sign in.")


@user.command("reset")
@click.argument("email")
def reset_user(email: str) -> None:
    """Print the link by which somebody chooses a new password; it works once, for an hour."""
    from crm.cli import accounting  # loads the pages, which know how passwords are kept
    from crm.cli.importing import user_of

    with accounting.web(migrated()):
        click.echo(accounting.reset_link(user_of(email)))


@click.group()
def token() -> None:
    """Tokens of programs that use the API."""


@token.command("add")
@click.argument("email")
@click.option("--name", default="command line", help="What the settings page calls the token.")
def add_token(email: str, name: str) -> None:
    """Print a new token of that account, this once."""
    from crm.cli import accounting  # loads the database's libraries
    from crm.cli.common import core
    from crm.cli.importing import user_of

    with core().app_context():
        click.echo(accounting.add_token(user_of(email), name))
