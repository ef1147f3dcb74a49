"""The timetable: plain intervals in UTC. Each tick drains what is due; one that waits too long falls away."""

from __future__ import annotations


def every(seconds: float, task: str) -> dict[str, object]:
    """One line of the timetable; a backlog of ticks must not pile up behind a slow one."""
    return {"task": f"workers.{task}", "schedule": seconds, "options": {"expires": _expires(seconds)}}


def _expires(seconds: float) -> float:
    return min(max(seconds * 2, 10.0), 120.0)


TICKS = {
    "write what is due": every(2, "reminders.write_due"),
    "write digests": every(5, "reminders.write_digests"),
    "send what waits": every(2, "mail.drain"),
    "read what comes in": every(20, "inbox.poll"),
    "look into doubts": every(3, "journal.look"),
    "push what came due": every(2, "notifications.push"),
    "rehearse what was asked for": every(2, "rehearsals.take"),
    "go on with imports": every(2, "transfers.run"),
    "show that we live": every(5, "health.beat"),
    "forget what is over": every(60, "health.sweep"),
    "write calendars": every(2, "calendar.write"),
    "forget past entries": every(3600, "calendar.tidy"),
    "follow changed clocks": every(3600, "calendar.realign"),
}
