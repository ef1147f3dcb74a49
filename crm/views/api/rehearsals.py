"""Test reminders: asked for, and watched on their way."""

from __future__ import annotations

from flask import Response, after_this_request

from crm.database import utcnow
from crm.domain import rehearsals
from crm.domain.rehearsals import StepState
from crm.models import Rehearsal
from crm.views import watching
from crm.views.api import gate
from crm.views.api.once import writes
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Id, Instant, Nothing, Shown
from crm.wake import wake


class WalkStepShown(Shown):
    """One part of the way: `asked`, `ticked`, `taken`, `written`, `handed`, `answered`, in this order."""

    name: str
    state: StepState
    at: Instant | None
    sentence: str


class RehearsalShown(Shown):
    """A test reminder; `final` once nothing more can happen to it."""

    id: Id
    asked_at: Instant
    final: bool
    letter: Id | None
    steps: list[WalkStepShown]


@bp.post("/rehearsals")
@writes
@bp.input(Nothing, arg_name="_body")
@bp.output(RehearsalShown, 201)
def add_rehearsal(_body: Nothing) -> RehearsalShown:
    """Ask for a test reminder, which scheduler and worker then send; read it to see how far it is."""
    found = rehearsals.ask(workspace(), user(), sends=watching.sends(), now=utcnow())
    after_this_request(_tell_the_worker)
    return _shown(found)


@bp.get("/rehearsals/<id:rehearsal_id>")
@bp.output(RehearsalShown)
def get_rehearsal(rehearsal_id: int) -> RehearsalShown:
    """See how far a test reminder has come."""
    return _shown(rehearsals.get(workspace(), user(), rehearsal_id))


def _tell_the_worker(response: Response) -> Response:
    # A hint is no tick: the worker answers it and shows that it lives, should the scheduler be silent.
    wake("health.beat")
    return response


def _shown(rehearsal: Rehearsal) -> RehearsalShown:
    now = utcnow()
    return RehearsalShown(
        id=str(rehearsal.id),
        asked_at=rehearsal.asked_at,
        final=watching.is_final(rehearsal, now=now),
        letter=None if rehearsal.letter_id is None else str(rehearsal.letter_id),
        steps=[
            WalkStepShown(name=step.name, state=step.state, at=step.at, sentence=step.sentence)
            for step in watching.steps(rehearsal, user(), now=now)
        ],
    )


gate.keepers["rehearsal_id"] = lambda rehearsal_id: rehearsals.get(workspace(), user(), rehearsal_id)
