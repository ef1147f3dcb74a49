"""The moments at which a worker is killed, and what each may do to a letter."""

from __future__ import annotations

from dataclasses import dataclass

from tests.kill.scene import Scene
from tests.services.stops import Step


@dataclass(frozen=True)
class Moment:
    """Killed when the server stands at a step; `answered`: the answer has left, and was not read."""

    step: Step
    answered: bool = False
    #: Whether the server took the letter although its answer reached nobody (RFC 1047).
    kept: bool = False
    #: Whether the letter was in doubt: `transmitting` stood in the database.
    doubtful: bool = False


MOMENTS = {
    "at connect": Moment(Step.CONNECT),
    "at EHLO": Moment(Step.EHLO),
    "at MAIL": Moment(Step.MAIL),
    "at RCPT": Moment(Step.RCPT),
    "after 354": Moment(Step.DATA, answered=True, doubtful=True),
    "in the body": Moment(Step.BODY, doubtful=True),
    "after the dot, and the server forgets it": Moment(Step.DOT, doubtful=True),
    "after the dot, and the server keeps it": Moment(Step.DOT, kept=True, doubtful=True),
    "after 250 before our commit": Moment(Step.DOT, answered=True, kept=True, doubtful=True),
}


def kill(scene: Scene, moment: Moment, to: str | None = None) -> None:
    """Have a worker begin, and kill it at that moment of a letter to that address, or to any."""
    scene.post.keeps_unheard = moment.kept
    stop = scene.post.stop_at(moment.step, to)
    with scene.worker() as worker:
        scene.tick()
        stop.wait()
        if moment.answered:
            worker.freeze()
            stop.go_on()
        worker.kill()
    if not moment.answered:
        stop.go_on()
    scene.bury()
