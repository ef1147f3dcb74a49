"""Is all of it well? Asked by load balancers, by the line above every page, and by `crm doctor`."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from crm import broker, core, deaths
from crm.database import db
from crm.domain import health, humane, inbox
from crm.domain.health import Part
from crm.models import Cursor
from crm.settings import ImapTarget, Settings

log = logging.getLogger(__name__)

#: So long after a process was started again the pages still say that it had stopped.
TOLD = timedelta(minutes=1)
#: What the supervisor calls its processes, in words.
PROCESSES = {
    "web": "The web server",
    "worker": "The worker",
    "beat": "The scheduler",
    "broker": "The broker",
}


def parts(settings: Settings, *, now: datetime) -> list[Part]:
    """Every part of the house, in the order in which they need each other.

    Without its database nothing can be said about what lives by it.
    """
    found = [_database()]
    if found[0].well:
        found.append(_migrations())
    found.append(_broker(settings))
    if all(part.well for part in found if part.name != "broker"):
        died = deaths.deaths(settings.data_dir)
        grace = timedelta(seconds=settings.mail_journal_grace)
        found += health.parts(now=now, deaths=died, sends=settings.smtp is not None, grace=grace)
    return found


def mailbox(settings: Settings) -> Cursor | None:
    """How reading the mailbox goes; None where none is read, or none was yet."""
    target = settings.imap
    return inbox.of(_account(target)) if target else None


def mailbox_trouble(settings: Settings, *, now: datetime) -> Cursor | None:
    """The mailbox, where it could not be read for a while; pages and letters do without it."""
    target = settings.imap
    return inbox.lasting_trouble(_account(target), now=now) if target else None


def _account(target: ImapTarget) -> str:
    return inbox.account(target.host, str(target.port), target.user, target.mailbox)


def silence(settings: Settings, *, since: datetime, now: datetime) -> str:
    """Why nothing has come of what was asked for: the parts that are ill, else who gave no sign since."""
    ill = [part.sentence for part in parts(settings, now=now) if not part.well and part.name != "due"]
    return " ".join(ill) or health.silent_since(since)


def restarted(settings: Settings, *, now: datetime) -> list[str]:
    """A sentence for each process that stopped within the last minute."""
    return [
        f"{PROCESSES.get(name, name)} stopped {humane.span(now - died_at)} ago and was started again."
        for name, died_at in deaths.deaths(settings.data_dir).items()
        if now - died_at < TOLD
    ]


def _database() -> Part:
    try:
        db.session.execute(text("SELECT 1"))
    except (DBAPIError, PoolTimeout) as error:
        db.session.rollback()
        # Everybody may ask; where the database lives is for the log.
        log.error("The database does not answer: %s", _first_line(error))
        return Part("database", well=False, sentence="The database does not answer.")
    return Part("database", well=True)


def _migrations() -> Part:
    found, wanted = core.found_version(), core.wanted_version()
    if found == wanted:
        return Part("migrations", well=True)
    sentence = (
        f"The database is at version {found or 'none'}, this program needs {wanted}: run 'crm db upgrade'."
    )
    return Part("migrations", well=False, sentence=sentence)


def _broker(settings: Settings) -> Part:
    if broker.pings(settings):
        return Part("broker", well=True)
    sentence = "The broker does not answer. Nothing is lost: letters and imports wait until it is back."
    return Part("broker", well=False, sentence=sentence)


def _first_line(error: Exception) -> str:
    """What the driver says, without the statement and its values."""
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]
