"""Preferences: when letters may come, and at which hour the digest does."""

from crm.domain.preferences.holding import held_until
from crm.domain.preferences.hours import Hours, Occasion, sunday_evening
from crm.domain.preferences.keeping import change, of, of_many
from crm.domain.preferences.planning import digest_hours, renew, travelled
from crm.domain.preferences.quiet import DAYS

__all__ = [
    "DAYS",
    "Hours",
    "Occasion",
    "change",
    "digest_hours",
    "held_until",
    "of",
    "of_many",
    "renew",
    "sunday_evening",
    "travelled",
]
