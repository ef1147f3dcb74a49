"""The journal: letters in doubt are looked for in the mailbox that got a copy of all that left."""

from __future__ import annotations

from datetime import timedelta

from crm.database import transaction, utcnow
from crm.domain import mail
from crm.domain.mail import Doubt
from crm.settings import ImapTarget
from workers.app import app
from workers.house import settings
from workers.imap import Mailbox, Unreachable


@app.task(name="workers.journal.look")
def look() -> int:
    """Ask for every letter in doubt that is to be asked for by now; answers how many were."""
    with transaction():
        doubts = mail.doubts(now=utcnow())
    target = settings().journal_imap
    if doubts and target is None:
        with transaction():
            mail.without_journal(doubts, now=utcnow())
    elif doubts and target is not None:
        _ask(doubts, target)
    return len(doubts)


def _ask(doubts: list[Doubt], target: ImapTarget) -> None:
    """Nothing is guessed: a journal that cannot be read is asked again."""
    # What arrives while we look counts as absent; so the grace is counted up to before that.
    asked_at = utcnow()
    try:
        with Mailbox(target) as mailbox:
            found = [mailbox.has(doubt.message_id) for doubt in doubts]
    except Unreachable as trouble:
        with transaction():
            mail.unread(doubts, f"The journal could not be read: {trouble}", now=utcnow())
        return
    with transaction():
        grace = timedelta(seconds=settings().mail_journal_grace)
        mail.settle(doubts, found, grace=grace, asked_at=asked_at)
