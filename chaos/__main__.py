"""`./dev chaos [NAME…] [--minutes N] [--seed S]`: play for so long, and print one table."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from random import Random, SystemRandom

from chaos.ground import DATABASES, Ground, ground
from chaos.scenarios import SCENARIOS, Round, Throw
from chaos.tally import Tally, table


def main(words: Sequence[str]) -> int:
    """Play what was named, else everything, each once at least; 1 where a promise was broken."""
    asked = _read(words)
    print(f"seed {asked.seed}", flush=True)
    tallies = [Tally(name) for name in asked.names or SCENARIOS]
    end = time.monotonic() + asked.minutes * 60
    failures = 0
    with ground() as here:
        while not all(tally.rounds for tally in tallies) or time.monotonic() < end:
            # Each gets the same share of the time.
            failures += _turn(here, min(tallies, key=lambda tally: tally.seconds), asked.seed)
    print(f"\n{table(tallies)}")
    print(f"{failures} promises were broken." if failures else "Every promise was kept.")
    return int(failures > 0)


def _turn(here: Ground, tally: Tally, seed: int) -> int:
    """One round of a scenario; how many promises it broke.

    What chance chooses hangs on the seed and the round's number alone, so that it can be played again.
    """
    tally.rounds += 1
    chance = Random(f"{seed} {tally.name} {tally.rounds}")
    throw = Throw(chance, DATABASES[(tally.rounds - 1) % 2], chance.random() < 0.5)
    began = time.monotonic()
    played = _play(here, tally.name, throw)
    tally.seconds += time.monotonic() - began
    tally.outcomes += played.outcomes
    for sentence in played.broken:
        print(f"{tally.name}, round {tally.rounds} ({throw}): {sentence}", flush=True)
    return len(played.broken)


def _play(here: Ground, name: str, throw: Throw) -> Round:
    try:
        return SCENARIOS[name](here, throw)
    except AssertionError as broken:
        # A wait that had no end, or a rule of the game.
        return Round(broken=[str(broken) or "something that always holds did not"])


def _read(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev chaos", description="Break things, and count what arrives.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(SCENARIOS)}; else all")
    parser.add_argument("--minutes", type=float, default=10.0, metavar="N", help="for so long (10)")
    parser.add_argument("--seed", type=int, metavar="S", help="the same rounds again")
    asked = parser.parse_args(words)
    if unknown := set(asked.names) - set(SCENARIOS):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    if asked.seed is None:
        asked.seed = SystemRandom().randrange(10**8)
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
