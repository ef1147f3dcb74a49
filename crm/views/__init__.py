"""The pages: each loads what this user may see, reads the form, calls one verb and answers."""

from __future__ import annotations

from flask import Blueprint

from crm.views import (
    accounts,
    api,
    calendar,
    campaigns,
    contacts,
    feeds,
    health,
    interviews,
    mail,
    mail_server,
    organisations,
    pipeline,
    reminders,
    search,
    settings,
    subscriptions,
    thanks,
    transfers,
    trash,
)

#: Every room that has pages, in the order of the alphabet.
BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts.bp,
    accounts.library_bp,
    api.bp,
    calendar.bp,
    campaigns.bp,
    contacts.bp,
    feeds.bp,
    health.bp,
    interviews.bp,
    mail.bp,
    mail_server.bp,
    organisations.bp,
    pipeline.bp,
    reminders.bp,
    search.bp,
    settings.bp,
    subscriptions.bp,
    thanks.bp,
    transfers.bp,
    trash.bp,
)
