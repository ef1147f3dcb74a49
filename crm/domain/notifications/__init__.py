"""Notifications: what came due, told by the application itself in the unit of work that made it so."""

from crm.domain.notifications.telling import add, devices_of, tell

__all__ = ["add", "devices_of", "tell"]
