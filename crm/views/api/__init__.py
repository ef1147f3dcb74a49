"""The JSON API: one file a noun, each call one verb of the domain, in one room with one gate."""

from crm.views.api import (
    activities,
    campaigns,
    contacts,
    feeds,
    health,
    imports,
    interviews,
    ledger,
    messages,
    notifications,
    organisations,
    pipeline,
    preferences,
    proposals,
    rehearsals,
    reminders,
    thanks,
)
from crm.views.api.room import bp

__all__ = [
    "activities",
    "bp",
    "campaigns",
    "contacts",
    "feeds",
    "health",
    "imports",
    "interviews",
    "ledger",
    "messages",
    "notifications",
    "organisations",
    "pipeline",
    "preferences",
    "proposals",
    "rehearsals",
    "reminders",
    "thanks",
]
