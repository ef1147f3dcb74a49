"""Answers by the page of an invitation: what a mail program's buttons do, for everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from crm.database import db
from crm.domain import clock, mail, words
from crm.domain.answers import applying, keeping, telling, wording
from crm.domain.answers.applying import Wish
from crm.domain.answers.reading import Person
from crm.domain.answers.whose import Speaker, Standing
from crm.domain.errors import Invalid, NotAllowed
from crm.models import Answer, AnswerWay, Interview, InterviewState, Medium, Rsvp

#: Nobody changes their mind more often; programs that press buttons do.
AT_MOST = 50
#: How many times may be proposed at once.
WISHES = 3
FURTHEST = timedelta(days=366)
COMMENT = 1000


def ended(interview: Interview, now: datetime) -> str:
    """Why nothing can be answered any more, kindly; empty while it can be."""
    if interview.state is InterviewState.CANCELLED:
        return "This talk was called off, so there is nothing left to answer."
    if interview.medium is Medium.EMAIL:
        return "This talk has become a few questions by e-mail, so no date is needed any more."
    if interview.state is InterviewState.COMPLETED or interview.starts_at <= now:
        return "This talk has begun already, or is over."
    return ""


def say(
    interview: Interview, rsvp: Rsvp, *, comment: str = "", now: datetime, house: mail.Letterhead
) -> None:
    """Yes or no; said again without another word it changes nothing. NotAllowed once it is too late."""
    comment = _comment(comment)
    if rsvp is interview.rsvp and not comment:
        return
    _take(interview, rsvp, [], comment, now=now, house=house)


def wish(
    interview: Interview,
    times: Sequence[datetime],
    *,
    comment: str = "",
    now: datetime,
    house: mail.Letterhead,
) -> None:
    """Up to three other times, which take the place of those proposed before; until then it is "perhaps".

    Raises Invalid for times that nobody can come at, NotAllowed once it is too late.
    """
    wanted = list(dict.fromkeys(times))[:WISHES]
    if not wanted:
        raise Invalid(day_1="Propose at least one time.")
    if any(not now < at <= now + FURTHEST for at in wanted):
        raise Invalid(day_1="Propose times that are still to come, within a year.")
    if interview.starts_at in wanted:
        raise Invalid(day_1="That is the time of the invitation. Say yes to it, or propose another one.")
    _take(interview, Rsvp.TENTATIVE, [Wish(at) for at in wanted], _comment(comment), now=now, house=house)


def choose_zone(interview: Interview, name: str, *, now: datetime) -> None:
    """The guest says on which clock they live; their letters follow."""
    interview.contact.timezone = clock.zone(name).key
    interview.contact.updated_at = now


def _take(
    interview: Interview,
    rsvp: Rsvp,
    wishes: list[Wish],
    comment: str,
    *,
    now: datetime,
    house: mail.Letterhead,
) -> None:
    if sentence := ended(interview, now):
        raise NotAllowed(sentence)
    if _how_often(interview) >= AT_MOST:
        raise NotAllowed("This was answered very often. Please write a letter instead.")
    answer = keeping.keep(
        interview,
        AnswerWay.PAGE,
        attendee=interview.guest,
        rsvp=rsvp,
        sequence=interview.sequence,
        # As exact as mail says it, or an answer by mail in the same second would be older.
        stamped_at=now.replace(microsecond=0),
        comment=comment,
        mark=f"{now.isoformat()} {wishes}",
        now=now,
    )
    if answer is None:
        return
    speaker = Speaker(Standing.GUEST, Person(interview.guest), interview.guest)
    applying.apply(interview, answer, wishes, now=now)
    said = wording.sentence(answer, speaker, interview, wishes)
    applying.write_down(interview, said, at=now)
    telling.tell(answer, interview, said, house=house, now=now)


def _comment(text: str) -> str:
    return words.block(text)[:COMMENT]


def _how_often(interview: Interview) -> int:
    query = select(func.count()).where(
        Answer.workspace_id == interview.workspace_id,
        Answer.interview_id == interview.id,
        Answer.way == AnswerWay.PAGE,
    )
    return db.session.scalars(query).one()
