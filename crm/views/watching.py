"""Watching a test reminder: how far it has come, for the page and for programs."""

from __future__ import annotations

from datetime import datetime

from crm import checkup
from crm.domain import health, rehearsals
from crm.domain.rehearsals import Step, Surroundings
from crm.models import MessageState, Rehearsal, User
from crm.views.house import settings


def sends() -> bool:
    """Whether mail leaves this installation at all."""
    return settings().smtp is not None


def steps(rehearsal: Rehearsal, user: User, *, now: datetime) -> list[Step]:
    """The way so far; what holds it up is looked for only where something does."""
    letter = rehearsal.letter
    waits = letter is not None and letter.state is MessageState.WAITING and sends()
    since = letter.created_at if letter is not None else rehearsal.asked_at
    is_late = (waits or letter is None) and now - since >= rehearsals.PATIENCE
    around = Surroundings(
        sends=sends(),
        hold=health.hold(now=now, in_full=user.is_owner) if waits else "",
        silent=checkup.silence(settings(), since=since, now=now) if is_late else "",
    )
    return rehearsals.steps(rehearsal, around, now=now)


def is_final(rehearsal: Rehearsal, *, now: datetime) -> bool:
    """Whether there is nothing more to watch."""
    return rehearsals.is_final(rehearsal, sends=sends(), now=now)
