"""Tell the workers that there is something to do, a moment before the clock would.

Only a hint: the rows in the database are the truth, and a hint that is lost costs one tick. So a page never
waits for the broker, and never fails with it.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from functools import cache

from celery import Celery
from flask import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from crm.broker import TRANSPORT
from crm.settings import Settings

log = logging.getLogger(__name__)

#: a hint that waited so long is of no use: the clock has come by
EXPIRES = 25
#: after a failure the broker is left alone for so long, in seconds
REST = 2.0


def wake(name: str) -> None:
    """Have a task run soon, named as in the schedule: `mail.drain`. Never raises, never waits."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        _hints(settings.broker_url).put_nowait(name)
    except queue.Full:
        log.debug("Too many hints wait already; %s comes with the clock.", name)


@cache
def _hints(broker_url: str) -> queue.Queue[str]:
    """The hints on their way to one broker, and the thread that carries them."""
    hints: queue.Queue[str] = queue.Queue(maxsize=100)
    threading.Thread(target=_carry, args=(hints, broker_url), name="wake", daemon=True).start()
    return hints


def _carry(hints: queue.Queue[str], broker_url: str) -> None:
    """Publish the hints one by one, for as long as the process lives."""
    sender = Celery("wake", broker=broker_url, set_as_current=False)
    sender.conf.update(broker_transport_options=TRANSPORT, task_ignore_result=True)
    while True:
        name = hints.get()
        try:
            sender.send_task(f"workers.{name}", retry=False, expires=EXPIRES)
        except (OperationalError, RedisError, OSError) as error:
            log.warning("The broker is away (%s); %s comes with the clock.", error, name)
            time.sleep(REST)
