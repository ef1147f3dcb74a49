"""Thanks: a card was posted or a letter sent, and the contact becomes thanked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm.database import utcnow
from crm.domain import contacts, interviews, thanks
from crm.domain.errors import NotFound
from crm.models import Contact, Interview, ThanksBy
from crm.views.api.contacts import ContactShown, show
from crm.views.api.once import writes
from crm.views.api.problems import Unfit
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Body, Id, Instant, number

STRANGE = "There is no such interview with this contact."


class NewThanks(Body):
    """When, how, and for which interview."""

    sent_at: Annotated[Instant | None, Field(description="Now where left out; never the future.")] = None
    by: ThanksBy | None = None
    interview: Annotated[Id | None, Field(description="The latest unthanked one where left out.")] = None


@bp.post("/contacts/<id:contact_id>/thanks")
@writes
@bp.input(NewThanks, arg_name="body")
@bp.output(ContactShown)
def record_thanks(contact_id: int, body: NewThanks) -> ContactShown:
    """Record thanks: the reminders for that interview fall silent, and the contact becomes thanked."""
    contact = contacts.get(workspace(), contact_id, lock=True)
    interview = None if body.interview is None else _interview(contact, body.interview)
    thanks.record(
        contact, by_user=user(), now=utcnow(), sent_at=body.sent_at, by=body.by, interview=interview
    )
    return show(contact)


def _interview(contact: Contact, given: str) -> Interview:
    try:
        interview = interviews.get(workspace(), number(given), lock=True)
    except NotFound:
        raise Unfit({"interview": STRANGE}) from None
    if interview.contact_id != contact.id:
        raise Unfit({"interview": STRANGE})
    return interview
