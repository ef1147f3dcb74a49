"""Activities: what happened with a contact, logged by hand, and the timeline of everything."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from crm.database import utcnow
from crm.domain import contacts, timeline, touches
from crm.models import Activity, Direction, Happened
from crm.views.api.once import writes
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Body, Id, Instant, Notes, Shown, told


class NewActivity(Body):
    """Something that happened. A touch starts the rhythm anew, a note is none."""

    kind: Annotated[str, told(enum=list(touches.KINDS))]
    direction: Annotated[Direction | None, Field(description="Out where it is left out.")] = None
    at: Annotated[Instant | None, Field(description="Now where it is left out; never the future.")] = None
    text: Notes | None = None


class ActivityShown(Shown):
    """An entry of the timeline."""

    id: Id
    kind: Happened
    direction: Direction | None
    at: Instant
    text: str


class TimelinePage(Page):
    """A page of the timeline, newest first."""

    items: list[ActivityShown]


@bp.post("/contacts/<id:contact_id>/activities")
@writes
@bp.input(NewActivity, arg_name="body")
@bp.output(ActivityShown, 201)
def add_activity(contact_id: int, body: NewActivity) -> ActivityShown:
    """Log an ask, a message, a call, a meeting, a visit or a note."""
    contact = contacts.get(workspace(), contact_id, lock=True)
    given = {**body.given(), "text": body.text or ""}
    return _shown(touches.log(contact, by=user(), now=utcnow(), **given).activity)


@bp.get("/contacts/<id:contact_id>/timeline")
@bp.input(Paging, location="query", arg_name="query")
@bp.output(TimelinePage)
def get_timeline(contact_id: int, query: Paging) -> TimelinePage:
    """Read everything that happened with a contact, newest first."""
    contact = contacts.get(workspace(), contact_id)
    found = timeline.of(contact, limit=query.limit + 1, before=query.after(datetime, int))
    page, cursor = cut(found, query.limit, lambda entry: (entry.at, entry.id))
    return TimelinePage(items=[_shown(entry) for entry in page], next=cursor)


def _shown(entry: Activity) -> ActivityShown:
    return ActivityShown(
        id=str(entry.id), kind=entry.kind, direction=entry.direction, at=entry.at, text=entry.text
    )
