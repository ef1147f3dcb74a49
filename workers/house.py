"""What workers know of the installation: its letterhead and its mail server."""

from __future__ import annotations

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
        base_url=known.base_url,
        mail_from=known.mail_from,
        reads_mail=bool(known.imap_url or known.inbound_secret),
    )
