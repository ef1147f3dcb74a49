"""Mail: letters written whole, the outbox they wait in, and the ledger they stay in."""

from crm.domain.mail.channels import channel, open_channel, stop_channel
from crm.domain.mail.ledger import arrived, get, page, send_again, shown_state, undoable
from crm.domain.mail.letterhead import Letterhead
from crm.domain.mail.mime import ascii_address
from crm.domain.mail.outbox import GRACE, Draft, put, requeue
from crm.domain.mail.sending import (
    Claimed,
    claim,
    failed,
    put_back,
    recover,
    sent,
    set_aside,
    transmitting,
    uncertain,
)
from crm.domain.mail.withdrawing import withdraw, withdraw_for

__all__ = [
    "GRACE",
    "Claimed",
    "Draft",
    "Letterhead",
    "arrived",
    "ascii_address",
    "channel",
    "claim",
    "failed",
    "get",
    "open_channel",
    "page",
    "put",
    "put_back",
    "recover",
    "requeue",
    "send_again",
    "sent",
    "set_aside",
    "shown_state",
    "stop_channel",
    "transmitting",
    "uncertain",
    "undoable",
    "withdraw",
    "withdraw_for",
]
