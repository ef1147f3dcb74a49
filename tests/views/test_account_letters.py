"""The letters about accounts, compared whole."""

from __future__ import annotations

import pytest
from flask import Flask

from crm.database import transaction
from crm.domain import accounts
from crm.views.accounts import letters
from tests.cast import Cast
from tests.views.mailbox import letters_to, text_of

pytestmark = [
    pytest.mark.usefixtures("present"),
    pytest.mark.parametrize("pair", ["sqlite"], indirect=True),
]

RESET = """\
Somebody, most likely you, asked for a new password for
alice@example.org at http://localhost:8000.

Choose a new password:
http://localhost:8000/reset/SECRET

The link works once, and for one hour. If it was not you who asked, do
nothing: your password stays as it is.

--\x20
You get this because the form for forgotten passwords was sent with your
address.
"""
PASSWORD_CHANGED = """\
The password of alice@example.org at http://localhost:8000 was changed
on Tue 10 Mar 2026, 10:00 CET (Europe/Stockholm, UTC+01:00). Everywhere
else you are signed out.

If it was you, there is nothing to do. If it was not, choose a new
password now.

Choose a new password:
http://localhost:8000/forgot

--\x20
You get this whenever your password changes, so that nobody changes it
behind your back.
"""
NEW_ADDRESS = """\
Alice Ahlgren, you asked to use this address at http://localhost:8000
from now on.

Confirm this address:
http://localhost:8000/settings/email/SECRET

The link works once, and for one hour. Until then everything stays as it
is. If it was not you who asked, do nothing.

--\x20
You get this because somebody who is signed in gave this address as
their new one.
"""
ADDRESS_CHANGED = """\
Since Tue 10 Mar 2026, 10:00 CET (Europe/Stockholm, UTC+01:00) you sign
in to http://localhost:8000 with alice@example.org, and your letters go
there.

If it was you, there is nothing to do. If it was not, tell whoever runs
this installation: they can give your account back to you.

--\x20
This is the last letter to this address. It came so that nobody changes
it behind your back.
"""


@pytest.mark.parametrize(
    ("letter", "link", "whole"),
    [
        (letters.RESET, "reset", RESET),
        (letters.PASSWORD_CHANGED, "", PASSWORD_CHANGED),
        (letters.NEW_ADDRESS, "settings/email", NEW_ADDRESS),
        (letters.ADDRESS_CHANGED, "", ADDRESS_CHANGED),
    ],
)
def test_a_letter_says_what_happened_and_what_to_do(
    web: Flask, cast: Cast, letter: str, link: str, whole: str
) -> None:
    values = {"link": f"http://localhost:8000/{link}/SECRET"} if link else {}
    with web.test_request_context(), transaction():
        alice = accounts.by_email("alice@example.org")
        assert alice is not None
        letters.write(letter, alice, **values)
    (written,) = letters_to("alice@example.org")
    assert text_of(written) == whole
