"""The scheduler's own application: it sends the ticks, and loads nothing of what they set in motion.

Run as `celery -A workers.clock beat`. So it stays small, and needs no database: that it lives is told by the
time which every tick carries, and which `health.beat` writes down.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from celery import Celery
from celery.beat import ScheduleEntry, Scheduler

from workers import configuration


class Clock(Scheduler):  # type: ignore[misc]  # Celery has no types
    """A scheduler in memory, whose ticks say when they were sent: `self.request.sent_at`, RFC 3339, UTC."""

    def apply_async(self, entry: ScheduleEntry, *args: Any, **kwargs: Any) -> Any:
        """Send one tick."""
        entry.options["headers"] = {"sent_at": datetime.now(UTC).isoformat()}
        return super().apply_async(entry, *args, **kwargs)


app = Celery("clock", set_as_current=True)
app.config_from_object(configuration)
app.conf.include = []
