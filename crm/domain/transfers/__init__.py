"""Transfers: bringing lists of contacts in, whatever form they come in, and taking them back as a whole."""

from crm.domain.transfers.imports import (
    confirm,
    discard,
    get,
    latest,
    people,
    preview,
    refusals,
    remap,
    report,
    start,
)
from crm.domain.transfers.leasing import claim, claimed, drop_drafts, release
from crm.domain.transfers.listing import Listing, Preview
from crm.domain.transfers.loading import LEASE, RUNNING, fail, open_list, step
from crm.domain.transfers.rows import MOST_BYTES, Field, Unreadable
from crm.domain.transfers.undoing import undo

__all__ = [
    "LEASE",
    "MOST_BYTES",
    "RUNNING",
    "Field",
    "Listing",
    "Preview",
    "Unreadable",
    "claim",
    "claimed",
    "confirm",
    "discard",
    "drop_drafts",
    "fail",
    "get",
    "latest",
    "open_list",
    "people",
    "preview",
    "refusals",
    "release",
    "remap",
    "report",
    "start",
    "step",
    "undo",
]
