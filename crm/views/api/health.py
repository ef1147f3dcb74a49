"""Health: whether reminders run, for whoever the token belongs to."""

from __future__ import annotations

from crm import checkup
from crm.database import utcnow
from crm.domain import health
from crm.models import Kind, Reminder
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Id, Instant, Shown
from crm.views.house import settings


class PartShown(Shown):
    """One part of the house, and what is wrong with it."""

    name: str
    well: bool
    sentence: str


class BacklogShown(Shown):
    """What waits: reminders that are due and not told yet, and letters; counted up to a thousand."""

    reminders: int
    letters: int


class ComingShown(Shown):
    """A reminder that is still to come."""

    id: Id
    kind: Kind
    contact: Id
    due_at: Instant


class HealthShown(Shown):
    """How reminders run; the times are null where there is nothing of the kind."""

    ok: bool
    parts: list[PartShown]
    last_tick_at: Instant | None
    last_letter_at: Instant | None
    oldest_due_at: Instant | None
    backlog: BacklogShown
    next: list[ComingShown]


@bp.get("/health")
@bp.output(HealthShown)
def get_health() -> HealthShown:
    """See whether reminders run, what waits, and what comes next."""
    now = utcnow()
    parts = checkup.parts(settings(), now=now)
    mine = health.mine(workspace(), user(), now=now)
    return HealthShown(
        ok=all(part.well for part in parts),
        parts=[PartShown(name=part.name, well=part.well, sentence=part.sentence) for part in parts],
        last_tick_at=mine.last_tick_at,
        last_letter_at=mine.last_letter_at,
        oldest_due_at=mine.oldest_due_at,
        backlog=BacklogShown(reminders=mine.reminders, letters=mine.letters),
        next=[_coming(reminder) for reminder in mine.next],
    )


def _coming(reminder: Reminder) -> ComingShown:
    return ComingShown(
        id=str(reminder.id),
        kind=reminder.kind,
        contact=str(reminder.contact_id),
        due_at=reminder.due_at,
    )
