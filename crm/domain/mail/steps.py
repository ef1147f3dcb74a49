"""The step from letter to letter: one statement, since each has to be on the disk before the next DATA.

It says for two rows what `sent` and `transmitting` say for one each. Its text never changes, so that
neither we nor the database think about it twice.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    case,
    literal_column,
    or_,
    update,
)

from crm.domain.mail.claiming import LEASE, Claimed
from crm.domain.mail.sending import is_ours, is_ready
from crm.models import Message, MessageState

#: The table itself: a step needs nothing of what the model adds to it.
_TABLE = cast(Table, Message.__table__)
_M = _TABLE.c
_IS_NEXT = _M.id == bindparam("next_id")


def step(
    line: Connection, taken: tuple[Claimed, str] | None, letter: Claimed, *, journal: str, now: datetime
) -> bool:
    """The letter before, with the server's word for having it, is sent; this one is transmitting.

    `line` commits each statement by itself. Only for letters to the user that hold no secret: the others
    leave more behind than their own row. False where the lease of this one was lost.
    """
    before, reply = taken or (None, "")
    told = {
        "next_id": letter.id,
        "next_fence": letter.fence,
        "last_id": before.id if before else 0,
        "last_fence": before.fence if before else 0,
        "reply": reply[:2000],
        "copy_to": journal,
        "now": now,
        "until": now + LEASE,
    }
    return letter.id in line.scalars(_STEP, told).all()


def _either(next_value: object, last_value: object) -> object:
    return case((_IS_NEXT, next_value), else_=last_value)


def _at(name: str) -> BindParameter[datetime]:
    # Inside a CASE nothing else says what kind of value it is.
    return bindparam(name, type_=_M.lease_until.type)


def _is(state: MessageState) -> ColumnElement[str]:
    """A state as it is written, since a parameter less is one that nobody has to convert each time."""
    return literal_column(f"'{state.value}'")


_STEP = (
    update(_TABLE)
    .where(
        or_(
            and_(_IS_NEXT, is_ready(bindparam("next_fence"), _at("now"))),
            and_(_M.id == bindparam("last_id"), is_ours(bindparam("last_fence"))),
        )
    )
    .values(
        state=_either(_is(MessageState.TRANSMITTING), _is(MessageState.SENT)),
        lease_until=_either(_at("until"), None),
        journal=_either(bindparam("copy_to"), _M.journal),
        sent_at=_either(_M.sent_at, _at("now")),
        attempts=_either(_M.attempts, _M.attempts + 1),
        server_reply=_either(_M.server_reply, bindparam("reply")),
        next_try_at=_either(_M.next_try_at, None),
        doubtful_since=_either(_M.doubtful_since, None),
    )
    .returning(_M.id)
)
