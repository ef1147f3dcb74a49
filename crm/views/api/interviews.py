"""Interviews: planned, read, moved, called off, held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from flask import Response
from pydantic import Field

from crm.database import utcnow
from crm.domain import answers, calendar, contacts, feeds, interviews, invitations
from crm.models import Interview, InterviewState, Medium, Proposal, Rsvp
from crm.views.api import gate
from crm.views.api.once import writes
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.problems import Unfit
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Body, Id, Instant, Line, Notes, Nothing, Place, Shown, number, told
from crm.views.house import addresses, house

CALENDAR = "text/calendar; charset=utf-8"
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One entry.",
        "content": {"text/calendar": {"schema": {"type": "string"}}},
    }
}
#: A planned interview has these; they can be changed, not taken away.
KEPT = ("starts_at", "timezone", "minutes", "medium")

Minutes = Annotated[int, told(minimum=5, maximum=480)]


class NewInterview(Body):
    """A date with a contact."""

    starts_at: Instant
    timezone: Annotated[Line | None, Field(description="An IANA name; the user's where left out.")] = None
    minutes: Annotated[Minutes | None, Field(description="20 where left out.")] = None
    medium: Medium | None = None
    place: Place | None = None
    invite: Annotated[bool, Field(description="Whether the contact is told by mail.")] = True


class InterviewChange(Body):
    """What changes; everybody's calendar follows."""

    starts_at: Instant | None = None
    timezone: Line | None = None
    minutes: Minutes | None = None
    medium: Medium | None = None
    place: Place | None = None
    notes: Notes | None = None

    def values(self) -> dict[str, Any]:
        """What was sent. Unfit where something is taken away that an interview cannot be without."""
        given = self.given()
        gone = [name for name in KEPT if name in given and given[name] is None]
        if gone:
            raise Unfit(dict.fromkeys(gone, "An interview cannot be without this."))
        return given


class Completion(Body):
    """When it really ended, which may be before the planned start, and what came of it."""

    ended_at: Annotated[Instant | None, Field(description="Never the future.")] = None
    notes: Notes | None = None


class ProposalShown(Shown):
    """Another time that the contact wishes for, by its number within the interview."""

    number: int
    starts_at: Instant
    minutes: int | None
    comment: str | None


class InterviewShown(Shown):
    """An interview."""

    id: Id
    contact: Id
    starts_at: Instant
    ends_at: Instant
    timezone: str
    minutes: int
    medium: Medium
    place: str | None
    state: InterviewState
    uid: str
    sequence: int
    ended_at: Instant | None
    thanked_at: Instant | None
    notes: str | None
    rsvp: Annotated[Rsvp, Field(description="What the contact said to this date.")]
    rsvp_at: Instant | None
    proposals: Annotated[list[ProposalShown], Field(description="Those that wait for an answer.")]
    undelivered: Annotated[
        bool, Field(description="Whether the latest letter to the contact did not arrive.")
    ]


class InterviewPage(Page):
    """A page of interviews, by their start."""

    items: list[InterviewShown]


class InterviewQuery(Paging):
    """Which interviews."""

    state: InterviewState | None = None
    contact: Id | None = None


@bp.get("/interviews")
@bp.input(InterviewQuery, location="query", arg_name="query")
@bp.output(InterviewPage)
def list_interviews(query: InterviewQuery) -> InterviewPage:
    """List interviews, by their start."""
    found = interviews.page(
        workspace(),
        state=query.state,
        contact_id=None if query.contact is None else number(query.contact),
        limit=query.limit + 1,
        after=query.after(datetime, int),
    )
    page, cursor = cut(found, query.limit, lambda interview: (interview.starts_at, interview.id))
    return InterviewPage(items=show_all(page), next=cursor)


@bp.post("/contacts/<id:contact_id>/interviews")
@writes
@bp.input(NewInterview, arg_name="body")
@bp.output(InterviewShown, 201)
def plan_interview(contact_id: int, body: NewInterview) -> InterviewShown:
    """Set a date. A located contact becomes agreed, and is invited unless it is in the past."""
    contact = contacts.get(workspace(), contact_id, lock=True)
    given = {name: value for name, value in body.given().items() if value is not None}
    return show(interviews.plan(contact, by=user(), now=utcnow(), house=house(), **given))


@bp.get("/interviews/<id:interview_id>")
@bp.output(InterviewShown)
def get_interview(interview_id: int) -> InterviewShown:
    """Read one interview."""
    return show(interviews.get(workspace(), interview_id))


@bp.patch("/interviews/<id:interview_id>")
@writes
@bp.input(InterviewChange, arg_name="body")
@bp.output(InterviewShown)
def change_interview(interview_id: int, body: InterviewChange) -> InterviewShown:
    """Move an interview, or change its place or notes. Null clears place and notes."""
    interview = interviews.get(workspace(), interview_id, lock=True)
    return show(interviews.change(interview, body.values(), by=user(), now=utcnow(), house=house()))


@bp.post("/interviews/<id:interview_id>/cancel")
@writes
@bp.input(Nothing, arg_name="_body")
@bp.output(InterviewShown)
def cancel_interview(interview_id: int, _body: Nothing) -> InterviewShown:
    """Call an interview off: the contact is told, and a new date is promised."""
    interview = interviews.get(workspace(), interview_id, lock=True)
    return show(interviews.cancel(interview, by=user(), now=utcnow(), house=house()))


@bp.post("/interviews/<id:interview_id>/complete")
@writes
@bp.input(Completion, arg_name="body")
@bp.output(InterviewShown)
def complete_interview(interview_id: int, body: Completion) -> InterviewShown:
    """Record that it took place: the contact becomes interviewed, and the 24 hours for thanks run."""
    interview = interviews.get(workspace(), interview_id, lock=True)
    interviews.complete(interview, by=user(), now=utcnow(), ended_at=body.ended_at, notes=body.notes)
    return show(interview)


@bp.get("/interviews/<id:interview_id>.ics")
@bp.doc(responses=FILE)
def download_interview(interview_id: int) -> Response:
    """Download one interview for a calendar."""
    interview = interviews.get(workspace(), interview_id)
    response = Response(calendar.single(feeds.entry_of(interview, addresses())), content_type=CALENDAR)
    response.headers["Content-Disposition"] = 'attachment; filename="interview.ics"'
    return response


def show(interview: Interview) -> InterviewShown:
    """An interview as it is answered."""
    return show_all([interview])[0]


def show_all(page: Sequence[Interview]) -> list[InterviewShown]:
    """Several, with all that belongs to them, in as many queries as one."""
    proposals, lost = answers.open_of_many(page), invitations.undelivered_of_many(page)
    return [_shown(talk, proposals.get(talk.id, []), is_lost=talk.id in lost) for talk in page]


def _shown(interview: Interview, proposals: list[Proposal], *, is_lost: bool) -> InterviewShown:
    return InterviewShown(
        id=str(interview.id),
        contact=str(interview.contact_id),
        starts_at=interview.starts_at,
        ends_at=interview.ends_at,
        timezone=interview.timezone,
        minutes=interview.minutes,
        medium=interview.medium,
        place=interview.place or None,
        state=interview.state,
        uid=interview.uid,
        sequence=interview.sequence,
        ended_at=interview.ended_at,
        thanked_at=interview.thanked_at,
        notes=interview.notes or None,
        rsvp=interview.rsvp,
        rsvp_at=interview.rsvp_at,
        proposals=[
            ProposalShown(
                number=one.number,
                starts_at=one.starts_at,
                minutes=one.minutes,
                comment=one.comment or None,
            )
            for one in proposals
        ],
        undelivered=is_lost,
    )


gate.keepers["interview_id"] = lambda interview_id: interviews.get(workspace(), interview_id)
