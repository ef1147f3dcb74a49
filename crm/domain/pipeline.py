"""The pipeline: moving contacts between the stages (contract, Moves between stages)."""

from __future__ import annotations

from datetime import datetime

from crm.domain import clock, fields, interviews, moves, stages, thanks
from crm.domain.errors import Invalid, NotAllowed
from crm.domain.stages import NAMES
from crm.models import Contact, Stage, StageChange, User

#: A closed contact is opened again before it moves.
CLOSED = "{name} is closed. Reopen the contact first, then move it."


def move(
    contact: Contact,
    to: Stage,
    *,
    by: User,
    now: datetime,
    at: datetime | None = None,
    reason: str = "",
    was: Stage | None = None,
) -> StageChange | None:
    """Move a contact to another stage with all that belongs to it; None where it is there already.

    Forward also over several stages, back only with a reason. Raises NotAllowed for a closed
    contact, a `was` that is no longer true, or thanks without a talk; Invalid for a missing
    reason or a time to come.
    """
    at = clock.not_future(at, now)
    reason = fields.clean({"reason": reason}, {"reason": fields.line(500)})["reason"] or ""
    if to is contact.stage:
        return None
    _check(contact, to, reason, was)
    before = moves.standing(contact)
    change = _move(contact, to, by=by, now=now, at=at, reason=reason)
    moves.keep(change, before)
    return change


def undo(contact: Contact, change_id: int, *, now: datetime) -> Contact:
    """Take the latest move back, with all that it brought about: nothing of it is left.

    Raises NotFound for a move that is not this contact's, NotAllowed where it is not the latest
    one, or where something else has happened since.
    """
    change = moves.get(contact, change_id)
    moves.take_back(contact, change, now=now)
    return contact


def _move(
    contact: Contact, to: Stage, *, by: User, now: datetime, at: datetime, reason: str
) -> StageChange | None:
    if to.number < contact.stage.number:
        return _back(contact, to, by=by, at=at, now=now, reason=reason)
    if to is Stage.INTERVIEWED:
        return _interviewed(contact, by=by, at=at, now=now)
    if to is Stage.THANKED:
        return _thanked(contact, by=by, at=at, now=now)
    return stages.enter(contact, to, by=by, at=at, now=now, reason=reason)


def _check(contact: Contact, to: Stage, reason: str, was: Stage | None) -> None:
    if was is not None and was is not contact.stage:
        raise NotAllowed(
            f"{contact.name} was moved to {NAMES[contact.stage]} meanwhile. Look again, then decide."
        )
    if contact.closed:
        raise NotAllowed(CLOSED.format(name=contact.name))
    if to is Stage.THANKED and not stages.held(contact):
        raise NotAllowed(
            f"No interview with {contact.name} has taken place yet, so there is nothing to thank for. "
            "Move the contact to Interviewed first."
        )
    if to.number < contact.stage.number and not reason:
        raise Invalid(reason="Say in a few words why this contact goes back; it stays in the history.")


def _back(contact: Contact, to: Stage, *, by: User, at: datetime, now: datetime, reason: str) -> StageChange:
    change = stages.enter(contact, to, by=by, at=at, now=now, reason=reason)
    if to is Stage.INTERVIEWED:
        stages.renew(contact, now=now)
    return change


def _interviewed(contact: Contact, *, by: User, at: datetime, now: datetime) -> StageChange | None:
    """The planned talk took place; without one, a talk is recorded that ended at that time."""
    planned = stages.planned(contact)
    interview = planned[0] if planned else interviews.held_at(contact, by=by, ended_at=at, now=now)
    return interviews.complete(interview, by=by, now=now, ended_at=at)


def _thanked(contact: Contact, *, by: User, at: datetime, now: datetime) -> StageChange | None:
    if stages.unthanked(contact):
        return thanks.record(contact, by_user=by, now=now, sent_at=at)[1]
    return stages.enter(contact, Stage.THANKED, by=by, at=at, now=now)
