"""What `crm doctor` looks at: all that `/readyz` does, and besides the mail server and the time zones."""

from __future__ import annotations

import importlib.metadata
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm import checkup
from crm.core import create_core
from crm.database import db, utcnow
from crm.domain import health, humane
from crm.settings import Settings

#: Seconds in which a mail server that is there answers.
PATIENCE = 5.0


def findings(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each thing with the sentence that says what is wrong; an empty one where nothing is."""
    with create_core(settings).app_context():
        parts = checkup.parts(settings, now=utcnow())
        for part in parts:
            yield part.name, part.sentence
        if all(part.well for part in parts if part.name in ("database", "migrations")):
            yield "mail channel", _channel()
            yield "mailbox", _mailbox(settings)
        db.session.remove()
        db.engine.dispose()
    yield "mail server", _mail_server(settings)
    yield "sender", _sender(settings)
    yield "time zones", _zones()


def _channel() -> str:
    """What the workers found out when they last tried to send."""
    stopped = health.channel_trouble()
    if stopped is None or stopped.stopped_at is None:
        return ""
    since = humane.span(utcnow() - stopped.stopped_at)
    return f"Mail has been stopped for {since}: {stopped.reason} Every letter waits."


def _mailbox(settings: Settings) -> str:
    """What the workers found out when they last tried to read it."""
    found = checkup.mailbox(settings)
    if found is None or not found.trouble or found.trouble_since is None:
        return ""
    return f"No mail has been read for {humane.span(utcnow() - found.trouble_since)}: {found.trouble}"


def _mail_server(settings: Settings) -> str:
    """Without one letters are kept, which is a choice and no illness."""
    target = settings.smtp
    if target is None:
        return ""
    try:
        socket.create_connection((target.host, target.port), timeout=PATIENCE).close()
    except OSError as error:
        return f"Nothing answers at {target.host}:{target.port}: {error}. Letters are kept until it does."
    return ""


def _sender(settings: Settings) -> str:
    if settings.smtp is None or not settings.sender_is_unfit:
        return ""
    return f"MAIL_FROM is {settings.mail_from}, which no other mail server takes letters from. Set it."


def _zones() -> str:
    """Zones that were changed often, asked at instants that are known."""
    try:
        berlin = datetime(2027, 7, 1, 12, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin"))
        kathmandu = datetime(2027, 7, 1, 12, tzinfo=UTC).astimezone(ZoneInfo("Asia/Kathmandu"))
    except ZoneInfoNotFoundError as error:
        return f"The time zones are not complete: {error}"
    if (berlin.hour, kathmandu.hour, kathmandu.minute) != (14, 17, 45):
        return f"The time zones are wrong (tzdata {importlib.metadata.version('tzdata')}). Install them anew."
    return ""
