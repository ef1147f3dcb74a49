"""The ledger of promises: what became of every one, to be read and to be taken along."""

from crm.domain.ledger.entries import Entry, Fate, Told, page
from crm.domain.ledger.exporting import COLUMNS, export

__all__ = ["COLUMNS", "Entry", "Fate", "Told", "export", "page"]
