"""Addresses in letters and calendars: BASE_URL turned into the paths of pages.

The web's own URL map is tested against this list, so that no letter points nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Addresses:
    """Where the pages are for whoever reads a letter."""

    base_url: str

    def board(self) -> str:
        """The pipeline."""
        return f"{self.base_url}/board"

    def contact(self, contact_id: int) -> str:
        """One contact with everything that happened."""
        return f"{self.base_url}/contacts/{contact_id}"

    def plan(self, contact_id: int) -> str:
        """The form for a date with a contact."""
        return f"{self.base_url}/contacts/{contact_id}/interviews/new"

    def thanks(self, contact_id: int) -> str:
        """Where thanks are marked as sent."""
        return f"{self.base_url}/contacts/{contact_id}/thanks"

    def log(self, contact_id: int) -> str:
        """Where an ask, a call or a visit is written down."""
        return f"{self.base_url}/contacts/{contact_id}/log"

    def close(self, contact_id: int) -> str:
        """Where a contact is parked or closed."""
        return f"{self.base_url}/contacts/{contact_id}/close"

    def interview(self, interview_id: int) -> str:
        """One interview."""
        return f"{self.base_url}/interviews/{interview_id}"

    def complete(self, interview_id: int) -> str:
        """Where it is recorded that the talk took place."""
        return f"{self.base_url}/interviews/{interview_id}/complete"

    def reminder(self, reminder_id: int) -> str:
        """One promise, to finish or to snooze."""
        return f"{self.base_url}/due/{reminder_id}"

    def act(self, token: str) -> str:
        """A signed link that acts from a letter."""
        return f"{self.base_url}/a/{token}"

    def invitation(self, token: str) -> str:
        """Where somebody who was invited answers."""
        return f"{self.base_url}/i/{token}"

    def due(self) -> str:
        """What is due."""
        return f"{self.base_url}/due"

    def health(self) -> str:
        """Whether reminders run."""
        return f"{self.base_url}/health"

    def promises(self) -> str:
        """Where kinds of reminders are changed and switched off."""
        return f"{self.base_url}/settings/promises"

    def unsubscribe(self, token: str) -> str:
        """One click and this kind of letter stops (RFC 8058)."""
        return f"{self.base_url}/u/{token}"

    def feed(self, token: str) -> str:
        """A calendar subscription."""
        return f"{self.base_url}/feeds/{token}.ics"

    def reset(self, token: str) -> str:
        """Where a new password is chosen."""
        return f"{self.base_url}/reset/{token}"

    def new_address(self, token: str) -> str:
        """Where a new e-mail address is confirmed."""
        return f"{self.base_url}/settings/email/{token}"

    def forgot(self) -> str:
        """Where somebody asks for a link to choose a new password."""
        return f"{self.base_url}/forgot"
