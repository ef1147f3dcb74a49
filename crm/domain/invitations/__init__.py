"""Invitations: what a contact learns of a date, and of its changes (P-A6; RFC 5546)."""

from crm.domain.invitations import links, own
from crm.domain.invitations.asking import (
    ask_anew,
    drop_proposals,
    is_their_wish,
    open_numbers,
    reopen,
    unheeded,
)
from crm.domain.invitations.letters import (
    DROPPED,
    LOST,
    called_off,
    interview_of,
    letters,
    told,
    undelivered,
    undelivered_of_many,
    waiting,
)
from crm.domain.invitations.sending import organizer_for, resend, send
from crm.domain.invitations.standing import hindrance, invitable
from crm.domain.invitations.wording import MEDIA, values, when

__all__ = [
    "DROPPED",
    "LOST",
    "MEDIA",
    "ask_anew",
    "called_off",
    "drop_proposals",
    "hindrance",
    "interview_of",
    "invitable",
    "is_their_wish",
    "letters",
    "links",
    "open_numbers",
    "organizer_for",
    "own",
    "reopen",
    "resend",
    "send",
    "told",
    "undelivered",
    "undelivered_of_many",
    "unheeded",
    "values",
    "waiting",
    "when",
]
