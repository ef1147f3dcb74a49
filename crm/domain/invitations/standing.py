"""Whether a contact can be invited, and why not."""

from __future__ import annotations

from datetime import datetime

from crm.models import Closed, Contact, Interview, Medium


def invitable(interview: Interview, now: datetime) -> bool:
    """Whether the contact can be told: there is an address, and the talk is yet to begin."""
    return not hindrance(interview.contact, interview.medium, interview.starts_at, now)


def hindrance(contact: Contact, medium: Medium, starts_at: datetime | None, now: datetime) -> str:
    """Why this contact cannot be invited, in a sentence; nothing where they can be."""
    if contact.deleted_at:
        return f"{contact.name} is in the trash, so no letter is sent."
    if contact.closed is Closed.DO_NOT_CONTACT:
        return f"{contact.name} asked to be left alone, so no letter is sent."
    if not contact.email:
        return f"No e-mail address is known of {contact.name}, so no letter is sent."
    if medium is Medium.EMAIL:
        return "Questions by e-mail need no appointment, so no letter is sent."
    if starts_at is not None and starts_at <= now:
        return "This time has passed already, so no letter is sent."
    return ""
