"""How long after its time a reminder is accepted by the mail server, with nothing else to do."""

from __future__ import annotations

import random
import time

from bench import filling
from bench.harness import Row, Target
from bench.place import Place, application
from crm.settings import Settings
from tests.services import live, smtp
from tests.services.smtp import SmtpServer

TARGET = Target(3.0, "", least=False)
PATIENCE = 20.0


def measure(here: Place) -> list[Row]:
    """The product as people start it, on its own database and broker; the clock's phase is random."""
    server, controller = smtp.start()
    folder = here.folder / "live"
    product = live.start(folder, SMTP_URL=server.url)
    try:
        with application(Settings.read(product.environment)):
            filling.people(1, owners=1)
            times = [_one(server) for _ in range(4 if here.quick else 15)]
    finally:
        product.stop()
        controller.stop()
    return [Row("due to accepted, sqlite, crm up", TARGET, tuple(seconds * 1000 for seconds in times))]


def _one(server: SmtpServer) -> float:
    """Seconds until the one reminder that came due was taken."""
    # Else each would come due in step with the clock that found the one before.
    time.sleep(random.uniform(0, 2))
    server.letters.clear()
    began = time.monotonic()
    filling.due(1, owners=1)
    while not server.letters:
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError("The reminder did not leave.")
        time.sleep(0.005)
    return time.monotonic() - began
