"""Touches: asks, messages, calls, meetings and visits, and the notes that are none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.database import db
from crm.domain import clock, fields, reminders, stages, timeline
from crm.domain.errors import Invalid
from crm.models import Activity, Contact, Direction, Happened, Kind, Stage, StageChange, User

#: What a user can log by hand.
KINDS = (
    Happened.ASK,
    Happened.MESSAGE,
    Happened.CALL,
    Happened.MEETING,
    Happened.VISIT,
    Happened.NOTE,
)
#: What an answer of theirs suggests at each stage.
SUGGESTED = {Stage.LOCATED: Stage.AGREED, Stage.THANKED: Stage.RECONNECTED}
#: Other clocks run behind ours by so much; a touch right after the thanks must not miss them.
GRACE = timedelta(minutes=1)


@dataclass(frozen=True)
class Logged:
    """What logging did: the entry, the move it caused, or the move it only suggests."""

    activity: Activity
    moved: StageChange | None = None
    suggests: Stage | None = None


def log(
    contact: Contact,
    kind: str,
    *,
    by: User,
    now: datetime,
    direction: str | None = None,
    at: datetime | None = None,
    text: str = "",
) -> Logged:
    """Log what happened with a contact. A touch starts the rhythm anew, a note does not.

    An outgoing one after the thanks moves *thanked* to *reconnected*; an incoming one only
    suggests a move (contract, Moves). Raises Invalid for an unknown kind or a time to come.
    """
    what, way = _kind(kind), _direction(kind, direction)
    at = clock.not_future(at, now)
    text = fields.clean({"text": text}, {"text": fields.block()})["text"] or ""
    if what is Happened.NOTE and not text:
        raise Invalid(text="A note needs some text.")
    activity = timeline.write(contact, what, text, by=by, at=at, now=now, direction=way)
    contact.updated_at = now
    if what is Happened.NOTE:
        db.session.flush()
        return Logged(activity)
    return _touched(activity, contact, at=at, now=now, by=None if way is Direction.IN else by)


def heard(contact: Contact, text: str, *, at: datetime, now: datetime) -> Logged:
    """Mail of theirs came in: a touch like any other of theirs, only that nobody logged it."""
    activity = timeline.write(contact, Happened.REPLY, text, by=None, at=at, now=now, direction=Direction.IN)
    return _touched(activity, contact, at=at, now=now)


def wrote(contact: Contact, text: str, *, by: User, at: datetime, now: datetime) -> Logged:
    """The user wrote to them from elsewhere, and sent a copy here."""
    activity = timeline.write(contact, Happened.MESSAGE, text, by=by, at=at, now=now, direction=Direction.OUT)
    return _touched(activity, contact, at=at, now=now, by=by)


def _touched(
    activity: Activity, contact: Contact, *, at: datetime, now: datetime, by: User | None = None
) -> Logged:
    """Start the rhythm anew, with what belongs to the direction; `by` is who reached out."""
    contact.updated_at = now
    is_latest = contact.touched_at is None or at >= contact.touched_at
    contact.touched_at = max(at, contact.touched_at or at)
    suggests = _heard_from(contact, now=now) if by is None else None
    moved = _reached_out(contact, activity.kind, by=by, at=at, now=now) if by is not None else None
    if is_latest and moved is None:
        reminders.rhythm(contact, now=now)
    db.session.flush()
    return Logged(activity, moved, suggests)


def suggested(stage: Stage) -> Stage | None:
    """The move that an answer of theirs suggests."""
    return SUGGESTED.get(stage)


def _kind(kind: str) -> Happened:
    if kind not in KINDS:
        raise Invalid(kind=f"Choose one of: {', '.join(KINDS)}.")
    return Happened(kind)


def _direction(kind: str, direction: str | None) -> Direction | None:
    if direction not in (None, "", *Direction):
        raise Invalid(direction="Choose “out” where you reached out, “in” where they did.")
    if kind == Happened.NOTE:
        return None
    if kind == Happened.ASK and direction == Direction.IN:
        raise Invalid(direction="An ask goes out; log what they wrote as a message.")
    return Direction(direction) if direction else Direction.OUT


def _reached_out(
    contact: Contact, kind: Happened, *, by: User, at: datetime, now: datetime
) -> StageChange | None:
    if contact.stage is Stage.LOCATED and (kind is Happened.ASK or contact.asks):
        contact.asks += 1
        reminders.after_ask(contact, at=contact.touched_at or at, now=now)
        return None
    if contact.closed:
        return None
    if contact.stage is Stage.THANKED and kind is not Happened.ASK and at >= contact.stage_since - GRACE:
        return stages.enter(contact, Stage.RECONNECTED, by=by, at=at, now=now)
    return None


def _heard_from(contact: Contact, *, now: datetime) -> Stage | None:
    """They answered: nothing is followed up any more, and the seeker decides what it means."""
    reminders.drop(contact, [Kind.FOLLOW_UP, Kind.CLOSE], now=now)
    return suggested(contact.stage)
