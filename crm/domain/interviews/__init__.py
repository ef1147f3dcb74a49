"""Interviews: planned, moved, called off, held (P-A3, P-A6)."""

from crm.domain.interviews.holding import complete, held_at
from crm.domain.interviews.inviting import ask_again, follow_address, invite, may_ask_again, may_invite
from crm.domain.interviews.listing import page
from crm.domain.interviews.planning import cancel, change, plan, reinstate, take_back
from crm.domain.interviews.realigning import realign
from crm.domain.interviews.record import ADVISED_MINUTES, DEFAULT_MINUTES, coming, get, of, planned_at

__all__ = [
    "ADVISED_MINUTES",
    "DEFAULT_MINUTES",
    "ask_again",
    "cancel",
    "change",
    "coming",
    "complete",
    "follow_address",
    "get",
    "held_at",
    "invite",
    "may_ask_again",
    "may_invite",
    "of",
    "page",
    "plan",
    "planned_at",
    "realign",
    "reinstate",
    "take_back",
]
