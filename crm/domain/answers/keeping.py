"""Keeping answers: each once, and which of two came later (RFC 5546 §2.1.5)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select, tuple_

from crm.database import db
from crm.models import Answer, AnswerWay, Interview, Rsvp


def keep(
    interview: Interview,
    way: AnswerWay,
    *,
    attendee: str,
    rsvp: Rsvp | None,
    sequence: int,
    stamped_at: datetime,
    comment: str,
    mark: str,
    now: datetime,
) -> Answer | None:
    """Write an answer down; None where it was kept before. `mark` is what else makes it this one."""
    said = f"{interview.uid} {attendee} {way} {rsvp} {mark} {comment}"
    key = f"{interview.id} {hashlib.sha256(said.encode(errors='replace')).hexdigest()[:40]}"
    if db.session.scalars(select(Answer.id).where(Answer.dedupe_key == key)).first() is not None:
        return None
    answer = Answer(
        workspace_id=interview.workspace_id,
        interview_id=interview.id,
        dedupe_key=key,
        way=way,
        attendee=attendee[:254],
        rsvp=rsvp,
        sequence=sequence,
        stamped_at=stamped_at,
        comment=comment,
        applied=False,
        came_at=now,
    )
    db.session.add(answer)
    db.session.flush()
    return answer


def is_older(answer: Answer) -> bool:
    """Whether a later answer of the same attendee counts already; of two at one second the latter."""
    query = select(Answer.id).where(
        Answer.workspace_id == answer.workspace_id,
        Answer.interview_id == answer.interview_id,
        Answer.attendee == answer.attendee,
        Answer.applied.is_(True),
        Answer.rsvp.is_not(None) | (Answer.way == AnswerWay.COUNTER),
        tuple_(Answer.sequence, Answer.stamped_at) > (answer.sequence, answer.stamped_at),
    )
    return db.session.scalars(query.limit(1)).first() is not None
