"""The pipeline: moving a contact to another stage (contract, Moves between stages)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm.database import utcnow
from crm.domain import contacts, pipeline
from crm.models import Stage
from crm.views.api.contacts import ContactShown, show
from crm.views.api.once import writes
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Body, Instant, Line


class Move(Body):
    """Where to, since when, and why; going back needs a reason."""

    stage: Stage
    at: Annotated[Instant | None, Field(description="Now where it is left out; never the future.")] = None
    reason: Line | None = None
    was: Annotated[Stage | None, Field(description="Refused where the contact is elsewhere by now.")] = None


@bp.post("/contacts/<id:contact_id>/stage")
@writes
@bp.input(Move, arg_name="move")
@bp.output(ContactShown)
def move_contact(contact_id: int, move: Move) -> ContactShown:
    """Move a contact to another stage. To the same stage: nothing happens."""
    contact = contacts.get(workspace(), contact_id, lock=True)
    pipeline.move(
        contact, move.stage, by=user(), now=utcnow(), at=move.at, reason=move.reason or "", was=move.was
    )
    return show(contact)
