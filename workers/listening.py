"""Listening: a mail server that can say so tells at once when something comes, and the poll is woken.

Only a hint: where it fails, or the server knows no IDLE, mail is read with the clock.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from flask import Flask, current_app

from crm.settings import ImapTarget
from crm.wake import wake
from workers.imap import Mailbox, Unreachable

log = logging.getLogger(__name__)

#: Servers may hang up on who says nothing for half an hour (RFC 2177 §3).
RENEWED = timedelta(minutes=24)
#: After trouble the server is left alone for so long; mail is read with the clock meanwhile.
REST = timedelta(minutes=5)

_ears: dict[ImapTarget, threading.Thread] = {}
_lock = threading.Lock()


def begin(target: ImapTarget) -> None:
    """Listen from now on, once in a process."""
    with _lock:
        if target not in _ears:
            app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
            _ears[target] = threading.Thread(target=_listen, args=(target, app), name="imap", daemon=True)
            _ears[target].start()


def _listen(target: ImapTarget, app: Flask, quiet: threading.Event | None = None) -> None:
    """For as long as the process lives."""
    quiet = quiet or threading.Event()
    while not quiet.is_set():
        try:
            with Mailbox(target) as mailbox:
                has_come = mailbox.wait(RENEWED.total_seconds())
        except Unreachable as trouble:
            log.info("Not told when mail comes: %s", trouble)
            quiet.wait(REST.total_seconds())
            continue
        if has_come:
            with app.app_context():
                wake("inbox.poll")
