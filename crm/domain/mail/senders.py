"""Whom a letter comes from, where mail is read here: an address of ours that says which letter it was.

What is answered goes to the header's address, and what cannot be delivered to the envelope's; both lead back
to the letter without a look at what was written (VERP).
"""

from __future__ import annotations

from crm.domain.mail import plus
from crm.domain.mail.letterhead import Letterhead
from crm.domain.mail.plus import Tag

#: RFC 5321 §4.5.3.1.1: no longer name of a mailbox is carried.
LOCAL = 64


def envelope(house: Letterhead, message_id: str) -> str:
    """Who gets it back where it cannot be delivered."""
    return _tagged(house, Tag.BOUNCE, message_id)


def of_letter(house: Letterhead, message_id: str) -> str:
    """Who a letter to a contact comes from that is about no talk."""
    return _tagged(house, Tag.LETTER, message_id)


def _tagged(house: Letterhead, tag: Tag, message_id: str) -> str:
    token = message_id.removeprefix("<out.").partition("@")[0]
    address = plus.tagged(house.mail_from, tag, token) if house.reads_mail else house.mail_from
    return address if len(address.rpartition("@")[0]) <= LOCAL else house.mail_from
