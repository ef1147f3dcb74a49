"""Transfers: bringing lists of contacts in, whatever form they come in, and taking them back as a whole."""

from crm.domain.transfers.imports import claim, confirm, get, latest, preview, refusals, report, start
from crm.domain.transfers.listing import Preview
from crm.domain.transfers.loading import LEASE, RUNNING, fail, open_list, step
from crm.domain.transfers.rows import Field, Unreadable
from crm.domain.transfers.undoing import undo

__all__ = [
    "LEASE",
    "RUNNING",
    "Field",
    "Preview",
    "Unreadable",
    "claim",
    "confirm",
    "fail",
    "get",
    "latest",
    "open_list",
    "preview",
    "refusals",
    "report",
    "start",
    "step",
    "undo",
]
