"""Contacts: the list, one of them with everything that happened, and the ways in and out."""

from crm.views.contacts import leaving, people, person, touches
from crm.views.contacts.room import bp

__all__ = ["bp", "leaving", "people", "person", "touches"]
