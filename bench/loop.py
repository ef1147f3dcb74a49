"""The limit of everything that sends: a loop over smtplib with one connection."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from bench import filling
from bench.place import SQLITE, Place, application
from workers.reminders import write_due

AGAINST = "a loop over smtplib, one connection"


@cache
def letters(here: Place) -> list[dict[str, Any]]:
    """As many letters as a round has, written by the product, each the row that it waits in."""
    settings = here.settings(SQLITE, "letters")
    with application(settings):
        filling.people(here.letters)
        filling.due(here.letters)
        while write_due():
            pass
        return filling.rendered()


def loop(smtp_url: str, rows: Sequence[dict[str, Any]]) -> Callable[[], float]:
    """Seconds that the loop takes for the same bytes and the same server."""
    server = urlsplit(smtp_url)

    def timed() -> float:
        with smtplib.SMTP(str(server.hostname), int(server.port or 25)) as smtp:
            smtp.ehlo()
            began = time.perf_counter()
            for row in rows:
                smtp.sendmail(row["sender"], [row["recipient"]], row["raw"])
            return time.perf_counter() - began

    return timed
