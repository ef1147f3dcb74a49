"""Thanks: within 24 hours of every talk, by card or by letter (P-T1, P-T2)."""

from __future__ import annotations

from datetime import datetime

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
    """
    interview = interview or _latest_unthanked(contact)
    if interview.state is not InterviewState.COMPLETED:
        raise NotAllowed("This interview has not taken place yet. Record first that it did.")
    sent_at = clock.not_future(sent_at, now, "sent_at")
    row = _store(contact, interview, sent_at, by, now)
    interview.thanked_at = min(sent_at, interview.thanked_at or sent_at)
    reminders.drop(
        contact, [Kind.THANK_YOU], now=now, subject=f"interview {interview.id}", state=ReminderState.DONE
    )
    timeline.write(contact, Happened.THANKS, _sentence(interview, by), by=by_user, at=sent_at, now=now)
    contact.touched_at = max(sent_at, contact.touched_at or sent_at)
    if contact.stage is Stage.THANKED:
        return row, None
    return row, stages.enter(contact, Stage.THANKED, by=by_user, at=sent_at, now=now)


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
