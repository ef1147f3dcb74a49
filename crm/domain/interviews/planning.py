"""Planning: a date is set, moved, called off, and everybody's calendar follows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crm.domain import clock, fields, invitations, mail, reminders, stages, timeline
from crm.domain.errors import NotAllowed
from crm.domain.interviews.record import (
    CLEANERS,
    DEFAULT_MINUTES,
    MATERIAL,
    check_start,
    planned_at,
    revive,
    sentence,
    snapshot,
    store,
    withdraw_letters,
    written,
)
from crm.models import (
    Contact,
    Happened,
    Interview,
    InterviewState,
    Kind,
    Medium,
    Message,
    MessageKind,
    Stage,
    User,
)


def plan(
    contact: Contact,
    *,
    by: User,
    starts_at: datetime,
    now: datetime,
    house: mail.Letterhead,
    timezone: str | None = None,
    minutes: int | None = None,
    medium: str | None = None,
    place: str = "",
    invite: bool = True,
) -> Interview:
    """Set a date: the contact becomes *agreed*, hears of it by mail, and preparation is promised.

    Entered after its start nobody is invited. Raises NotAllowed for a closed contact or the same
    date twice, Invalid for times that cannot be meant.
    """
    if contact.closed:
        raise NotAllowed(f"{contact.name} is closed. Reopen the contact first, then set a date.")
    minutes = DEFAULT_MINUTES if minutes is None else minutes
    given = {"timezone": timezone, "minutes": minutes, "medium": medium, "place": place}
    cleaned = fields.clean(given, CLEANERS)
    check_start(starts_at, now)
    _check_double(contact, starts_at)
    where = clock.zone(cleaned["timezone"] or by.timezone)
    interview = store(contact, starts_at, where.key, cleaned, now=now)
    interview.invited = invite and invitations.invitable(interview, now)
    interview.organizer = invitations.organizer_for(interview, by, house)
    was = contact.stage
    timeline.write(contact, Happened.INTERVIEW, sentence("Planned", interview), by=by, at=now, now=now)
    if contact.stage is Stage.LOCATED:
        stages.enter(contact, Stage.AGREED, by=by, at=now, now=now)
    else:
        reminders.for_interview(interview, now=now)
    if interview.invited:
        undo = {"interview": None, "stage": was.value}
        invitations.send(interview, MessageKind.INVITATION, user=by, house=house, now=now, undo=undo)
    invitations.own.follow(interview, house=house, now=now)
    return interview


def change(
    interview: Interview, values: dict[str, Any], *, by: User, now: datetime, house: mail.Letterhead
) -> Interview:
    """Change a planned interview; everybody's calendar follows. Notes can be changed at any time.

    Raises NotAllowed where the talk took place or was called off.
    """
    cleaned = fields.clean(values, CLEANERS)
    if set(cleaned) - {"notes"} and interview.state is not InterviewState.PLANNED:
        raise NotAllowed("This interview is no longer planned, so its date and place stand as they are.")
    before = snapshot(interview)
    _apply(interview, cleaned, now=now)
    interview.updated_at = now
    if any(getattr(interview, field) != before[field] for field in MATERIAL):
        _tell(interview, before, by=by, now=now, house=house)
    return interview


def cancel(interview: Interview, *, by: User, now: datetime, house: mail.Letterhead) -> Interview:
    """Call it off: it leaves the feed, the contact is told, and a new date is promised."""
    if interview.state is InterviewState.CANCELLED:
        return interview
    if interview.state is InterviewState.COMPLETED:
        raise NotAllowed("This interview took place and cannot be called off any more.")
    before = snapshot(interview)
    interview.state, interview.updated_at = InterviewState.CANCELLED, now
    interview.sequence += 1
    contact = interview.contact
    reminders.drop_interview(interview, now=now)
    timeline.write(contact, Happened.INTERVIEW, sentence("Called off", interview), by=by, at=now, now=now)
    if not stages.planned(contact):
        reminders.promise(contact, Kind.SET_DATE, anchor_at=now, now=now)
    unsent = withdraw_letters(interview, "The talk was called off before this was sent.")
    if interview.invited and invitations.told(interview) and invitations.invitable(interview, now):
        # Taken back, it stands as the contact knows it: before a move that was never sent.
        undo = unsent if unsent is not None else _undo(before)
        invitations.send(interview, MessageKind.CANCELLATION, user=by, house=house, now=now, undo=undo)
    invitations.own.follow(interview, house=house, now=now)
    return interview


def reinstate(interview: Interview, *, by: User, now: datetime, house: mail.Letterhead) -> Interview:
    """Undo a cancellation that the contact has not heard of.

    Raises NotAllowed where they have, or where the talk is recorded or the contact closed.
    """
    if interview.state is InterviewState.PLANNED:
        return interview
    contact = interview.contact
    if interview.state is InterviewState.COMPLETED or contact.closed or invitations.called_off(interview):
        raise NotAllowed("This can no longer be taken back. Plan a new interview instead.")
    interview.state, interview.updated_at = InterviewState.PLANNED, now
    interview.sequence += 1
    reminders.for_interview(interview, now=now)
    text = sentence("Not called off after all", interview)
    timeline.write(contact, Happened.INTERVIEW, text, by=by, at=now, now=now)
    if interview.invited and not invitations.told(interview) and invitations.invitable(interview, now):
        undo = {"interview": None, "stage": contact.stage.value}
        invitations.send(interview, MessageKind.INVITATION, user=by, house=house, now=now, undo=undo)
    invitations.own.follow(interview, house=house, now=now)
    return interview


def take_back(message: Message, *, by: User, now: datetime, house: mail.Letterhead) -> Interview | None:
    """Undo a letter to a contact that still waits, together with the change that caused it.

    Raises NotAllowed where it has left, or is about to.
    """
    undo = message.undo or {}
    if not mail.undoable(message, now) or not mail.withdraw(message, "Taken back."):
        raise NotAllowed("This letter is on its way already and cannot be taken back.")
    interview = invitations.interview_of(message)
    if interview is None:
        return None
    if undo.get("interview"):
        _restore(interview, undo["interview"], now=now)
    elif undo:
        _unplan(interview, Stage(undo["stage"]), by=by, now=now)
    text = sentence("Taken back before it was sent", interview)
    timeline.write(interview.contact, Happened.INTERVIEW, text, by=by, at=now, now=now)
    if undo:
        invitations.own.follow(interview, house=house, now=now)
    return interview


def _restore(interview: Interview, before: dict[str, Any], *, now: datetime) -> None:
    interview.state = InterviewState(before["state"])
    values = {**before, "starts_at": datetime.fromisoformat(before["starts_at"])}
    values["medium"] = Medium(before["medium"])
    invitations.reopen(interview, before.get("proposals", []), values["starts_at"])
    _apply(interview, values, now=now)
    revive(interview, before, now=now)
    interview.invited = before.get("invited", interview.invited)
    # Feeds may have shown the change meanwhile: only a higher number takes it back there.
    interview.sequence += 1
    interview.updated_at = now
    reminders.for_interview(interview, now=now)


def _unplan(interview: Interview, stage: Stage, *, by: User, now: datetime) -> None:
    contact = interview.contact
    interview.state, interview.updated_at = InterviewState.CANCELLED, now
    interview.sequence += 1
    reminders.drop_interview(interview, now=now)
    if contact.stage is not Stage.AGREED or stages.planned(contact):
        return
    if stage is Stage.LOCATED:
        stages.enter(contact, stage, by=by, at=now, now=now, reason="The plan was taken back.")
    else:
        reminders.promise(contact, Kind.SET_DATE, anchor_at=now, now=now)


def _check_double(contact: Contact, starts_at: datetime) -> None:
    if planned_at(contact, starts_at) is not None:
        raise NotAllowed(f"An interview with {contact.name} at this very time is planned already.")


def _apply(interview: Interview, values: dict[str, Any], *, now: datetime) -> None:
    if values.get("starts_at") is not None:
        check_start(values["starts_at"], now)
        interview.starts_at = values["starts_at"]
    interview.timezone = values.get("timezone") or interview.timezone
    interview.minutes = values.get("minutes") or interview.minutes
    interview.medium = values.get("medium") or interview.medium
    for field in ("place", "notes"):
        if field in values:
            setattr(interview, field, values[field] or "")
    interview.wall_start = clock.wall(interview.starts_at, clock.zone(interview.timezone))
    interview.ends_at = interview.starts_at + timedelta(minutes=interview.minutes)


def _tell(
    interview: Interview, before: dict[str, Any], *, by: User, now: datetime, house: mail.Letterhead
) -> None:
    interview.sequence += 1
    invitations.ask_anew(interview)
    contact = interview.contact
    reminders.for_interview(interview, now=now)
    word = "Changed" if interview.starts_at == before["starts_at"] else "Moved"
    timeline.write(contact, Happened.INTERVIEW, sentence(word, interview), by=by, at=now, now=now)
    unsent = withdraw_letters(interview)
    kind = _news(interview, before, now)
    if interview.invited and kind is not None:
        # A letter that has not left yet is replaced, so that two quick changes make one letter.
        undo = unsent if unsent is not None else _undo(before)
        invitations.send(interview, kind, user=by, house=house, now=now, undo=undo)
    invitations.own.follow(interview, house=house, now=now)


def _news(interview: Interview, before: dict[str, Any], now: datetime) -> MessageKind | None:
    """What the contact is to hear; questions by letter need no date, so that it leaves the calendar."""
    told = invitations.told(interview)
    if invitations.invitable(interview, now):
        return MessageKind.UPDATE if told else MessageKind.INVITATION
    hindered = invitations.hindrance(interview.contact, before["medium"], interview.starts_at, now)
    return MessageKind.CANCELLATION if told and not hindered else None


def _undo(before: dict[str, Any]) -> dict[str, Any]:
    return {"interview": written(before)}
