"""The scenarios: each plays one round that chance chooses, and tells what became of the letters."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, Phase, settings

from chaos.ground import Ground
from chaos.tally import broken
from tests.fuzz.strangers import READERS, hurt
from tests.kill.crowd import gather, happens
from tests.kill.killing import MOMENTS, kill
from tests.kill.machine import play
from tests.kill.scene import Outcome, Scene
from tests.kill.sleeping import asleep
from tests.services.stops import Step

CROWD = 500
GAMES = settings(
    max_examples=20,
    stateful_step_count=60,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
#: What a moody server says instead of its usual answer; "" cuts the connection.
MOODS = ("", "421 4.3.2 too busy", "451 4.7.1 try again later", "452 4.2.2 full")
#: Where a letter's address is known already.
ADDRESSED = (Step.RCPT, Step.DATA, Step.BODY, Step.DOT)
#: Where `transmitting` stands in the database already.
UNDER_WAY = (Step.DATA, Step.BODY, Step.DOT)


@dataclass
class Round:
    """What one round came to."""

    outcomes: list[Outcome] = field(default_factory=list)
    #: The promises that were broken, in words.
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Throw:
    """What chance has chosen for a round already."""

    chance: Random
    database: str
    journal: bool

    def __str__(self) -> str:
        return f"{self.database}, {'with' if self.journal else 'without'} a journal"


def kills(ground: Ground, throw: Throw) -> Round:
    """Up to three workers die, each at some step of some letter of a batch; another one finishes."""
    chance = throw.chance
    with ground.scene(throw.database, journal=throw.journal) as scene:
        for death in range(chance.randint(1, 3)):
            moment = MOMENTS[chance.choice(list(MOMENTS))]
            to = _write(scene, chance, death, fat=moment.step is Step.BODY)
            kill(scene, moment, to if moment.step in ADDRESSED else None)
        scene.finish()
        return _ended(scene, exactly_once=throw.journal)


def sleepers(ground: Ground, throw: Throw) -> Round:
    """A worker sleeps past its lease at some step, another one takes over, and then it wakes."""
    chance = throw.chance
    with ground.scene(throw.database, journal=throw.journal) as scene:
        step = chance.choice(list(Step))
        to = _write(scene, chance, 0, fat=step is Step.BODY)
        scene.post.keeps_unheard = chance.random() < 0.5
        with asleep(scene, step, to if step in ADDRESSED else None) as stop:
            # The grace is longer than any server waits for the rest of a letter.
            is_cut = step in UNDER_WAY and (throw.journal or chance.random() < 0.5)
            if is_cut:
                stop.cut()
            scene.finish(alone=False)
            if not is_cut:
                stop.go_on()
        if scene.unsettled():
            scene.finish()
        return _ended(scene, exactly_once=throw.journal)


def moods(ground: Ground, throw: Throw) -> Round:
    """The server refuses and cuts as it likes, and two workers are killed wherever they are."""
    chance = throw.chance
    with ground.scene(throw.database, journal=throw.journal) as scene:
        for batch in range(4):
            _write(scene, chance, batch, fat=False)
        scene.post.delay, scene.post.keeps_unheard = 0.02, chance.random() < 0.5
        scene.post.mood = lambda _step, _to: chance.choice(MOODS) if chance.random() < 0.1 else None
        for _ in range(chance.randint(2, 5)):
            _worked(scene, chance.uniform(0.3, 1.5))
        scene.post.mood = None
        scene.finish()
        return _ended(scene, exactly_once=throw.journal)


def broker(ground: Ground, throw: Throw) -> Round:
    """500 reminders come due while the broker is wiped, restarted, cut off and frozen."""
    folder = ground.folder / f"broker{throw.chance.randrange(10**6)}"
    with ground.scene(throw.database, journal=throw.journal) as scene:
        scene.post.delay = 0.01
        gather(CROWD, over=timedelta(seconds=6))
        happens(scene, folder, throw.chance, throw.chance.randint(4, 10))
        played = _ended(scene, exactly_once=True)
        if len(played.outcomes) != CROWD:
            played.broken.append(f"{len(played.outcomes)} letters were written instead of {CROWD}")
        return played


def machine(ground: Ground, throw: Throw) -> Round:
    """Games of chance with the steps of workers, servers and users; each judges itself."""
    with ground.scene(throw.database, journal=throw.journal) as scene:
        return Round(play(scene.cast, GAMES, journal=throw.journal, chosen=throw.chance.randrange(2**32)))


def strangers(_: Ground, throw: Throw) -> Round:
    """For half a minute everything that reads foreign bytes gets wounded ones; whatever breaks says so."""
    end, found = time.monotonic() + 30, Round()
    while time.monotonic() < end:
        found.broken += filter(None, (hurt(reader, throw.chance) for reader in READERS))
    return found


SCENARIOS: dict[str, Callable[[Ground, Throw], Round]] = {
    each.__name__: each for each in (kills, sleepers, moods, broker, machine, strangers)
}


def _write(scene: Scene, chance: Random, batch: int, *, fat: bool) -> str:
    """Up to three new letters are due, of some kind; the address of one of them."""
    addresses = []
    for number in range(chance.randint(1, 3)):
        name = f"Person{batch}{number}"
        if chance.random() < 0.5:
            scene.invite(name)
            addresses.append(f"{name.casefold()}@example.com")
        else:
            scene.remind(name)
            addresses.append(scene.cast.alice.email)
    if fat:
        scene.fatten()
    return chance.choice(addresses)


def _worked(scene: Scene, seconds: float) -> None:
    """Two workers have a go for so long, and are killed."""
    last = time.monotonic() + seconds
    with scene.worker(threads=2), scene.worker(threads=2):
        while time.monotonic() < last:
            scene.pass_time()
            scene.tick()
            time.sleep(0.1)
    scene.bury()


def _ended(scene: Scene, *, exactly_once: bool) -> Round:
    outcomes = scene.outcomes()
    return Round(outcomes, broken(outcomes, exactly_once=exactly_once))
