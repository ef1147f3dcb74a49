"""What was promised for each letter, and the table of what became of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crm.models import MessageState
from tests.kill.scene import UNSETTLED, Outcome

HEAD = ("scenario", "rounds", "letters", "once", "twice", "none", "uncertain")


@dataclass
class Tally:
    """The count of one scenario; `uncertain` are those of `once` and `none` that the user was asked about."""

    name: str
    rounds: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    seconds: float = 0.0

    def row(self) -> tuple[str, ...]:
        """One line of the table; `twice` is twice or more often."""
        times = [min(outcome.delivered, 2) for outcome in self.outcomes]
        uncertain = sum(outcome.state is MessageState.UNCERTAIN for outcome in self.outcomes)
        counts = (self.rounds, len(times), times.count(1), times.count(2), times.count(0), uncertain)
        return (self.name, *map(str, counts))


def table(tallies: Sequence[Tally]) -> str:
    """All scenarios, in columns, with the sum of all."""
    total = Tally("all", sum(each.rounds for each in tallies))
    total.outcomes = [outcome for each in tallies for outcome in each.outcomes]
    lines = [HEAD, *(each.row() for each in (*tallies, total))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in lines
    )


def broken(outcomes: Iterable[Outcome], *, exactly_once: bool) -> list[str]:
    """The promises that were broken, a sentence each.

    `exactly_once` holds where there is a journal, and where no worker died; else a letter to the user may
    come twice, and one to a contact may be uncertain.
    """
    judged = ((outcome, _judge(outcome, exactly_once=exactly_once)) for outcome in outcomes)
    return [f"the letter to {outcome.to} {sentence}" for outcome, sentence in judged if sentence]


def _judge(outcome: Outcome, *, exactly_once: bool) -> str:
    """What is wrong with the end of a letter; empty where nothing is."""
    times, state = outcome.delivered, outcome.state
    if state in UNSETTLED:
        return f"has no final state: {state}"
    if exactly_once and (times, state) != (1, MessageState.SENT):
        return f"is {state} and was delivered {times} times instead of once"
    if outcome.to_contact and times > 1:
        return f"was delivered {times} times to a contact"
    if not times and state is not MessageState.UNCERTAIN:
        return f"is {state} and was never delivered"
    return ""
