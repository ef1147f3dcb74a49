"""The JSON API: one file a noun, each call one verb of the domain, in one room with one gate."""

from crm.views.api import campaigns, contacts
from crm.views.api.room import bp

__all__ = ["bp", "campaigns", "contacts"]
