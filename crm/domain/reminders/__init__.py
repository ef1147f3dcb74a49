"""Reminders: what is promised, what is due, and the letters that keep it."""

from crm.domain.reminders.acting import Act, act, whom
from crm.domain.reminders.due import agenda, done, get, page, snooze, take_back
from crm.domain.reminders.keeping import drop, open_of, promise, revive
from crm.domain.reminders.occasions import (
    after_ask,
    drop_interview,
    drop_stage,
    for_interview,
    for_thanks,
    rhythm,
    tell_referrer,
)
from crm.domain.reminders.overview import (
    AHEAD,
    BEFORE_A_TALK,
    Days,
    Item,
    came_due,
    days,
    is_of_use,
    is_overdue,
    item,
    mark,
    offers,
    put_off_choices,
    too_late,
)
from crm.domain.reminders.promises import PROMISES, THANKS_WITHIN
from crm.domain.reminders.realigning import realign, rezone

__all__ = [
    "AHEAD",
    "BEFORE_A_TALK",
    "PROMISES",
    "THANKS_WITHIN",
    "Act",
    "Days",
    "Item",
    "act",
    "after_ask",
    "agenda",
    "came_due",
    "days",
    "done",
    "drop",
    "drop_interview",
    "drop_stage",
    "for_interview",
    "for_thanks",
    "get",
    "is_of_use",
    "is_overdue",
    "item",
    "mark",
    "offers",
    "open_of",
    "page",
    "promise",
    "put_off_choices",
    "realign",
    "revive",
    "rezone",
    "rhythm",
    "snooze",
    "take_back",
    "tell_referrer",
    "too_late",
    "whom",
]
