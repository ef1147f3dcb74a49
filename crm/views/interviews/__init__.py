"""Interviews: planned, moved, called off, recorded (P-A3, P-A6, P-T1)."""

from crm.views.interviews import answering, holding, planning
from crm.views.interviews.page import bp

__all__ = ["answering", "bp", "holding", "planning"]
