"""How far the mailbox was read: moved on in the same unit of work as what each message means."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.engine import CursorResult

from crm.database import db
from crm.domain.inbox.keeping import KEPT
from crm.models import Cursor, Received

#: Longer than any one message takes; a reader that died is followed after it.
LEASE = timedelta(minutes=3)
#: How far back a mailbox is read that is new to us.
FIRST = timedelta(days=3)
#: Trouble that lasts for so long is told to the owner; shorter ones pass by themselves.
PATIENCE = timedelta(minutes=10)


def account(*of: str) -> str:
    """What a mailbox is known by: a hash of server, user and name."""
    return hashlib.sha256("\0".join(of).encode()).hexdigest()


def claim(name: str, *, now: datetime) -> bool:
    """Be the one who reads the mailbox; False while somebody else does."""
    if db.session.get(Cursor, name) is None:
        db.session.add(Cursor(account=name, last_uid=0, trouble="", lease_until=now + LEASE))
        db.session.flush()
        return True
    free = or_(Cursor.lease_until.is_(None), Cursor.lease_until < now)
    taken = update(Cursor).where(Cursor.account == name, free).values(lease_until=now + LEASE)
    result = db.session.execute(taken, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def begin(name: str, validity: int, *, now: datetime) -> tuple[int, datetime | None]:
    """From which UID on to read, and not from before when; None: whatever its date.

    Another UIDVALIDITY means that all numbers are new (RFC 3501 §2.3.1.1): everything is read again, as far
    back as we remember what was read, and what came before is known by its hash. Until `anew` says what
    was found, it is the same at every call.
    """
    cursor = _of(name)
    if cursor.uid_validity == validity:
        return cursor.last_uid, None
    return 0, now - FIRST if cursor.uid_validity is None else max(now - KEPT, _first(now) - FIRST)


def anew(name: str, validity: int, uid: int) -> None:
    """The numbers are these from now on; what has come up to this one is too old to be looked at, ever."""
    cursor = _of(name)
    cursor.uid_validity, cursor.last_uid = validity, uid


def advance(name: str, uid: int, *, now: datetime) -> None:
    """A message is done with, whatever it was; the lease lasts on."""
    cursor = _of(name)
    cursor.last_uid = max(cursor.last_uid, uid)
    cursor.lease_until = now + LEASE


def end(name: str, trouble: str, *, now: datetime) -> None:
    """The mailbox was read, or could not be."""
    cursor = _of(name)
    cursor.lease_until = None
    if not trouble:
        cursor.polled_at, cursor.trouble, cursor.trouble_since = now, "", None
        return
    cursor.trouble, cursor.trouble_since = trouble[:500], cursor.trouble_since or now


def of(name: str) -> Cursor | None:
    """How reading a mailbox goes; None before the first time."""
    return db.session.get(Cursor, name)


def lasting_trouble(name: str, *, now: datetime) -> Cursor | None:
    """The mailbox, where it could not be read for a while."""
    cursor = of(name)
    if cursor is None or cursor.trouble_since is None or now - cursor.trouble_since < PATIENCE:
        return None
    return cursor


def _of(name: str) -> Cursor:
    return db.session.get_one(Cursor, name, with_for_update=True, populate_existing=True)


def _first(now: datetime) -> datetime:
    """When the first message was read: what was old by then was never looked at, and is none now."""
    return db.session.scalar(select(func.min(Received.received_at))) or now
