"""The ledger: what became of every promise."""

from __future__ import annotations

from crm.domain import ledger, mail
from crm.domain.ledger import Entry, Fate, Told
from crm.models import Kind, ReminderState
from crm.views.api.messages import State
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.room import bp, workspace
from crm.views.api.values import Id, Instant, Shown


class StepShown(Shown):
    """One step, how it was told, and the letter (its own, or the digest) that told it."""

    name: str
    due_at: Instant
    fate: Fate
    in_bell_at: Instant | None
    letter: Id | None
    letter_state: State | None
    sent_at: Instant | None


class EntryShown(Shown):
    """A promise; `ended_at` is when it was done or dropped, null while it is owed."""

    id: Id
    contact: Id
    kind: Kind
    state: ReminderState
    created_at: Instant
    due_at: Instant
    ended_at: Instant | None
    steps: list[StepShown]


class EntryPage(Page):
    """A page of the ledger, the latest promise first."""

    items: list[EntryShown]


class EntryQuery(Paging):
    """Which promises."""

    state: ReminderState | None = None
    kind: Kind | None = None


@bp.get("/ledger")
@bp.input(EntryQuery, location="query", arg_name="query")
@bp.output(EntryPage)
def list_ledger(query: EntryQuery) -> EntryPage:
    """List what became of every promise, the latest first."""
    found = ledger.page(
        workspace(),
        state=query.state,
        kind=query.kind,
        limit=query.limit + 1,
        before=(query.after(int) or (None,))[0],
    )
    page, cursor = cut(found, query.limit, lambda entry: (entry.reminder.id,))
    return EntryPage(items=[_shown(entry) for entry in page], next=cursor)


def _shown(entry: Entry) -> EntryShown:
    reminder = entry.reminder
    return EntryShown(
        id=str(reminder.id),
        contact=str(reminder.contact_id),
        kind=reminder.kind,
        state=reminder.state,
        created_at=reminder.created_at,
        due_at=reminder.due_at,
        ended_at=entry.ended_at,
        steps=[_step(step) for step in entry.steps],
    )


def _step(step: Told) -> StepShown:
    letter = step.letter
    return StepShown(
        name=step.name,
        due_at=step.due_at,
        fate=step.fate,
        in_bell_at=step.news.created_at if step.news else None,
        letter=str(letter.id) if letter else None,
        letter_state=mail.shown_state(letter) if letter else None,
        sent_at=letter.sent_at if letter else None,
    )
