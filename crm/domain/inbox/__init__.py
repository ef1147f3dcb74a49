"""The inbox: what comes in by mail, whose it is, and what it means."""

from crm.domain.inbox.cursors import account, advance, anew, begin, claim, end, lasting_trouble, of
from crm.domain.inbox.deciding import (
    accept,
    get,
    ignore,
    of_entries,
    page,
    suggestion,
    suggests,
    wave_away,
)
from crm.domain.inbox.dropping import address, rotate
from crm.domain.inbox.keeping import sweep
from crm.domain.inbox.parts import MOST
from crm.domain.inbox.reading import Incoming, read
from crm.domain.inbox.taking import take, take_file

__all__ = [
    "MOST",
    "Incoming",
    "accept",
    "account",
    "address",
    "advance",
    "anew",
    "begin",
    "claim",
    "end",
    "get",
    "ignore",
    "lasting_trouble",
    "of",
    "of_entries",
    "page",
    "read",
    "rotate",
    "suggestion",
    "suggests",
    "sweep",
    "take",
    "take_file",
    "wave_away",
]
