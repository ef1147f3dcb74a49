"""Occasions: what an ask, a date, a talk, thanks or a touch promise, and what they make good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crm.domain.reminders.keeping import drop, kept, open_of, promise
from crm.domain.reminders.promises import FOLLOW_UPS, PROMISES, RHYTHM
from crm.models import Contact, Interest, Interview, Kind, Medium, ReminderState, Stage

#: What is owed before and right after a talk that is planned.
OF_TALK = (Kind.PREPARE, Kind.BRIEF, Kind.HOW_DID_IT_GO)


def after_ask(contact: Contact, *, at: datetime, now: datetime) -> None:
    """Somebody was asked, or asked again: follow up at most twice, then offer to let go (P-A5)."""
    drop(contact, [Kind.ASK, Kind.FOLLOW_UP], now=now, state=ReminderState.DONE)
    drop(contact, [Kind.CLOSE], now=now)
    rounds = max(0, FOLLOW_UPS + 1 - contact.asks)
    follow_up = None
    if rounds:
        follow_up = promise(contact, Kind.FOLLOW_UP, anchor_at=at, now=now, rounds=rounds)
    last = datetime.fromisoformat(follow_up.steps[-1][1]) if follow_up else at
    promise(contact, Kind.CLOSE, anchor_at=last, now=now)


def for_interview(interview: Interview, *, now: datetime) -> None:
    """What a planned talk owes: preparation, a brief, and the question how it went."""
    contact = interview.contact
    drop(contact, [Kind.ASK, Kind.FOLLOW_UP, Kind.CLOSE], now=now)
    drop(contact, [Kind.SET_DATE], now=now, state=ReminderState.DONE)
    entered_late = interview.created_at >= interview.starts_at
    asked_from = interview.created_at if entered_late else interview.ends_at
    kinds = [Kind.PREPARE] if interview.medium is Medium.EMAIL else [Kind.PREPARE, Kind.BRIEF]
    for kind in kinds:
        promise(contact, kind, anchor_at=interview.starts_at, now=now, interview=interview)
    promise(contact, Kind.HOW_DID_IT_GO, anchor_at=asked_from, now=now, interview=interview)


def drop_interview(
    interview: Interview, *, now: datetime, state: ReminderState = ReminderState.CANCELLED
) -> None:
    """The talk is over or called off: nothing is owed before it any more."""
    drop(interview.contact, OF_TALK, now=now, subject=f"interview {interview.id}", state=state)


def for_thanks(interview: Interview, *, now: datetime) -> None:
    """The 24 hours begin at the actual end (P-T1)."""
    if interview.ended_at is not None and interview.thanked_at is None:
        promise(interview.contact, Kind.THANK_YOU, anchor_at=interview.ended_at, now=now, interview=interview)


def rhythm(contact: Contact, *, now: datetime, since: datetime | None = None) -> None:
    """Start the light rhythm anew (P-C4): three weeks after the thanks, by interest from then on.

    It counts from the last touch; what has come due by now was kept by whatever starts it anew.
    """
    if contact.stage not in (Stage.THANKED, Stage.RECONNECTED):
        return
    since = since or max(contact.stage_since, contact.touched_at or contact.stage_since)
    for reminder in open_of(contact, [Kind.STAY_IN_TOUCH]):
        if reminder.due_at <= now:
            reminder.state, reminder.updated_at = ReminderState.DONE, now
    first = contact.stage is Stage.THANKED and not kept(
        contact, Kind.STAY_IN_TOUCH, since=contact.stage_since
    )
    days = None if first else RHYTHM[contact.interest or Interest.OTHER]
    promise(contact, Kind.STAY_IN_TOUCH, anchor_at=since, now=now, days=days)


def tell_referrer(contact: Contact, *, at: datetime, now: datetime) -> None:
    """Whoever made the talk possible hears how it went, once (P-C3)."""
    if contact.referred_by_id and not kept(contact, Kind.TELL_REFERRER):
        promise(contact, Kind.TELL_REFERRER, anchor_at=at, now=now)


def kinds_of(stage: Stage) -> list[Kind]:
    """The promises that a stage owes."""
    kinds = [kind for kind, row in PROMISES.items() if row.stage is stage]
    return [*kinds, Kind.STAY_IN_TOUCH] if stage is Stage.RECONNECTED else kinds


def drop_stage(contact: Contact, stage: Stage, *, now: datetime, back: bool) -> None:
    """A stage was left: forward, what a talk owes stays with the talk; back, all of it is dropped."""
    stays: Iterable[Kind] = () if back else (*OF_TALK, Kind.THANK_YOU)
    if not back and stage is Stage.THANKED:
        stays = (*stays, Kind.TELL_REFERRER)
    drop(contact, [kind for kind in kinds_of(stage) if kind not in stays], now=now)
