"""Telling the user at once: the bell, and a letter with what was written, unless they switched it off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm.database import db
from crm.domain import mail, notifications, subscriptions
from crm.domain.errors import Invalid
from crm.domain.mail import Draft, Letterhead
from crm.models import Contact, Message, MessageKind, Notification, Received, User, Way

#: How long it is news.
TOLD = timedelta(days=30)
#: Characters of what they wrote that stand in the bell.
LINE = 300


@dataclass(frozen=True)
class _About:
    """What a letter tells the user of, and where the user's answer goes."""

    row: Received
    contact: Contact
    kind: MessageKind
    values: dict[str, Any]
    answers_to: str = ""


def of_reply(row: Received, contact: Contact, *, house: Letterhead, now: datetime) -> None:
    """Somebody has answered."""
    values = {"subject": row.subject, "text": row.text}
    about = _About(row, contact, MessageKind.REPLY, values, answers_to=_carried(row.sender))
    news = f"{contact.name} wrote to you", row.text, f"/contacts/{contact.id}#timeline"
    _tell(about, news, house, now)


def of_bounce(row: Received, letter: Message, contact: Contact, *, house: Letterhead, now: datetime) -> None:
    """A letter of theirs to a contact did not arrive."""
    reason = letter.bounce_reason or ""
    about = _About(row, contact, MessageKind.BOUNCE, {"letter": letter, "reason": reason})
    title = f"Your letter to {contact.name} was not delivered"
    _tell(about, (title, f"{letter.to}: {reason}", f"/mail/{letter.id}"), house, now)


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


def _tell(about: _About, news: tuple[str, str, str], house: Letterhead, now: datetime) -> None:
    contact = about.contact
    user = db.session.get_one(User, contact.owner_id)
    way = subscriptions.way(user, contact.workspace_id, about.kind)
    sent = None if way is Way.OFF else mail.put(_draft(about, user, house), house=house, now=now)
    title, text, path = news
    notifications.tell(
        Notification(
            workspace_id=contact.workspace_id,
            user_id=user.id,
            dedupe_key=f"received {about.row.id}",
            kind=about.kind,
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


def _draft(about: _About, user: User, house: Letterhead) -> Draft:
    workspace_id = about.contact.workspace_id
    stop = house.addresses.unsubscribe(subscriptions.token(user, workspace_id, about.kind))
    return Draft(
        kind=about.kind,
        letter=about.kind.value,
        user=user,
        workspace_id=workspace_id,
        contact=about.contact,
        dedupe_key=f"received {about.row.id}",
        values={"contact": about.contact, **about.values, "stop": stop},
        unsubscribe=stop,
        reply_to=about.answers_to,
        reply_to_name=about.contact.name if about.answers_to else "",
    )


def _carried(address: str) -> str:
    """An address as mail carries it; none where few servers do, or the user would hear of nothing."""
    try:
        return mail.ascii_address(address)
    except Invalid:
        return ""
