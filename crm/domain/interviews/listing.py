"""Interviews of a workspace, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from crm.database import db
from crm.models import Contact, Interview, InterviewState, Workspace


def page(
    workspace: Workspace,
    *,
    state: InterviewState | None = None,
    contact_id: int | None = None,
    limit: int = 50,
    after: tuple[datetime, int] | None = None,
) -> Sequence[Interview]:
    """Interviews by their start, without those of contacts in the trash; `after` is the last one seen."""
    query = select(Interview).join(Contact, Contact.id == Interview.contact_id)
    query = query.where(Interview.workspace_id == workspace.id, Contact.deleted_at.is_(None))
    if state is not None:
        query = query.where(Interview.state == state)
    if contact_id is not None:
        query = query.where(Interview.contact_id == contact_id)
    if after is not None:
        at, last = after
        query = query.where(
            (Interview.starts_at > at) | ((Interview.starts_at == at) & (Interview.id > last))
        )
    return db.session.scalars(query.order_by(Interview.starts_at, Interview.id).limit(limit)).all()
