"""Looked at once more under the claim: may a letter still leave that was finished a while ago?

What it tells of may be done, moved or called off by now, and the person may have asked for silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from crm.database import db
from crm.domain import preferences
from crm.domain.mail.outbox import GIVE_UP
from crm.models import (
    Closed,
    Contact,
    Interview,
    InterviewState,
    Message,
    MessageBody,
    MessageKind,
    MessageState,
    Notification,
    Preference,
    Reminder,
    ReminderState,
    Rsvp,
    Subscription,
)

TOO_LATE = "This letter was of no more use by now."
#: What of a letter itself decides, or is needed to carry it.
OF_LETTER = (
    *("id", "workspace_id", "user_id", "contact_id", "reminder_id", "kind", "to_contact", "to", "sender"),
    *("subject", "fence", "not_after", "urgent", "created_at"),
)
#: Letters that tell of the time of a talk.
BEFORE_A_TALK = (MessageKind.PREPARE, MessageKind.BRIEF)
#: What begins so soon is told in quiet hours and on days off too.
NEAR = timedelta(hours=2)
#: How a talk stands is told by these, and the latest of them counts.
OF_A_DATE = (MessageKind.INVITATION, MessageKind.UPDATE, MessageKind.CANCELLATION)
#: What never left says nothing.
UNTOLD = (MessageState.CANCELLED, MessageState.FAILED, MessageState.EXPIRED, MessageState.SUPPRESSED)
#: Letters to the user that come whatever the hour is (design, Quiet hours).
AT_ANY_HOUR = (MessageKind.ACCOUNT, MessageKind.TEST)
#: What became of the promise behind a letter, where nothing needs to be told any more.
SETTLED = {
    ReminderState.DONE: "You had done this before the letter left.",
    ReminderState.CANCELLED: "What this letter reminds of was no longer needed.",
    ReminderState.SNOOZED: "You put this off before the letter left.",
}


def look(ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Letters with all that decides on them, in the order in which they are to leave."""
    return db.session.execute(_LETTERS, {"ids": list(ids)}).all()


def verdict(letter: Row[Any], now: datetime) -> tuple[MessageState, str] | None:
    """What becomes of a letter that must not leave any more, in a sentence; None where it may."""
    if now >= (letter.not_after or letter.created_at + GIVE_UP):
        return MessageState.EXPIRED, TOO_LATE
    sentence = _unfit_for_contact(letter) if letter.to_contact else _unfit_for_user(letter)
    return (MessageState.CANCELLED, sentence) if sentence else None


def held_until(letter: Row[Any], now: datetime) -> datetime | None:
    """Until when quiet hours or a day off hold a letter to the user; None where it may leave now."""
    if letter.to_contact or letter.urgent or letter.kind in AT_ANY_HOUR or not letter.is_quiet:
        return None
    last = _last_call(letter)
    if last is not None and last <= now:
        return None
    until = preferences.held_until(user_id=letter.user_id, workspace_id=letter.workspace_id, now=now)
    return min(until, last) if until and last else until


def _last_call(letter: Row[Any]) -> datetime | None:
    """From when on nothing holds a letter: two hours before the talk of which it tells."""
    is_of_talk = letter.kind in BEFORE_A_TALK and letter.starts_at is not None
    return letter.starts_at - NEAR if is_of_talk else None


def _columns() -> list[Any]:
    wants_silence = or_(Preference.quiet_from.is_not(None), Preference.days_off != "")
    return [
        *(getattr(Message, name) for name in OF_LETTER),
        MessageBody.raw,
        Contact.deleted_at,
        Contact.closed,
        Reminder.state.label("promise"),
        Reminder.anchor_at,
        Interview.state.label("talk"),
        Interview.starts_at,
        Interview.rsvp,
        Subscription.off_at,
        wants_silence.label("is_quiet"),
        and_(Message.to_contact, _later_letter()).label("is_old"),
    ]


def _later_letter() -> Any:
    """Whether a later letter tells the same contact how the same talk stands."""
    later = aliased(Message)
    return exists().where(
        later.workspace_id == Message.workspace_id,
        later.interview_id == Message.interview_id,
        Message.kind.in_(OF_A_DATE),
        later.kind.in_(OF_A_DATE),
        later.to_contact.is_(True),
        later.id > Message.id,
        later.state.not_in(UNTOLD),
    )


def _unfit_for_contact(letter: Row[Any]) -> str:
    if letter.deleted_at or letter.closed is Closed.DO_NOT_CONTACT:
        return "Nobody writes to this contact any more."
    return "A later letter tells the same contact how the talk stands now." if letter.is_old else ""


def _unfit_for_user(letter: Row[Any]) -> str:
    if letter.off_at:
        return "You switched letters of this kind off."
    if letter.kind is MessageKind.DIGEST and _is_settled_whole(letter.id):
        return "Everything in it was done, or no longer needed, before it left."
    if letter.reminder_id is None:
        return ""
    if letter.deleted_at:
        return "The contact was deleted before the letter left."
    if letter.closed:
        return "The contact was closed before the letter left."
    return _of_talk(letter) or SETTLED.get(letter.promise, "")


def _is_settled_whole(digest_id: int) -> bool:
    """Whether nothing that a letter about many things tells is owed any more."""
    query = select(Reminder.state).join(Notification, Notification.reminder_id == Reminder.id)
    states = db.session.scalars(query.where(Notification.letter_id == digest_id)).all()
    return bool(states) and all(state in SETTLED for state in states)


def _of_talk(letter: Row[Any]) -> str:
    if letter.talk is None or letter.kind not in (*BEFORE_A_TALK, MessageKind.HOW_DID_IT_GO):
        return ""
    if letter.talk is InterviewState.CANCELLED:
        return "The talk was called off before the letter left."
    if letter.talk is InterviewState.COMPLETED:
        return "The talk was over, and noted, before the letter left."
    if letter.kind in BEFORE_A_TALK and letter.rsvp is Rsvp.DECLINED:
        return "This date was declined before the letter left."
    is_moved = letter.kind in BEFORE_A_TALK and letter.anchor_at != letter.starts_at
    return "The talk was moved, so that this letter told an old time." if is_moved else ""


#: Put together once: doing it for each batch takes longer than asking it.
_LETTERS = (
    select(*_columns())
    .outerjoin(MessageBody, MessageBody.message_id == Message.id)
    .outerjoin(Contact, Contact.id == Message.contact_id)
    .outerjoin(Reminder, Reminder.id == Message.reminder_id)
    .outerjoin(Interview, Interview.id == Message.interview_id)
    .outerjoin(
        Subscription,
        and_(
            Subscription.workspace_id == Message.workspace_id,
            Subscription.user_id == Message.user_id,
            Subscription.kind == Message.kind,
        ),
    )
    .outerjoin(
        Preference,
        and_(Preference.workspace_id == Message.workspace_id, Preference.user_id == Message.user_id),
    )
    .where(Message.id.in_(bindparam("ids", expanding=True)))
    .order_by(Message.not_after, Message.id)
)
