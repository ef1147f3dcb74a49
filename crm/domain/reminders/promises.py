"""The promises as data: what each stage owes, and when each of its steps comes due (design, The five stages).

Adding a promise is adding a row to PROMISES and a letter of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crm.domain import clock
from crm.models import Interest, Kind, Stage

#: Thanks are due within this of the actual end (P-T1).
THANKS_WITHIN = timedelta(hours=24)
#: Steps nearer to each other than this are one.
APART = timedelta(hours=2)
#: After the first ask, a silence is followed up so often.
FOLLOW_UPS = 2
FIRST_TOUCH = 21
#: The last step of thanks comes whatever else is near.
OVERDUE = "overdue"
#: Owed to a talk that is still to begin, and of no use afterwards.
BEFORE_A_TALK = (Kind.PREPARE, Kind.BRIEF)
RHYTHM = {Interest.CHAMPION: 42, Interest.WARM: 91, Interest.OTHER: 182}


@dataclass(frozen=True)
class Anchor:
    """What steps are counted from: an instant, in a zone, with the delay that the workspace chose."""

    at: datetime
    zone: ZoneInfo
    days: int = 0
    #: How many follow-ups are still to come.
    rounds: int = FOLLOW_UPS


@dataclass(frozen=True)
class Step:
    """One letter of a promise. It is of no use from `until` on."""

    name: str
    at: datetime
    until: datetime | None = None
    #: Never folded into a step beside it.
    always: bool = False


@dataclass(frozen=True)
class Promise:
    """One row of the table."""

    kind: Kind
    #: The stage that owes it; None where it belongs to an interview or is made by hand.
    stage: Stage | None
    #: What people read on the settings page.
    label: str
    #: The delay that a workspace may change, in days; None where there is nothing to change.
    days: int | None
    steps: Callable[[Anchor], list[Step]]


def _one_morning(anchor: Anchor) -> list[Step]:
    return [Step("once", clock.working_morning(_local(anchor, anchor.days), anchor.zone))]


def _working_days(anchor: Anchor) -> list[Step]:
    return [Step("once", clock.working_days_later(anchor.at, anchor.days, anchor.zone))]


def _follow_up(anchor: Anchor) -> list[Step]:
    def after(number: int) -> datetime:
        return clock.working_days_later(anchor.at, anchor.days * number, anchor.zone)

    behind = FOLLOW_UPS - anchor.rounds
    return [Step(f"round_{behind + number}", after(number)) for number in range(1, anchor.rounds + 1)]


def _prepare(anchor: Anchor) -> list[Step]:
    return [Step("once", clock.days_later(anchor.at, -anchor.days, anchor.zone), until=anchor.at)]


def _brief(anchor: Anchor) -> list[Step]:
    return [
        Step("evening_before", clock.evening_before(anchor.at, anchor.zone), until=anchor.at),
        Step("two_hours_before", anchor.at - timedelta(hours=2), until=anchor.at),
    ]


def _how_did_it_go(anchor: Anchor) -> list[Step]:
    return [Step("once", anchor.at + timedelta(hours=1))]


def _thank_you(anchor: Anchor) -> list[Step]:
    limit = anchor.at + THANKS_WITHIN
    later = anchor.at + timedelta(hours=4)
    steps = [Step("at_once", anchor.at, limit), Step("in_the_day", later, limit)]
    if clock.at_night(later, anchor.zone):
        steps.pop()
    steps.append(Step("next_morning", clock.next_morning(anchor.at, anchor.zone), limit))
    steps.append(Step("two_hours_left", limit - timedelta(hours=2), limit))
    return [*steps, Step(OVERDUE, limit, always=True)]


def _days_later(anchor: Anchor) -> list[Step]:
    return [Step("once", clock.days_later(anchor.at, anchor.days, anchor.zone))]


def _local(anchor: Anchor, days: int) -> datetime:
    return clock.wall(anchor.at, anchor.zone) + timedelta(days=days)


PROMISES: dict[Kind, Promise] = {
    promise.kind: promise
    for promise in (
        Promise(Kind.ASK, Stage.LOCATED, "Ask a new contact for a talk", 3, _one_morning),
        Promise(Kind.FOLLOW_UP, Stage.LOCATED, "Follow up on an ask without an answer", 5, _follow_up),
        Promise(Kind.CLOSE, Stage.LOCATED, "Let go after two silences", 5, _working_days),
        Promise(Kind.SET_DATE, Stage.AGREED, "Set a date with somebody who agreed", 2, _working_days),
        Promise(Kind.PREPARE, Stage.AGREED, "Prepare for an interview", 2, _prepare),
        Promise(Kind.BRIEF, Stage.AGREED, "Read the brief before an interview", None, _brief),
        Promise(Kind.HOW_DID_IT_GO, Stage.AGREED, "Record how an interview went", None, _how_did_it_go),
        Promise(Kind.THANK_YOU, Stage.INTERVIEWED, "Say thank you within 24 hours", None, _thank_you),
        Promise(Kind.STAY_IN_TOUCH, Stage.THANKED, "Stay in touch", FIRST_TOUCH, _days_later),
        Promise(Kind.TELL_REFERRER, Stage.THANKED, "Tell the referrer how it went", 2, _days_later),
    )
}


def schedule(
    kind: Kind,
    anchor: Anchor,
    *,
    now: datetime,
    over: Collection[str] = (),
    last: datetime | None = None,
) -> list[Step]:
    """The steps still to come, in order; of those past the latest that is of use is due now.

    Without those that are `over`, the last of which was due at `last`. Empty where nothing of the
    promise is of use any more.
    """
    steps = [step for step in PROMISES[kind].steps(anchor) if step.name not in over]
    useful = [step for step in steps if _of_use(step, max(step.at, now))]
    useful.sort(key=lambda step: step.at)
    past = [step for step in useful if step.at <= now]
    coming = [step for step in useful if step.at > now]
    if past:
        coming.insert(0, Step(past[-1].name, now, past[-1].until, past[-1].always))
    return _apart(coming, last)


def _of_use(step: Step, at: datetime) -> bool:
    return step.until is None or at < step.until


def _apart(steps: list[Step], last: datetime | None) -> list[Step]:
    """Steps less than two hours apart are one: the first of them, which leaves most time to act."""
    kept: list[Step] = []
    for step in steps:
        if step.always or last is None or step.at - last >= APART:
            kept.append(step)
            last = step.at
    return kept
