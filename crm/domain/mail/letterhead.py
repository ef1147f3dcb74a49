"""The letterhead: what of this installation stands on every letter."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm.domain.addresses import Addresses
from crm.domain.mail.mime import ascii_address


@dataclass(frozen=True)
class Letterhead:
    """Given to verbs that write letters, since the domain reads no settings."""

    base_url: str
    mail_from: str
    #: Whether answers to `mail_from` are read (contract, Mail); decides who organises invitations.
    reads_mail: bool = False
    #: Signs the links that act; without one letters have none.
    signing_key: bytes = field(default=b"", repr=False)

    @property
    def addresses(self) -> Addresses:
        """Where the pages are."""
        return Addresses(self.base_url)

    @property
    def domain(self) -> str:
        """What Message-IDs end in."""
        return ascii_address(self.mail_from).rpartition("@")[2]
