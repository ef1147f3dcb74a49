"""Taking an answer that came by mail: once, in its order, and only from whom it is for (RFC 5546 §2.1.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.domain import clock, mail
from crm.domain.answers import applying, asking_again, keeping, reading, telling, whose, wording
from crm.domain.answers.applying import Wish
from crm.domain.answers.reading import Said
from crm.domain.answers.whose import Speaker, Standing
from crm.models import Answer, AnswerWay, Contact, Interview, InterviewState, Rsvp


@dataclass(frozen=True)
class Taken:
    """What an iTIP message came to."""

    interview: Interview
    contact: Contact
    #: "reply", "counter", "refresh" or "declinecounter".
    method: str
    #: What it said, and what came of it, for people.
    sentence: str
    #: Whether it changed anything or is to be looked at: neither a repetition nor older than what is known.
    is_news: bool


def take(
    ics: bytes, *, sender: str, recipients: Sequence[str], now: datetime, house: mail.Letterhead
) -> Taken | None:
    """Read one iCalendar body, write down what it answers, and tell the seeker.

    `sender` is From, bare or with a name; `recipients` are all addresses that the letter came to. The talk
    is found by UID, then by the token among the recipients. Answers are kept once, ordered by SEQUENCE,
    then DTSTAMP, for each attendee. None where it is no answer to an invitation of ours. Makes no talk,
    and takes no answer to a series. To be called within the unit of work that keeps the letter.
    """
    said = reading.read(ics)
    if said is None:
        return None
    tokens = whose.tokens_of(recipients, house.mail_from)
    interview = whose.interview_of(said, tokens)
    if interview is None:
        return None
    if whose.is_seeker(interview, sender):
        sentence = "You answered for yourself, which changes nothing here."
        return Taken(interview, interview.contact, said.way.value, sentence, is_news=False)
    speaker = whose.speaker(said, interview, sender, proven=interview.token in tokens)
    answer = _kept(said, speaker, interview, now)
    if answer is None:
        sentence = wording.repeated(speaker, interview)
        return Taken(interview, interview.contact, said.way.value, sentence, is_news=False)
    return _weighed(said, speaker, interview, answer, house, now)


def _kept(said: Said, speaker: Speaker, interview: Interview, now: datetime) -> Answer | None:
    """The answer as a row; None where the very same one came before."""
    return keeping.keep(
        interview,
        said.way,
        attendee=speaker.address,
        rsvp=_rsvp(said, speaker, interview),
        # Programs that count for themselves would be believed for ever (RFC 5546 §2.1.4: organizers count).
        sequence=min(said.sequence, interview.sequence),
        # Nor is a clock believed that runs ahead: nothing would be later than what it said.
        stamped_at=min(said.stamped_at or now, now.replace(microsecond=0)),
        comment=said.comment,
        mark=f"{said.stamped_at or now} {said.sequence} {said.starts_at} {said.length}",
        now=now,
    )


def _rsvp(said: Said, speaker: Speaker, interview: Interview) -> Rsvp | None:
    """What is said to the date that stands: a yes to another one is none to this."""
    rsvp = speaker.person.rsvp
    if said.way not in (AnswerWay.REPLY, AnswerWay.COUNTER) or rsvp is Rsvp.NEEDS_ACTION:
        return None
    return Rsvp.TENTATIVE if rsvp is Rsvp.ACCEPTED and _wishes(said, interview) else rsvp


def _weighed(
    said: Said,
    speaker: Speaker,
    interview: Interview,
    answer: Answer,
    house: mail.Letterhead,
    now: datetime,
) -> Taken:
    """Applied where it counts; on the timeline and told either way."""
    wishes = _wishes(said, interview)
    words = wording.sentence(answer, speaker, interview, wishes)
    hindrance = _hindrance(said, speaker, interview, answer)
    if not hindrance:
        hindrance = _do(said, speaker, interview, answer, wishes, house, now)
    sentence = f"{words} {hindrance}".strip()
    is_news = answer.applied or speaker.standing is Standing.STRANGER
    applying.write_down(interview, sentence, at=now)
    if is_news and said.way is not AnswerWay.REFRESH:
        telling.tell(answer, interview, sentence, house=house, now=now)
    return Taken(interview, interview.contact, said.way.value, sentence, is_news=is_news)


def _do(
    said: Said,
    speaker: Speaker,
    interview: Interview,
    answer: Answer,
    wishes: list[Wish],
    house: mail.Letterhead,
    now: datetime,
) -> str:
    answer.applied = True
    if said.way is AnswerWay.REFRESH:
        return asking_again.send(interview, house=house, now=now)
    if speaker.standing is Standing.DELEGATE:
        return applying.by_delegate(interview, answer, now=now)
    applying.apply(interview, answer, wishes, now=now)
    return ""


def _hindrance(said: Said, speaker: Speaker, interview: Interview, answer: Answer) -> str:
    """Why an answer changes nothing, in a sentence; empty where it counts."""
    if speaker.standing is Standing.STRANGER:
        return "They were not invited at this address, so nothing changed. Was the invitation passed on?"
    if said.way is AnswerWay.DECLINECOUNTER:
        return "Only whoever invites can say that, so nothing changed."
    if said.way is AnswerWay.REFRESH:
        return ""
    if interview.state is not InterviewState.PLANNED:
        return "The talk is no longer planned, so nothing changed."
    if said.sequence < interview.dated_sequence:
        return "That was an answer to an older date, so nothing changed."
    if keeping.is_older(answer):
        return "A later answer came before this one, so nothing changed."
    return ""


def _wishes(said: Said, interview: Interview) -> list[Wish]:
    """The time that a COUNTER proposes, where it is another (RFC 5546 §3.2.7)."""
    if said.way is not AnswerWay.COUNTER or said.starts_at is None:
        return []
    where = clock.zone(interview.contact.timezone or interview.timezone)
    starts_at = said.starts_at if said.starts_at.tzinfo else clock.instant(said.starts_at, where)
    minutes = round(said.length.total_seconds() / 60) if said.length else interview.minutes
    length = minutes if minutes != interview.minutes and 5 <= minutes <= 480 else None
    is_other = starts_at != interview.starts_at or length is not None
    return [Wish(starts_at, length)] if is_other else []
