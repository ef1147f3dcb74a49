"""Interviews: planned, moved, called off, held (P-A3, P-A6)."""

from crm.domain.interviews.holding import complete, held_at
from crm.domain.interviews.planning import cancel, change, plan, take_back
from crm.domain.interviews.record import ADVISED_MINUTES, DEFAULT_MINUTES, coming, get, of

__all__ = [
    "ADVISED_MINUTES",
    "DEFAULT_MINUTES",
    "cancel",
    "change",
    "coming",
    "complete",
    "get",
    "held_at",
    "of",
    "plan",
    "take_back",
]
