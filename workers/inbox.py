"""The inbox: what came in is read from the mailbox, each message in one unit of work with what it means."""

from __future__ import annotations

import logging

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from crm.database import transaction, utcnow
from crm.domain import inbox
from crm.domain.errors import Invalid
from crm.settings import ImapTarget
from crm.wake import wake
from workers import listening
from workers.app import app
from workers.house import house, is_stopping, settings
from workers.imap import Mailbox, Unreachable

log = logging.getLogger(__name__)

#: Messages that one task reads; the next tick goes on.
BATCH = 200


@app.task(name="workers.inbox.poll")
def poll() -> int:
    """Read what is new in the mailbox; answers how many messages it was."""
    target = settings().imap
    if target is None:
        return 0
    name = inbox.account(target.host, str(target.port), target.user, target.mailbox)
    listening.begin(target)
    with transaction():
        if not inbox.claim(name, now=utcnow()):
            return 0
    read, trouble = 0, "Reading the mailbox was broken off."
    try:
        read, trouble = _read(name, target), ""
    except Unreachable as error:
        trouble = f"The mailbox could not be read: {error}"
    finally:
        with transaction():
            inbox.end(name, trouble, now=utcnow())
    if read:
        wake("mail.drain")
    return read


def _read(name: str, target: ImapTarget) -> int:
    read = 0
    with Mailbox(target) as mailbox:
        with transaction():
            last, since = inbox.begin(name, mailbox.validity, now=utcnow())
        found = mailbox.after(last, since)
        # Where there is nothing, up to what was there before we looked: what comes meanwhile is new.
        before = found[0] - 1 if found else mailbox.newest
        if since is not None and before is not None:
            with transaction():
                inbox.anew(name, mailbox.validity, before)
        for uid in found[:BATCH]:
            if is_stopping():
                break
            _take(name, uid, mailbox.fetch(uid, inbox.MOST))
            read += 1
    return read


def _take(name: str, uid: int, raw: bytes | None) -> None:
    """One message. Whatever is wrong with it is wrong with it alone: the next one is read all the same."""
    try:
        found = inbox.read(raw) if raw else None
        with transaction():
            if found is not None:
                inbox.take(found, house=house(), now=utcnow())
            inbox.advance(name, uid, now=utcnow())
        return
    except (DBAPIError, PoolTimeout) as error:
        if not _is_of_the_message(error):
            raise
        log.exception("Message %d could not be kept; it is left where it is.", uid)
    except Invalid as error:
        log.warning("Message %d is left where it is: %s", uid, error.sentence)
    except Exception:
        log.exception("Message %d could not be read; it is left where it is.", uid)
    with transaction():
        inbox.advance(name, uid, now=utcnow())


def _is_of_the_message(error: Exception) -> bool:
    """Whether the database refused what was to be written; else it is away, and the message waits."""
    return isinstance(error, DBAPIError) and type(error).__name__ in ("DataError", "StatementError")
