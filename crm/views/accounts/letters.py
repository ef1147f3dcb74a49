"""The library's letters, written by our own hand into our own outbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_security import MailUtil, hash_password
from flask_security.mail_util import EmailValidateException

from crm.database import new_key, utcnow
from crm.domain import accounts, fields, mail
from crm.models import MessageKind, User
from crm.views.house import addresses, house

RESET, NEW_ADDRESS = "account_reset", "account_new_address"
PASSWORD_CHANGED, ADDRESS_CHANGED = "account_password_changed", "account_address_changed"
#: How long the links in them work.
LINK_LASTS = timedelta(hours=1)


class Letters(MailUtil):
    """What the library calls to send something, and to look at an address."""

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: Any, html: Any, **context: Any
    ) -> None:
        """Add the letter to the outbox, within the unit of work that is open.

        The library's own links are left alone: they are made of the host that the request named, which
        anybody can choose.
        """
        values = {}
        if template == RESET:
            values["link"] = addresses().reset(context["reset_token"])
            # For an unknown address the library hashes something; a known one has to take as long.
            hash_password("not a password")
        elif template == NEW_ADDRESS:
            values["link"] = addresses().new_address(context["token"])
        write(template, context["user"], to=recipient, **values)

    def normalize(self, email: str) -> str:
        """An address as it is kept; nobody is asked whether it exists."""
        try:
            return str(accounts.CLEANERS["email"](email))
        except fields.Unfit as unfit:
            raise EmailValidateException(str(unfit)) from unfit

    def validate(self, email: str) -> str:
        """The same for a new one: the letter that has to be answered is the proof."""
        return self.normalize(email)


def write(letter: str, user: User, *, to: str = "", **values: Any) -> None:
    """One letter about an account: the ledger keeps no body of it, the outbox only until it has left."""
    now = utcnow()
    draft = mail.Draft(
        kind=MessageKind.ACCOUNT,
        letter=letter,
        user=user,
        workspace_id=accounts.workspace_of(user).id,
        dedupe_key=f"{letter} {new_key()}",
        values={"at": now, **values},
        to=to,
        not_after=now + LINK_LASTS if "link" in values else None,
        urgent=True,
        secret=True,
    )
    mail.put(draft, house=house(), now=now)
