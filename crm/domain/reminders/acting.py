"""Acting: what a promise asks for in one sentence, and the page on which it is done."""

from __future__ import annotations

from typing import NamedTuple

from crm.domain import words
from crm.domain.addresses import Addresses
from crm.models import Contact, Kind, Reminder

HERE = Addresses("")

HOW = {
    Kind.ASK: "Ask for 15 to 20 minutes, say that you are exploring, and what may be in it for {first}.",
    Kind.FOLLOW_UP: "No answer yet. Write again, short and friendly: most people who are asked are willing.",
    Kind.CLOSE: "Asked and followed up without an answer. Let go without hard feelings, or ask once more.",
    Kind.SET_DATE: "{first} said yes. Agree on a time, a length and a place while the yes is fresh.",
    Kind.PREPARE: "Look up the organisation, choose about ten questions, put your résumé beside them.",
    Kind.BRIEF: "Who, where, how long: read it through once more, and take pen and paper.",
    Kind.HOW_DID_IT_GO: "Note when it really ended and what was said. The 24 hours for thanks begin there.",
    Kind.THANK_YOU: "Name one thing that {first} said and what you will do with it. A card says most.",
    Kind.STAY_IN_TOUCH: "A short hello is enough: what the advice led to, or something {first} may like.",
    Kind.TELL_REFERRER: "They led you to {first}. Two sentences on how the talk went, and your thanks.",
    Kind.REPORT_BACK: "You did what {first} advised. Say so: nothing is remembered better.",
    Kind.COMMITMENT: "You wanted to act on this by now. How far is it?",
}
WORDS = {
    Kind.ASK: "Log the ask",
    Kind.FOLLOW_UP: "Log it",
    Kind.CLOSE: "Decide",
    Kind.SET_DATE: "Set a date",
    Kind.PREPARE: "Prepare",
    Kind.BRIEF: "Open",
    Kind.HOW_DID_IT_GO: "Record it",
    Kind.THANK_YOU: "Say thank you",
    Kind.STAY_IN_TOUCH: "Log a touch",
    Kind.TELL_REFERRER: "Log it",
    Kind.REPORT_BACK: "Log it",
    Kind.COMMITMENT: "Open",
}
LOGGED = (Kind.ASK, Kind.FOLLOW_UP, Kind.STAY_IN_TOUCH, Kind.TELL_REFERRER, Kind.REPORT_BACK)


class Act(NamedTuple):
    """What to do: why and how in a sentence, and the way to it."""

    how: str
    words: str
    path: str


def act(reminder: Reminder) -> Act:
    """What a promise asks of the user."""
    how = HOW[reminder.kind].format(first=words.first_name(reminder.contact.name))
    return Act(how, WORDS[reminder.kind], _path(reminder))


def whom(reminder: Reminder) -> Contact:
    """Who is written to or met: the referrer where they are to hear how it went."""
    contact = reminder.contact
    referrer = contact.referred_by if reminder.kind is Kind.TELL_REFERRER else None
    return referrer if referrer is not None and referrer.deleted_at is None else contact


def _path(reminder: Reminder) -> str:
    kind, interview_id = reminder.kind, reminder.interview_id
    if kind is Kind.THANK_YOU:
        return HERE.thanks(reminder.contact_id)
    if kind is Kind.HOW_DID_IT_GO and interview_id:
        return HERE.complete(interview_id)
    if interview_id:
        return HERE.interview(interview_id)
    if kind in LOGGED:
        return HERE.log(whom(reminder).id)
    pages = {Kind.CLOSE: HERE.close, Kind.SET_DATE: HERE.plan}
    return pages.get(kind, HERE.contact)(reminder.contact_id)
