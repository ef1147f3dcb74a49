"""Patience: how often one address may be asked for. Each process counts for itself, in memory."""

from __future__ import annotations

import math
from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

#: Addresses that are counted at once; one that is forgotten begins anew.
REMEMBERED = 10_000


class Patience:
    """A bucket for each address, which fills again in the course of the span."""

    def __init__(self, most: int, span: timedelta) -> None:
        self._most, self._second = most, most / span.total_seconds()
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()
        self._lock = Lock()

    def wait(self, address: str, now: datetime) -> int:
        """0 where it may come in; else the seconds after which it may."""
        with self._lock:
            left, at = self._buckets.pop(address, (float(self._most), now))
            left = min(self._most, left + max(0.0, (now - at).total_seconds()) * self._second)
            self._buckets[address] = (left - 1 if left >= 1 else left, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        return 0 if left >= 1 else math.ceil((1 - left) / self._second)

    def forget(self) -> None:
        """Begin anew with everybody."""
        with self._lock:
            self._buckets.clear()
