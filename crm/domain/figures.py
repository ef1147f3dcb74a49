"""Figures at the head of the board: only what is known, read in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, func, literal, or_, select, true, union_all

from crm.database import db
from crm.domain.reminders import THANKS_WITHIN
from crm.models import Contact, Interview, InterviewState, User, Workspace

#: Counting stops here.
PEOPLE = 1000
#: The talks whose thanks are judged, latest first.
TALKS = 100


@dataclass(frozen=True)
class Figures:
    """How many people are on the board, how thanks went, and when the next talk is."""

    #: Open contacts, PEOPLE + 1 at the most.
    people: int
    #: Whether there is any contact at all, closed ones too.
    anybody: bool
    #: Of the talks whose 24 hours are over or that were thanked for, how many in time (P-T1); in percent.
    thanked_in_time: int | None
    next_talk_at: datetime | None


def at_a_glance(workspace: Workspace, user: User, *, now: datetime) -> Figures:
    """The figures of a workspace, with the next talk of this user."""
    parts = [select(_next_talk(workspace, user, now)), select(_thanks(workspace, now))]
    rows = union_all(*parts).subquery()
    always_one = select(literal(1).label("one")).subquery()
    query: Select[Any] = select(
        _people(workspace), _anybody(workspace), rows.c.state, rows.c.at, rows.c.thanked_at
    )
    found = db.session.execute(query.select_from(always_one.outerjoin(rows, true()))).all()
    held = [row for row in found if row.state is InterviewState.COMPLETED]
    in_time = [row for row in held if row.thanked_at and row.thanked_at - row.at <= THANKS_WITHIN]
    return Figures(
        people=found[0].people,
        anybody=bool(found[0].anybody),
        thanked_in_time=round(100 * len(in_time) / len(held)) if held else None,
        next_talk_at=next((row.at for row in found if row.state is InterviewState.PLANNED), None),
    )


def _people(workspace: Workspace) -> Any:
    some = _contacts(workspace).where(Contact.closed.is_(None)).limit(PEOPLE + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery().label("people")


def _anybody(workspace: Workspace) -> Any:
    return _contacts(workspace).limit(1).scalar_subquery().label("anybody")


def _contacts(workspace: Workspace) -> Select[int]:
    return select(Contact.id).where(Contact.workspace_id == workspace.id, Contact.deleted_at.is_(None))


def _next_talk(workspace: Workspace, user: User, now: datetime) -> Subquery:
    query = _talks(Interview.starts_at).where(
        Interview.workspace_id == workspace.id,
        Interview.owner_id == user.id,
        Interview.state == InterviewState.PLANNED,
        Interview.ends_at > now,
    )
    return query.order_by(Interview.starts_at).limit(1).subquery()


def _thanks(workspace: Workspace, now: datetime) -> Subquery:
    query = _talks(Interview.ended_at).where(
        Interview.workspace_id == workspace.id,
        Interview.state == InterviewState.COMPLETED,
        or_(Interview.thanked_at.is_not(None), Interview.ended_at <= now - THANKS_WITHIN),
    )
    return query.order_by(Interview.ended_at.desc()).limit(TALKS).subquery()


def _talks(at: Any) -> Select[Any]:
    """Talks with people who are not in the trash."""
    query: Select[Any] = select(Interview.state, at.label("at"), Interview.thanked_at)
    return query.join(Contact, Contact.id == Interview.contact_id).where(Contact.deleted_at.is_(None))
