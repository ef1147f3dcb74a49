"""Preferences: when letters may come."""

from crm.domain.preferences.holding import held_until

__all__ = ["held_until"]
