"""Thanks: within 24 hours of every talk, by card or by letter (P-T1, P-T2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from crm.database import db
from crm.domain import clock, reminders, stages, timeline
from crm.domain.errors import NotAllowed
from crm.domain.reminders.promises import THANKS_WITHIN
from crm.models import (
    Contact,
    Happened,
    Interview,
    InterviewState,
    Kind,
    ReminderState,
    Stage,
    StageChange,
    Thanks,
    ThanksBy,
    User,
)

#: First and last name; street and town.
MIN_WORDS, MIN_LINES = 2, 2


def record(
    contact: Contact,
    *,
    by_user: User,
    now: datetime,
    sent_at: datetime | None = None,
    by: ThanksBy | None = None,
    interview: Interview | None = None,
) -> tuple[Thanks, StageChange | None]:
    """Thanks were sent or posted: silence the reminders for that talk and move the contact.

    The talk is the latest unthanked one unless it is named. Raises NotAllowed where there is
    none to give thanks for, Invalid for a time to come. Answers the thanks and the move, if any.
    The same way of thanking for the same talk is recorded once, however often it is sent.
    """
    interview = interview or _latest_unthanked(contact)
    if interview.state is not InterviewState.COMPLETED:
        raise NotAllowed("This interview has not taken place yet. Record first that it did.")
    sent_at = clock.not_future(sent_at, now, "sent_at")
    known = [row for row in of(interview) if row.by is by]
    if known:
        return known[0], None
    moves = _moves(contact, interview)
    row = _store(contact, interview, sent_at, by, now)
    interview.thanked_at = min(sent_at, interview.thanked_at or sent_at)
    reminders.drop(
        contact, [Kind.THANK_YOU], now=now, subject=f"interview {interview.id}", state=ReminderState.DONE
    )
    timeline.write(contact, Happened.THANKS, _sentence(interview, by), by=by_user, at=sent_at, now=now)
    contact.touched_at = max(sent_at, contact.touched_at or sent_at)
    if not moves:
        return row, None
    return row, stages.enter(contact, Stage.THANKED, by=by_user, at=sent_at, now=now)


def _moves(contact: Contact, interview: Interview) -> bool:
    """Whether thanks make *thanked*: a card after the letter moves nobody who has gone on since."""
    if interview.thanked_at is None:
        return contact.stage is not Stage.THANKED
    return contact.stage.number < Stage.THANKED.number and not stages.unthanked(contact)


def of(interview: Interview) -> list[Thanks]:
    """How thanks were said for a talk, earliest first."""
    query = select(Thanks).where(
        Thanks.workspace_id == interview.workspace_id, Thanks.interview_id == interview.id
    )
    return list(db.session.scalars(query.order_by(Thanks.sent_at, Thanks.id)))


def card_lacks(contact: Contact) -> list[str]:
    """What a card that is posted still needs, as far as one can see: full name, full address (P-T2)."""
    lacks = []
    if len(contact.name.split()) < MIN_WORDS:
        lacks.append("The name has one word only. Check how it is spelled in full.")
    lines = [line for line in (contact.postal_address or "").replace(",", "\n").splitlines() if line.strip()]
    if not lines:
        lacks.append("No postal address is noted.")
    elif len(lines) < MIN_LINES or not any(c.isdigit() for line in lines for c in line):
        lacks.append("The postal address looks incomplete: it wants a street with a number, and a town.")
    return lacks


def in_time(interview: Interview) -> bool:
    """Whether thanks left within 24 hours of the actual end."""
    if interview.ended_at is None or interview.thanked_at is None:
        return False
    return interview.thanked_at - interview.ended_at <= THANKS_WITHIN


def _latest_unthanked(contact: Contact) -> Interview:
    waiting = stages.unthanked(contact)
    if not waiting:
        raise NotAllowed(
            f"There is no interview with {contact.name} that still waits for thanks. "
            "Record first that one took place."
        )
    return max(waiting, key=lambda interview: interview.ended_at or interview.starts_at)


def _store(
    contact: Contact, interview: Interview, sent_at: datetime, by: ThanksBy | None, now: datetime
) -> Thanks:
    row = Thanks(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        interview_id=interview.id,
        by=by,
        sent_at=sent_at,
        created_at=now,
    )
    db.session.add(row)
    return row


def _sentence(interview: Interview, by: ThanksBy | None) -> str:
    how = {ThanksBy.CARD: "A card of thanks was posted", ThanksBy.EMAIL: "Thanks were sent by e-mail"}
    text = how[by] if by else "Thanks were said"
    return f"{text}{', within 24 hours of the talk' if in_time(interview) else ''}."
