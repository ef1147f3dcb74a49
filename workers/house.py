"""What workers know of the installation: its letterhead and its mail server."""

from __future__ import annotations

from celery.worker import state
from flask import current_app

from crm.domain.mail import Letterhead
from crm.settings import Settings


def settings() -> Settings:
    """The settings of the application that this task runs in."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def house() -> Letterhead:
    """What stands on every letter."""
    known = settings()
    return Letterhead(
        known.base_url,
        known.mail_from,
        reads_mail=bool(known.imap_url or known.inbound_secret),
        signing_key=known.letters_key,
    )


def is_stopping() -> bool:
    """Whether this process was asked to end: the piece at hand is finished, no other is begun."""
    # An exit status of 0 is a wish to stop too.
    return any(wish is not None and wish is not False for wish in (state.should_stop, state.should_terminate))
