"""Rehearsals: a test reminder goes the whole way of a real one, and can be watched."""

from crm.domain.rehearsals.going import AN_HOUR, ask, asked, get, latest, sweep, take
from crm.domain.rehearsals.steps import PATIENCE, Step, StepState, Surroundings, is_final, steps

__all__ = [
    "AN_HOUR",
    "PATIENCE",
    "Step",
    "StepState",
    "Surroundings",
    "ask",
    "asked",
    "get",
    "is_final",
    "latest",
    "steps",
    "sweep",
    "take",
]
