"""Proposals: other times that a contact wished for, accepted or declined."""

from __future__ import annotations

from flask import request

from crm.database import utcnow
from crm.domain import answers, interviews
from crm.models import Proposal
from crm.views.api import gate
from crm.views.api.interviews import InterviewShown, show
from crm.views.api.once import writes
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Nothing
from crm.views.house import house


@bp.post("/interviews/<id:interview_id>/proposals/<id:number>/accept")
@writes
@bp.input(Nothing, arg_name="_body")
@bp.output(InterviewShown)
def accept_proposal(interview_id: int, number: int, _body: Nothing) -> InterviewShown:
    """Move an interview to a time that the contact proposed: the contact is told."""
    interview = interviews.get(workspace(), interview_id, lock=True)
    answers.accept(interview, answers.get(interview, number), by=user(), now=utcnow(), house=house())
    return show(interview)


@bp.post("/interviews/<id:interview_id>/proposals/<id:number>/decline")
@writes
@bp.input(Nothing, arg_name="_body")
@bp.output(InterviewShown)
def decline_proposal(interview_id: int, number: int, _body: Nothing) -> InterviewShown:
    """Leave an interview where it is: a calendar program that proposed is told."""
    interview = interviews.get(workspace(), interview_id, lock=True)
    answers.decline(interview, answers.get(interview, number), by=user(), now=utcnow(), house=house())
    return show(interview)


def _proposal(number: int) -> Proposal:
    """The proposal that a path names, of the interview that it names before."""
    interview_id = (request.view_args or {})["interview_id"]
    return answers.get(interviews.get(workspace(), interview_id), number)


gate.keepers["number"] = _proposal
