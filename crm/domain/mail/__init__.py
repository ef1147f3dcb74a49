"""Mail: letters written whole, the outbox they wait in, and the ledger they stay in."""

from crm.domain.mail import bounces
from crm.domain.mail.channels import channel, is_at_rate, note, open_channel, set_rate, stop_channel
from crm.domain.mail.claiming import BATCH, LEASE, Claimed, claim, is_due
from crm.domain.mail.doubts import (
    Doubt,
    doubts,
    oldest_doubt,
    recover,
    settle,
    uncertain,
    unread,
    without_journal,
)
from crm.domain.mail.ledger import SHOWN, arrived, get, page, send_again, shown_state, undoable
from crm.domain.mail.letterhead import Letterhead
from crm.domain.mail.mime import ascii_address
from crm.domain.mail.outbox import GRACE, Draft, add, put, requeue
from crm.domain.mail.sending import failed, put_back, sent, set_aside, transmitting
from crm.domain.mail.steps import step
from crm.domain.mail.withdrawing import withdraw, withdraw_for

__all__ = [
    "BATCH",
    "GRACE",
    "LEASE",
    "SHOWN",
    "Claimed",
    "Doubt",
    "Draft",
    "Letterhead",
    "add",
    "arrived",
    "ascii_address",
    "bounces",
    "channel",
    "claim",
    "doubts",
    "failed",
    "get",
    "is_at_rate",
    "is_due",
    "note",
    "oldest_doubt",
    "open_channel",
    "page",
    "put",
    "put_back",
    "recover",
    "requeue",
    "send_again",
    "sent",
    "set_aside",
    "set_rate",
    "settle",
    "shown_state",
    "step",
    "stop_channel",
    "transmitting",
    "uncertain",
    "undoable",
    "unread",
    "withdraw",
    "withdraw_for",
    "without_journal",
]
