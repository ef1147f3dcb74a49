"""What an answer says, in a sentence for the seeker."""

from __future__ import annotations

from collections.abc import Sequence

from crm.domain import clock, humane
from crm.domain.answers.applying import Wish
from crm.domain.answers.whose import Speaker, Standing
from crm.models import Answer, AnswerWay, Interview, Rsvp, User

SAID = {
    Rsvp.ACCEPTED: "accepted",
    Rsvp.DECLINED: "declined",
    Rsvp.TENTATIVE: "answered “perhaps”",
    Rsvp.DELEGATED: "asked somebody else to come instead",
}
ASKED = {
    AnswerWay.REFRESH: "asked for the invitation once more",
    AnswerWay.DECLINECOUNTER: "refused a time that nobody proposed",
}


def sentence(answer: Answer, speaker: Speaker, interview: Interview, wishes: Sequence[Wish]) -> str:
    """Who said what, "Ada Okafor accepted.", and what they wrote with it."""
    text = f"{who(speaker, interview)} {_deed(answer, wishes)}{_instead(answer, speaker)}"
    if not wishes:
        return f"{text}: “{answer.comment}”" if answer.comment else f"{text}."
    text = f"{text}: {_times(wishes, interview)}."
    return f"{text} “{answer.comment}”" if answer.comment else text


def repeated(speaker: Speaker, interview: Interview) -> str:
    """The same message came before."""
    return f"{who(speaker, interview)} answered the same once more."


def who(speaker: Speaker, interview: Interview) -> str:
    """The name of whoever answered, as far as it is known."""
    name = interview.contact.name
    if speaker.standing is Standing.GUEST:
        return name
    other = speaker.person.name or speaker.address or "Somebody"
    return f"{other}, in place of {name}," if speaker.standing is Standing.DELEGATE else other


def _deed(answer: Answer, wishes: Sequence[Wish]) -> str:
    if wishes and answer.rsvp in (None, Rsvp.TENTATIVE):
        return "would rather meet at another time"
    if answer.rsvp is not None:
        return SAID[answer.rsvp] + (" and proposed another time" if wishes else "")
    return ASKED.get(answer.way, "answered without saying yes or no")


def _instead(answer: Answer, speaker: Speaker) -> str:
    """Who comes instead, where they say so."""
    other = speaker.person.delegated_to
    return f" ({other})" if answer.rsvp is Rsvp.DELEGATED and other else ""


def _times(wishes: Sequence[Wish], interview: Interview) -> str:
    """In the seeker's own time, since it is the seeker who reads it."""
    owner: User = interview.contact.owner
    *others, last = [humane.exact(wish.starts_at, clock.zone(owner.timezone)) for wish in wishes]
    return f"{'; '.join(others)}; or {last}" if others else last
