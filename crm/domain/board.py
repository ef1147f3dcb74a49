"""The board: five columns of cards, read in a constant number of statements."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.database import db
from crm.domain import reminders, search
from crm.models import Contact, Interview, InterviewState, Reminder, Stage, Workspace

#: Cards shown in a column; more are a click away.
SHOWN = 40
#: Counting stops here: "200+" is as good on a board.
COUNTED = 200


@dataclass(frozen=True)
class Card:
    """One contact as the board shows it."""

    contact: Contact
    due: Reminder | None
    interview: Interview | None


@dataclass(frozen=True)
class Column:
    """One stage with its cards; `count` stops at COUNTED."""

    stage: Stage
    cards: list[Card]
    count: int
    #: Cards shown at the most, before "show more".
    limit: int = SHOWN


def columns(
    workspace: Workspace, look_for: search.Filter, *, stages: list[Stage] | None = None, limit: int = SHOWN
) -> list[Column]:
    """The columns of these stages, all five by default; who waits longest for something stands first."""
    wanted = stages or list(Stage)
    found = {stage: _contacts(workspace, look_for, stage, limit) for stage in wanted}
    ids = [contact.id for contacts in found.values() for contact in contacts]
    due, talks = reminders.next_of(workspace, ids), _talks(workspace, ids)
    return [
        Column(
            stage,
            [Card(contact, due.get(contact.id), talks.get(contact.id)) for contact in found[stage]],
            _count(workspace, look_for, stage, len(found[stage]), limit),
            limit,
        )
        for stage in wanted
    ]


def _contacts(workspace: Workspace, look_for: search.Filter, stage: Stage, limit: int) -> list[Contact]:
    query = search.narrow(select(Contact).where(Contact.workspace_id == workspace.id), _at(look_for, stage))
    query = query.options(joinedload(Contact.organisation), selectinload(Contact.tags))
    return list(db.session.scalars(query.order_by(Contact.stage_since.desc(), Contact.id).limit(limit)))


def _count(workspace: Workspace, look_for: search.Filter, stage: Stage, shown: int, limit: int) -> int:
    if shown < limit:
        return shown
    query = search.narrow(select(Contact).where(Contact.workspace_id == workspace.id), _at(look_for, stage))
    bounded = query.with_only_columns(Contact.id).limit(COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(bounded)) or 0


def _talks(workspace: Workspace, contact_ids: list[int]) -> dict[int, Interview]:
    """The next planned talk of each contact."""
    query = select(Interview).where(
        Interview.workspace_id == workspace.id,
        Interview.contact_id.in_(contact_ids),
        Interview.state == InterviewState.PLANNED,
    )
    found: dict[int, Interview] = {}
    for interview in db.session.scalars(query.order_by(Interview.starts_at)) if contact_ids else ():
        found.setdefault(interview.contact_id, interview)
    return found


def _at(look_for: search.Filter, stage: Stage) -> search.Filter:
    return replace(look_for, stage=stage.value)
