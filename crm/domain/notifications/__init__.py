"""Notifications: what came due, told by the application itself in the unit of work that made it so."""

from crm.domain.notifications import devices, pushing
from crm.domain.notifications.reading import Mark, get, mark, mark_values, page, see, see_all
from crm.domain.notifications.sweeping import sweep
from crm.domain.notifications.telling import add, devices_of, tell

__all__ = [
    "Mark",
    "add",
    "devices",
    "devices_of",
    "get",
    "mark",
    "mark_values",
    "page",
    "pushing",
    "see",
    "see_all",
    "sweep",
    "tell",
]
