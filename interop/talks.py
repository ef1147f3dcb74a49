"""What the feed holds: talks in three zones on both sides of the next two changes of the clock there.

The instants that programs have to show come from zoneinfo alone, never from what the product answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from interop.ground import Product

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Sydney")
BREAKFAST, AFTERNOON = time(9, 30), time(15, 45)
MINUTES = 45
#: Clocks change twice a year; nobody's year of changes is longer than this.
YEAR = 366

#: The UID of each entry (or its title), and the instants between which it lies, in UTC.
Instants = dict[str, tuple[datetime, datetime]]


def changes(zone: str, today: date) -> list[date]:
    """The next two days on which the clock changes there, the first not before the day after tomorrow."""
    days = (today + timedelta(days=number) for number in range(2, YEAR + 2))
    return [day for day in days if _offset(zone, day) != _offset(zone, day + timedelta(days=1))][:2]


def _offset(zone: str, day: date) -> timedelta | None:
    return datetime.combine(day, time(0), ZoneInfo(zone)).utcoffset()


def days() -> Iterator[tuple[str, date]]:
    """The zones, each with the days before and after its changes."""
    today = datetime.now(UTC).date()
    for zone in ZONES:
        for change in changes(zone, today):
            yield zone, change - timedelta(days=1)
            yield zone, change + timedelta(days=1)


@dataclass
class Talks:
    """The talks that are planned, and when they really are."""

    product: Product
    instants: Instants = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)
    _titles: dict[str, str] = field(default_factory=dict)
    _days: dict[str, tuple[str, date]] = field(default_factory=dict)

    def plan(self, zone: str, day: date) -> None:
        """One more talk, with somebody new."""
        number = len(self._ids) + 1
        name = f"Zoë Ålund {number}; {zone}, “früh”"
        contact = self.product.post("/contacts", {"name": name})
        facts = {**_when(zone, day, BREAKFAST), "timezone": zone, "minutes": MINUTES, "invite": False}
        made = self.product.post(f"/contacts/{contact['id']}/interviews", facts)
        self._ids[made["uid"]], self._days[made["uid"]] = made["id"], (zone, day)
        self._titles[f"Interview with {name}"] = made["uid"]
        self._hold(made["uid"], BREAKFAST)

    def change(self) -> None:
        """One of them is moved to the afternoon, another one called off, a third one planned."""
        moved, gone, *_ = self._ids
        zone, day = self._days[moved]
        self.product.call("PATCH", f"/interviews/{self._ids[moved]}", _when(zone, day, AFTERNOON))
        self._hold(moved, AFTERNOON)
        self.product.post(f"/interviews/{self._ids[gone]}/cancel")
        del self.instants[gone]
        self.plan(*next(pair for pair in reversed(self._days.values())))

    def named(self, shown: Instants) -> Instants:
        """The same by UIDs, where a program says the titles of entries instead."""
        return {self._titles.get(key, key): found for key, found in shown.items()}

    def check(self, shown: Instants) -> None:
        """Fails where a program shows something else than what is planned."""
        wrong = [
            f"{uid}: {_words(shown, uid)} instead of {_words(self.instants, uid)}"
            for uid in self.instants.keys() | shown.keys()
            if shown.get(uid) != self.instants.get(uid)
        ]
        assert not wrong, "; ".join(sorted(wrong))

    def _hold(self, uid: str, at: time) -> None:
        zone, day = self._days[uid]
        start = datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
        self.instants[uid] = (start, start + timedelta(minutes=MINUTES))


def planned(product: Product) -> Talks:
    """Twelve talks, around two changes of the clock in each zone."""
    talks = Talks(product)
    for zone, day in days():
        talks.plan(zone, day)
    return talks


def _when(zone: str, day: date, at: time) -> dict[str, str]:
    return {"starts_at": datetime.combine(day, at, ZoneInfo(zone)).isoformat()}


def _words(instants: Instants, uid: str) -> str:
    found = instants.get(uid)
    return " to ".join(each.isoformat() for each in found) if found else "nothing"
