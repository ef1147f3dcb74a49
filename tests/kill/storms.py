"""Scenes played at random, for `./dev chaos`: each is set up, disturbed, and worked off to its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random

from crm.models import MessageState
from tests.kill.crowd import gather, happens
from tests.kill.killing import MOMENTS, kill
from tests.kill.scene import UNSETTLED, Outcome, Scene
from tests.services.accidents import ACCIDENTS
from tests.services.stops import Step

#: What a moody server says instead of its usual answer; "" cuts the connection.
MOODS = ("", "421 4.3.2 too busy", "451 4.7.1 try again later", "452 4.2.2 full")
DROPPED = (MessageState.FAILED, MessageState.EXPIRED, MessageState.CANCELLED, MessageState.SUPPRESSED)


def kills(scene: Scene, chance: Random, _folder: Path) -> None:
    """Workers are killed at the very steps of a letter, one after the other."""
    _letters(scene, chance.randint(1, 4))
    for _ in range(chance.randint(1, 4)):
        moment = chance.choice(list(MOMENTS.values()))
        if moment.step is Step.BODY:
            scene.fatten()
        scene.pass_time()
        if scene.is_due():
            kill(scene, moment)
    scene.finish()


def sleepers(scene: Scene, chance: Random, _folder: Path) -> None:
    """A worker is stopped somewhere, others finish, and it wakes."""
    _letters(scene, chance.randint(1, 3))
    step = chance.choice([Step.CONNECT, Step.EHLO, Step.MAIL, Step.RCPT, Step.DATA, Step.DOT])
    stop = scene.post.stop_at(step)
    with scene.worker() as sleeper:
        scene.tick()
        stop.wait()
        sleeper.freeze()
        if step is Step.DATA:
            # A server gives up a session that is silent for longer than the journal's grace.
            stop.cut()
        scene.lapse()
        scene.finish(alone=False)
        sleeper.thaw()
        if step is not Step.DATA:
            stop.go_on()
        scene.post.listener.settle(30)
    scene.finish()


def moods(scene: Scene, chance: Random, _folder: Path) -> None:
    """The server refuses and cuts as it likes, and workers are killed wherever they are."""
    _letters(scene, 10)
    scene.post.delay = 0.02
    scene.post.keeps_unheard = chance.random() < 0.5
    scene.post.mood = lambda _step, _to: chance.choice(MOODS) if chance.random() < 0.1 else None
    for _ in range(chance.randint(2, 5)):
        with ExitStack() as running:
            for _ in range(2):
                running.enter_context(scene.worker(threads=2))
            last = time.monotonic() + chance.uniform(0.3, 1.5)
            while time.monotonic() < last:
                scene.pass_time()
                scene.tick()
                time.sleep(0.1)
        scene.bury()
    scene.post.mood = None
    scene.finish()


def broker(scene: Scene, chance: Random, folder: Path) -> None:
    """Everything happens to the broker while many are owed a letter."""
    scene.post.delay = 0.01
    gather(200, over=timedelta(seconds=4))
    happens(scene, folder, chance, accidents=chance.randint(len(ACCIDENTS), 8))


SCENARIOS: dict[str, Callable[[Scene, Random, Path], None]] = {
    each.__name__: each for each in (kills, sleepers, moods, broker)
}


def broken(outcome: Outcome, *, journal: bool) -> str:
    """Which promise was not kept for a letter; empty where all were."""
    if outcome.state in UNSETTLED:
        return f"has no end: {outcome.state}"
    if outcome.delivered > 1 and (journal or outcome.to_contact):
        return f"was delivered {outcome.delivered} times"
    if outcome.state is MessageState.SENT and not outcome.delivered:
        return "is called sent, and was not"
    if outcome.state in DROPPED and outcome.delivered and journal:
        return f"is {outcome.state}, and was delivered"
    certain = journal or not outcome.to_contact
    return "never arrived" if certain and not outcome.delivered and outcome.state not in DROPPED else ""


def _letters(scene: Scene, count: int) -> None:
    for number in range(count):
        scene.invite(f"Guest{number}")
        scene.remind(f"Friend{number}")
