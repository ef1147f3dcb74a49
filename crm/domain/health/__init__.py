"""Health: whether promises are being kept, and how one can see it."""

from crm.domain.health.overdue import OVERDUE, Held, held_up, hold, oldest
from crm.domain.health.parts import (
    NAMES,
    SCHEDULER,
    WORKER,
    Part,
    beat,
    channel_trouble,
    last_beat,
    parts,
    silent_since,
)
from crm.domain.health.picture import MOST, Coming, Mine, Whole, mine, whole

__all__ = [
    "MOST",
    "NAMES",
    "OVERDUE",
    "SCHEDULER",
    "WORKER",
    "Coming",
    "Held",
    "Mine",
    "Part",
    "Whole",
    "beat",
    "channel_trouble",
    "held_up",
    "hold",
    "last_beat",
    "mine",
    "oldest",
    "parts",
    "silent_since",
    "whole",
]
