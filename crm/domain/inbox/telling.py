"""Telling the user at once: the bell, and a letter with what was written, unless they switched it off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crm.database import db
from crm.domain import mail, notifications, subscriptions
from crm.domain.mail import Draft, Letterhead
from crm.models import Contact, Message, MessageKind, Notification, Received, User, Way

#: How long it is news.
TOLD = timedelta(days=30)
#: Characters of what they wrote that stand in the bell.
LINE = 300


def of_reply(row: Received, contact: Contact, *, house: Letterhead, now: datetime) -> None:
    """Somebody has answered."""
    title = f"{contact.name} wrote to you"
    path = f"/contacts/{contact.id}#timeline"
    values = {"contact": contact, "subject": row.subject, "text": row.text, "at": row.at}
    news, answers = (title, row.text, path), (row.sender, contact.name)
    _tell(row, contact, MessageKind.REPLY, news, values, answers, house, now)


def of_bounce(row: Received, letter: Message, contact: Contact, *, house: Letterhead, now: datetime) -> None:
    """A letter of theirs to a contact did not arrive."""
    title = f"Your letter to {contact.name} was not delivered"
    reason = letter.bounce_reason or ""
    values = {"contact": contact, "letter": letter, "reason": reason}
    news = (title, f"{letter.to}: {reason}", f"/mail/{letter.id}")
    _tell(row, contact, MessageKind.BOUNCE, news, values, ("", ""), house, now)


def _tell(
    row: Received,
    contact: Contact,
    kind: MessageKind,
    news: tuple[str, str, str],
    values: dict[str, Any],
    answers: tuple[str, str],
    house: Letterhead,
    now: datetime,
) -> None:
    user = db.session.get_one(User, contact.owner_id)
    way = subscriptions.way(user, contact.workspace_id, kind)
    title, text, path = news
    sent = None
    if way is not Way.OFF:
        secret = subscriptions.token(user, contact.workspace_id, kind)
        draft = Draft(
            kind=kind,
            letter=kind.value,
            user=user,
            workspace_id=contact.workspace_id,
            contact=contact,
            dedupe_key=f"received {row.id}",
            values=values | {"stop": house.addresses.unsubscribe(secret)},
            unsubscribe=house.addresses.unsubscribe(secret),
            reply_to=answers[0],
            reply_to_name=answers[1],
        )
        sent = mail.put(draft, house=house, now=now)
    notifications.tell(
        Notification(
            workspace_id=contact.workspace_id,
            user_id=user.id,
            dedupe_key=f"received {row.id}",
            kind=kind,
            title=title[:300],
            text=" ".join(text.split())[:LINE],
            path=path,
            due_at=now,
            not_after=now + TOLD,
            way=Way.OFF if sent is None else Way.LETTER,
            letter_id=sent.id if sent else None,
        ),
        now=now,
    )


def of_complaint(letter: Message, contact: Contact, sentence: str, *, now: datetime) -> None:
    """A contact called a letter spam: the bell says so, and nothing is written anywhere."""
    news = Notification(
        workspace_id=letter.workspace_id,
        user_id=letter.user_id,
        dedupe_key=f"complaint {letter.id}",
        kind=MessageKind.BOUNCE,
        title=f"{contact.name} does not want letters"[:300],
        text=sentence[:LINE],
        path=f"/contacts/{contact.id}",
        due_at=now,
        not_after=now + TOLD,
        way=Way.OFF,
    )
    notifications.tell(news, now=now)
