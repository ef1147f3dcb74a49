"""`./dev chaos [--minutes N] [--seed TEXT] [NAME…]`: the kill tests' scenes at random, for as long as wanted.

Prints a table, and each promise that was not kept with the seed that plays it again; exits 1 where there was one.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from hypothesis import HealthCheck, Phase, settings

from crm.core import create_core
from crm.database import db, transaction, utcnow
from crm.domain import reminders
from tests.cast import enter
from tests.kill.machine import play
from tests.kill.scene import Scene, server
from tests.kill.storms import SCENARIOS, broken
from tests.services import keeper, postgres, run
from tests.services.pairs import POSTGRESQL, SQLITE, Pairs
from tests.services.post import Post

GAMES = "games"
NAMES = (*SCENARIOS, GAMES)
COLUMNS = ("rounds", "letters", "once", "twice", "none", "uncertain", "broken")


@dataclass(frozen=True)
class Round:
    """What is played: the same seed plays the same again, as far as processes and clocks let it."""

    seed: str
    name: str
    pair: str
    journal: bool

    @property
    def row(self) -> str:
        """Its line in the table."""
        return f"{self.name}, {self.pair}, {'journal' if self.journal else 'none'}"


class Chaos:
    """Databases, brokers and a mail server for all rounds, and what came of them."""

    def __init__(self, pairs: Pairs, post: Post) -> None:
        self._pairs, self._post = pairs, post
        self.table: dict[str, Counter[str]] = {}

    def play(self, each: Round) -> None:
        """Play one round on empty tables, and count."""
        counts = self.table.setdefault(each.row, Counter())
        counts["rounds"] += 1
        self._pairs.settings(each.pair)
        self._post.forget()
        with self._pairs.app(each.pair, create_core).app_context():
            try:
                self._play(each, counts)
            except Exception:  # noqa: BLE001 (whatever it was, the other rounds go on)
                counts["broken"] += 1
                print(f"\n{each.row}, seed {each.seed}:\n{traceback.format_exc()}", flush=True)
            finally:
                db.session.remove()
        self._pairs.empty()

    def _play(self, each: Round, counts: Counter[str]) -> None:
        with transaction():
            cast = enter(utcnow())
            reminders.drop(cast.ada, None, now=utcnow())
        if each.name == GAMES:
            play(cast, _games(), journal=each.journal, chance=Random(each.seed))
            return
        settings = self._pairs.settings(each.pair)
        scene = Scene(self._pairs.app(each.pair, create_core), settings, cast, self._post, each.journal)
        folder = settings.data_dir / f"round-{secrets.token_hex(4)}"
        SCENARIOS[each.name](scene, Random(each.seed), folder)
        self._count(each, scene, counts)

    def _count(self, each: Round, scene: Scene, counts: Counter[str]) -> None:
        for outcome in scene.outcomes():
            counts["letters"] += 1
            counts[{0: "none", 1: "once"}.get(outcome.delivered, "twice")] += 1
            counts["uncertain"] += outcome.state == "uncertain"
            if problem := broken(outcome, journal=each.journal):
                counts["broken"] += 1
                print(f"\n{each.row}, seed {each.seed}: the letter to {outcome.to} {problem}.", flush=True)


def main() -> int:
    """Play until the time is over."""
    wishes = _wishes()
    started = wishes.seed or secrets.token_hex(4)
    print(f"seed {started}, {wishes.minutes:g} minutes", flush=True)
    last = time.monotonic() + wishes.minutes * 60
    with _house() as chaos:
        chance, number = Random(started), 0
        while time.monotonic() < last or not number:
            number += 1
            name, pair = chance.choice(wishes.names or NAMES), chance.choice([SQLITE, POSTGRESQL])
            chaos.play(Round(f"{started}.{number}", name, pair, chance.random() < 0.6))
        _print(chaos.table)
    return int(any(counts["broken"] for counts in chaos.table.values()))


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev chaos", description="Kill, stop and cut at random.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", default="", help="printed by an earlier run, to play its rounds again")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all of them otherwise"
    )
    wishes = parser.parse_args()
    if unknown := set(wishes.names) - set(NAMES):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    return wishes


@contextmanager
def _house() -> Iterator[Chaos]:
    """What the rounds need, tidied up at the end; what workers say on being tormented goes to a file."""
    hired = keeper.hire(run.begin())
    with (run.folder() / "workers.log").open("w") as log:
        os.dup2(log.fileno(), sys.stderr.fileno())
    pairs = Pairs(run.folder(), "chaos")
    try:
        with server() as post:
            yield Chaos(pairs, post)
    finally:
        pairs.close()
        postgres.drop_all(run.folder())
        keeper.dismiss(hired)


def _games() -> settings:
    return settings(
        max_examples=20,
        stateful_step_count=60,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def _print(table: dict[str, Counter[str]]) -> None:
    width = max(map(len, table))
    print(f"\n{'':<{width}}", *(f"{name:>9}" for name in COLUMNS))
    for row, counts in sorted(table.items()):
        print(f"{row:<{width}}", *(f"{counts[name]:>9}" for name in COLUMNS))


if __name__ == "__main__":
    sys.exit(main())
