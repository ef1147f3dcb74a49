"""Addresses of ours that name what an answer is about."""

from __future__ import annotations

import pytest

from crm.domain.mail import plus
from crm.domain.mail.plus import Tag

MAILBOX = "crm@fika.example.org"


@pytest.mark.parametrize("tag", Tag)
@pytest.mark.parametrize("mailbox", [MAILBOX, "office+fika@example.org", "Crm@Fika.Example.ORG"])
def test_a_tag_is_read_back_whatever_case_it_came_in(mailbox: str, tag: Tag) -> None:
    address = plus.tagged(mailbox, tag, "2f9c0a")
    for came in (address, address.upper(), f" {address} "):
        assert plus.read(came, mailbox) == (tag, "2f9c0a")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        MAILBOX,
        "crm+@fika.example.org",
        "crm+i@fika.example.org",
        "crm+x2f9c@fika.example.org",
        "crm+i2f 9c@fika.example.org",
        "crm+i2f9c@elsewhere.example.org",
        "other+i2f9c@fika.example.org",
        "crm+i2f9c+m00@fika.example.org",
    ],
)
def test_what_is_no_tagged_address_of_ours_names_nothing(address: str) -> None:
    assert plus.read(address, MAILBOX) is None
