"""Another time was proposed: one click takes it, another leaves the talk where it is."""

from __future__ import annotations

from flask import g
from werkzeug.wrappers import Response

from crm.database import transaction, utcnow
from crm.domain import answers, interviews
from crm.views import names, telling, ways
from crm.views.house import house
from crm.views.interviews.page import bp, path_of


@bp.post("/interviews/<id:interview_id>/proposals/<id:number>/accept")
def accept(interview_id: int, number: int) -> Response:
    """Move the talk to the time that was proposed; the contact hears of it."""
    now = utcnow()
    with transaction():
        interview = interviews.get(g.workspace, interview_id, lock=True)
        proposal = answers.get(interview, number)
        answers.accept(interview, proposal, by=g.user, now=now, house=house())
    telling.say(interview, "The talk is moved to that time", now)
    return ways.back(path_of(interview))


@bp.post("/interviews/<id:interview_id>/proposals/<id:number>/decline")
def decline(interview_id: int, number: int) -> Response:
    """Leave the talk where it is."""
    now = utcnow()
    with transaction():
        interview = interviews.get(g.workspace, interview_id, lock=True)
        proposal = answers.get(interview, number)
        answers.decline(interview, proposal, by=g.user, now=now, house=house())
    first_name = names.first(interview.contact.name)
    silence = "Their calendar is told." if proposal.by_counter else f"{first_name} is not told: write a line."
    ways.done(f"The date stays. {silence}", "")
    return ways.back(path_of(interview))
