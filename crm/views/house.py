"""Our installation, for verbs that have to be told: its settings and the letterhead."""

from __future__ import annotations

from typing import cast

from flask import current_app

from crm.domain.addresses import Addresses
from crm.domain.mail import Letterhead
from crm.settings import Settings


def settings() -> Settings:
    """The settings of the application that answers."""
    return cast(Settings, current_app.config["SETTINGS"])


def house() -> Letterhead:
    """What of this installation stands on letters."""
    chosen = settings()
    return Letterhead(
        chosen.base_url,
        chosen.mail_from,
        reads_mail=bool(chosen.imap_url or chosen.inbound_secret),
        signing_key=chosen.letters_key,
    )


def addresses() -> Addresses:
    """Where the pages are for somebody outside."""
    return Addresses(settings().base_url)
