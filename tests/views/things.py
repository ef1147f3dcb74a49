"""One of everything that Alice has, for walking the URL map with her ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from crm.database import db, new_key
from crm.domain import (
    accounts,
    answers,
    campaigns,
    contacts,
    feeds,
    inbox,
    interviews,
    notifications,
    rehearsals,
    subscriptions,
)
from crm.domain.answers import by_page
from crm.domain.mail import GRACE, Letterhead
from crm.domain.notifications import devices
from crm.models import (
    Device,
    Import,
    ImportState,
    Interview,
    Kind,
    Message,
    MessageBody,
    MessageKind,
    MessageState,
    Notification,
    Received,
    Reminder,
    Way,
)
from crm.vapid import base64url
from tests.cast import Cast

HOUSE = Letterhead("http://localhost:8000", "crm@example.net")


@dataclass(frozen=True)
class Things:
    """Their ids and secrets, by the names that they have in paths."""

    contact_id: int
    organisation_id: int
    campaign_id: int
    interview_id: int
    reminder_id: int
    message_id: int
    import_id: int
    feed_id: int
    token_id: int
    notification_id: int
    device_id: int
    rehearsal_id: int
    received_id: int
    #: Of a time that was proposed.
    number: int
    feed_secret: str
    unsubscribe_secret: str


def gather(cast: Cast, now: datetime) -> Things:
    """Make them, within the caller's unit of work."""
    contacts.change(cast.ada, {"organisation": "Difference Engines"}, by=cast.alice, now=now)
    campaign = campaigns.add(cast.workspace, {"name": "Deep-sea diving"}, now=now)
    start = now + timedelta(days=3)
    interview = interviews.plan(cast.ada, by=cast.alice, starts_at=start, now=now, house=HOUSE, invite=False)
    feed, feed_secret = feeds.add(cast.workspace, cast.alice, {"name": "Phone"}, now=now)
    token, _ = accounts.add_token(cast.workspace, cast.alice, "script", now=now)
    transfer = _import(cast, now)
    assert cast.ada.organisation_id is not None
    return Things(
        contact_id=cast.ada.id,
        organisation_id=cast.ada.organisation_id,
        campaign_id=campaign.id,
        interview_id=interview.id,
        reminder_id=_first_reminder(),
        message_id=letter(cast, now).id,
        import_id=transfer.id,
        feed_id=feed.id,
        token_id=token.id,
        notification_id=news(cast, now).id,
        device_id=browser(cast, now).id,
        rehearsal_id=rehearsals.ask(cast.workspace, cast.alice, sends=True, now=now).id,
        received_id=offer(cast, now).id,
        number=_proposal(interview, now),
        feed_secret=feed_secret,
        unsubscribe_secret=subscriptions.token(cast.alice, cast.workspace.id, Kind.ASK),
    )


def _proposal(interview: Interview, now: datetime) -> int:
    """Another time that Ada would rather meet at."""
    by_page.wish(interview, [interview.starts_at + timedelta(days=1)], now=now, house=HOUSE)
    return answers.open_of(interview)[0].number


def news(cast: Cast, now: datetime, **facts: object) -> Notification:
    """Something that came due, told to Alice."""
    row = {
        "workspace_id": cast.workspace.id,
        "user_id": cast.alice.id,
        "dedupe_key": new_key(),
        "kind": MessageKind.THANK_YOU,
        "title": "Thank Ada Okafor",
        "text": "22 hours are left.",
        "path": "/due",
        "due_at": now,
        "not_after": now + timedelta(days=1),
        "way": Way.LETTER,
    }
    return notifications.tell(Notification(**{**row, **facts}), now=now)


def offer(cast: Cast, now: datetime) -> Received:
    """Mail from somebody who is no contact yet, given to Alice as a file."""
    raw = b"From: Edsger Dijkstra <edsger@example.net>\r\nSubject: Hello\r\n\r\nDear Alice\r\n"
    found = inbox.read(raw)
    return inbox.take_file(found, workspace=cast.workspace, user=cast.alice, house=HOUSE, now=now)


def browser(cast: Cast, now: datetime, **facts: str) -> Device:
    """A browser of Alice's that wants notifications."""
    keys = {"p256dh": base64url(b"\x04" + bytes(64)), "auth": base64url(bytes(16))}
    row = {"name": "Firefox on Linux", "endpoint": f"https://push.example.net/{new_key()}", **keys}
    return devices.add(cast.workspace, cast.alice, {**row, **facts}, now=now)


def _import(cast: Cast, now: datetime) -> Import:
    transfer = Import(
        workspace_id=cast.workspace.id,
        user_id=cast.alice.id,
        filename="people.csv",
        state=ImportState.DONE,
        created_at=now,
        finished_at=now,
    )
    db.session.add(transfer)
    db.session.flush()
    return transfer


def letter(cast: Cast, now: datetime, **facts: object) -> Message:
    """A letter to Ada as the ledger keeps it."""
    says = {"text": "Dear Ada Okafor, …\n", "html": "<p>Dear Ada Okafor, …</p>"}
    said = {name: facts.pop(name, text) for name, text in says.items()}
    row = {
        "workspace_id": cast.workspace.id,
        "user_id": cast.alice.id,
        "contact_id": cast.ada.id,
        "dedupe_key": new_key(),
        "kind": MessageKind.INVITATION,
        "to_contact": True,
        "to": "ada@example.com",
        "sender": HOUSE.mail_from,
        "subject": "A talk with Ada Okafor",
        "message_id": f"<{new_key()}@example.net>",
        "state": MessageState.WAITING,
        "next_try_at": now + GRACE,
        "created_at": now,
    }
    message = Message(**{**row, **facts}, body=MessageBody(workspace_id=cast.workspace.id, **said))
    db.session.add(message)
    db.session.flush()
    return message


def _first_reminder() -> int:
    found = db.session.scalars(select(Reminder.id).order_by(Reminder.id)).first()
    assert found is not None
    return found
