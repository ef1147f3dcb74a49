"""Calendar subscriptions, as programs fetch them."""

from crm.views.feeds.fetching import bp, calendar
from crm.views.feeds.front import fronted

__all__ = ["bp", "calendar", "fronted"]
