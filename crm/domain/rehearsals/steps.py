"""Steps: how far a rehearsal has come, each part of the way with its time or with what keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crm.models import Message, MessageState, Rehearsal

#: From here on a part that was not heard of is named.
PATIENCE = timedelta(seconds=10)
#: A test reminder is of no use any more.
LASTS = timedelta(hours=1)

GIVEN_UP = "It was given up after an hour. Ask for another one when all is well again."
KEPT = "No mail leaves this installation: the letter is kept, and stands under “Sent mail”."
#: What became of a letter that did not get through, where the mail server said nothing.
ENDS = {
    MessageState.EXPIRED: "It could not leave within an hour, and is of no more use.",
    MessageState.CANCELLED: "It was withdrawn.",
    MessageState.SUPPRESSED: "Your address is known not to take letters.",
    MessageState.UNCERTAIN: "Nobody knows whether it left.",
    MessageState.FAILED: "It was refused.",
}
UNDER_WAY = (MessageState.SENDING, MessageState.TRANSMITTING, MessageState.DOUBTFUL)


class StepState(StrEnum):
    """Where one step stands; `silent` is a wait that has lasted too long."""

    DONE = "done"
    WAITING = "waiting"
    SILENT = "silent"
    FAILED = "failed"
    LATER = "later"


@dataclass(frozen=True)
class Step:
    """One part of the way: asked, ticked, taken, written, handed or answered."""

    name: str
    state: StepState
    at: datetime | None = None
    #: What is to be said of it; empty where its name says all.
    sentence: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What a rehearsal is watched in: whether mail leaves, why letters wait, and who has been silent."""

    sends: bool
    #: Why no letter gets through at present; empty where nothing holds it up.
    hold: str
    #: Which part has given no sign, in a sentence.
    silent: str


def steps(rehearsal: Rehearsal, around: Surroundings, *, now: datetime) -> list[Step]:
    """The whole way, in order."""
    return [
        Step("asked", StepState.DONE, rehearsal.asked_at),
        _came("ticked", rehearsal, rehearsal.ticked_at, "", around, now),
        _came("taken", rehearsal, rehearsal.taken_at, rehearsal.node, around, now),
        _written(rehearsal.letter),
        _handed(rehearsal.letter, around, now),
        _answered(rehearsal.letter),
    ]


def is_final(rehearsal: Rehearsal, *, sends: bool, now: datetime) -> bool:
    """Whether nothing more will happen to it. A letter that is kept, since none leaves here, has arrived."""
    letter = rehearsal.letter
    if letter is None:
        return now >= rehearsal.asked_at + LASTS
    if letter.state is MessageState.WAITING:
        return not sends
    return letter.state not in UNDER_WAY


def _came(
    name: str, rehearsal: Rehearsal, at: datetime | None, by: str, around: Surroundings, now: datetime
) -> Step:
    """What is still to happen before the letter: the tick first, and the worker with it."""
    if at is not None:
        return Step(name, StepState.DONE, at, by)
    if name != "ticked":
        return Step(name, StepState.LATER)
    if now >= rehearsal.asked_at + LASTS:
        return Step(name, StepState.FAILED, sentence=GIVEN_UP)
    return _waiting(name, rehearsal.asked_at, around, now)


def _written(letter: Message | None) -> Step:
    return Step("written", StepState.DONE, letter.created_at) if letter else Step("written", StepState.LATER)


def _handed(letter: Message | None, around: Surroundings, now: datetime) -> Step:
    """On the way to the mail server, or why it is not."""
    if letter is None:
        return Step("handed", StepState.LATER)
    if letter.state in UNDER_WAY:
        return Step("handed", StepState.WAITING, sentence="It is being handed over just now.")
    if letter.state is not MessageState.WAITING:
        is_stuck = letter.state in (MessageState.EXPIRED, MessageState.CANCELLED, MessageState.SUPPRESSED)
        # Handing over ends with the server's word: the two have one time.
        return Step("handed", StepState.FAILED if is_stuck else StepState.DONE, letter.sent_at)
    if not around.sends:
        return Step("handed", StepState.DONE, sentence=KEPT)
    if around.hold:
        return Step("handed", StepState.WAITING, sentence=f"It waits. {around.hold}")
    if letter.server_reply:
        answer = f"It waits: the mail server said “{letter.server_reply}” and is asked again."
        return Step("handed", StepState.WAITING, sentence=answer)
    return _waiting("handed", letter.created_at, around, now)


def _answered(letter: Message | None) -> Step:
    """The mail server's word on it."""
    if letter is None or letter.state is MessageState.WAITING or letter.state in UNDER_WAY:
        return Step("answered", StepState.LATER)
    said = f"“{letter.server_reply}”" if letter.server_reply else ENDS.get(letter.state, "")
    if letter.state is MessageState.SENT:
        return Step("answered", StepState.DONE, letter.sent_at, said)
    return Step("answered", StepState.FAILED, sentence=said)


def _waiting(name: str, since: datetime, around: Surroundings, now: datetime) -> Step:
    if now - since < PATIENCE:
        return Step(name, StepState.WAITING)
    return Step(name, StepState.SILENT, sentence=around.silent)
