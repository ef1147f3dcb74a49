"""Subscriptions in words: what each holds, which programs come for it, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.domain import feeds, humane
from crm.models import Feed, FeedVisit, Include
from crm.views.forms.feeds import ALARMS, INCLUDES, PRIVACIES


@dataclass(frozen=True)
class Visitor:
    """One program that fetches a subscription."""

    name: str
    last_at: datetime
    #: "comes back every 30 minutes"; empty where nobody knows.
    pace: str


@dataclass(frozen=True)
class Told:
    """One subscription as the calendar page shows it."""

    id: int
    name: str
    settings: str
    is_paused: bool
    visitors: list[Visitor]


def told(feed: Feed) -> Told:
    """What the calendar page says of a subscription."""
    held = [label for word, label in INCLUDES.items() if word in feed.include]
    parts = [" and ".join(filter(None, [", ".join(held[:-1]), held[-1]])), PRIVACIES[feed.privacy].lower()]
    if feed.campaigns:
        parts.append("chosen campaigns")
    if feed.alarms is not None and set(feed.include) != {Include.PREPARATION}:
        parts.append(f"alarm {ALARMS.get(feed.alarms, f'{feed.alarms} minutes before').lower()}")
    visitors = [_visitor(visit) for visit in feed.visits]
    return Told(feed.id, feed.name, f"{', '.join(parts)}.", feed.paused_at is not None, visitors)


def _visitor(visit: FeedVisit) -> Visitor:
    pace = feeds.pace(visit)
    often = "" if pace.usual is None else f"about every {humane.span(pace.usual).removeprefix('1 ')}"
    saying = "comes back" if pace.is_measured else "usually comes"
    return Visitor(feeds.program(visit.program).name, visit.last_at, f"{saying} {often}" if often else "")
