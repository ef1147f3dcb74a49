"""Reminders: what is promised, what is due, and the letters that keep it."""

from crm.domain.reminders.due import agenda, count_due, done, get, mark, next_of, page, snooze
from crm.domain.reminders.keeping import (
    after_ask,
    drop,
    drop_interview,
    drop_stage,
    for_interview,
    for_thanks,
    open_of,
    promise,
    rhythm,
)
from crm.domain.reminders.promises import PROMISES, THANKS_WITHIN

__all__ = [
    "PROMISES",
    "THANKS_WITHIN",
    "after_ask",
    "agenda",
    "count_due",
    "done",
    "drop",
    "drop_interview",
    "drop_stage",
    "for_interview",
    "for_thanks",
    "get",
    "mark",
    "next_of",
    "open_of",
    "page",
    "promise",
    "rhythm",
    "snooze",
]
