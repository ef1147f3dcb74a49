"""What happened on each path: events with their age, told by the verbs that a user would use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.database import db
from crm.domain import contacts, interviews, pipeline, thanks, touches
from crm.domain.mail import Letterhead
from crm.models import Contact, Stage, ThanksBy, User

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PLACES = ("phone", "video", "in_person")
SAID = (
    "Told me to look at the two-year certificate before any degree; their best hires came that way.",
    "Most of the day is planning and talking, not the technical part. Suggested to shadow a shift.",
    "Pay starts lower than I thought and rises after the second licence. Offered to read my résumé.",
    "Said that small organisations answer letters. Named two people I should ask next.",
)


@dataclass(frozen=True)
class Scene:
    """Who acts, on whom, and what is needed to write letters."""

    contact_id: int
    number: int
    user: User
    house: Letterhead

    @property
    def contact(self) -> Contact:
        """The contact as it stands now."""
        found = db.session.get(Contact, self.contact_id)
        assert found is not None
        return found


Act = Callable[[Scene, datetime], object]


@dataclass(frozen=True)
class Event:
    """Something that happened: how long before the present (negative: it happens at that date)."""

    ago: timedelta
    act: Act


def ask(scene: Scene, now: datetime) -> object:
    """A first letter, or another."""
    return touches.log(scene.contact, "ask", by=scene.user, now=now, text="Wrote and asked for 20 minutes.")


def answer(scene: Scene, now: datetime) -> object:
    """They wrote back."""
    text = "Happy to help, let us find a time."
    return touches.log(scene.contact, "message", direction="in", by=scene.user, now=now, text=text)


def agree(scene: Scene, now: datetime) -> object:
    """They said yes, without a date."""
    return pipeline.move(scene.contact, Stage.AGREED, by=scene.user, now=now)


def plan(ahead: timedelta) -> Act:
    """A date is set, so long after the planning."""

    def act(scene: Scene, now: datetime) -> object:
        medium = PLACES[scene.number % 3]
        place = {"phone": "they call", "video": "link in the calendar", "in_person": "12 Quay Street"}[medium]
        starts_at = (now + ahead).replace(minute=0 if scene.number % 2 else 30, second=0, microsecond=0)
        return interviews.plan(
            scene.contact,
            by=scene.user,
            starts_at=starts_at,
            now=now,
            house=scene.house,
            medium=medium,
            place=place,
        )

    return act


def hold(scene: Scene, now: datetime) -> object:
    """The talk ended just now."""
    said = SAID[scene.number % len(SAID)]
    contacts.change(scene.contact, {"notes": said}, by=scene.user, now=now)
    return pipeline.move(scene.contact, Stage.INTERVIEWED, by=scene.user, now=now)


def thank(scene: Scene, now: datetime) -> object:
    """A card or a letter of thanks left."""
    by = ThanksBy.CARD if scene.number % 3 == 0 else ThanksBy.EMAIL
    return thanks.record(scene.contact, by_user=scene.user, now=now, by=by)


def call(scene: Scene, now: datetime) -> object:
    """A light touch, weeks later."""
    text = "Called to say how the course went."
    return touches.log(scene.contact, "call", by=scene.user, now=now, text=text)


def mark(**values: str) -> Act:
    """Something was noted about the contact."""
    return lambda scene, now: contacts.change(scene.contact, dict(values), by=scene.user, now=now)


def _held(ago: timedelta) -> list[Event]:
    return [Event(ago + 9 * DAY, ask), Event(ago + 6 * DAY, plan(6 * DAY - HOUR)), Event(ago, hold)]


def _thanked(ago: timedelta) -> list[Event]:
    return [*_held(ago), Event(ago - 5 * HOUR, thank)]


def _reconnected(ago: timedelta, interest: str) -> list[Event]:
    return [*_thanked(ago), Event(ago - DAY, mark(interest=interest)), Event(ago - 24 * DAY, call)]


PATHS: dict[str, list[Event]] = {
    "new": [],
    "asked": [Event(3 * DAY, ask)],
    "asked twice": [Event(12 * DAY, ask), Event(4 * DAY, ask)],
    "no answer": [Event(30 * DAY, ask), Event(20 * DAY, ask), Event(9 * DAY, mark(closed="no_answer"))],
    "agreed": [Event(6 * DAY, ask), Event(2 * DAY, answer), Event(DAY, agree)],
    "planned today": [Event(8 * DAY, ask), Event(4 * DAY, plan(4 * DAY + 3 * HOUR))],
    "planned tomorrow": [Event(9 * DAY, ask), Event(5 * DAY, plan(6 * DAY + 2 * HOUR))],
    "planned soon": [Event(7 * DAY, ask), Event(2 * DAY, plan(6 * DAY))],
    "held late": _held(timedelta(hours=22, minutes=30)),
    "held today": _held(3 * HOUR),
    "held": _held(20 * HOUR),
    "thanked lately": [*_held(26 * HOUR), Event(4 * HOUR, thank)],
    "thanked": _thanked(12 * DAY),
    "reconnected": _reconnected(40 * DAY, "other"),
    "warm": _reconnected(55 * DAY, "warm"),
    "champion": _reconnected(45 * DAY, "champion"),
    "declined": [Event(15 * DAY, ask), Event(11 * DAY, mark(closed="declined"))],
    "parked": [Event(10 * DAY, mark(closed="parked"))],
    "moved on": [Event(16 * DAY, mark(closed="moved_on", in_field="no"))],
}
