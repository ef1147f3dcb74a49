"""The measuring itself is right, and says what it measures against."""

from __future__ import annotations

import json
import time
from importlib import import_module
from itertools import count
from pathlib import Path

import pytest
from flask import Flask

from bench import filling, harness
from bench.__main__ import NAMES
from bench.harness import Row, Target, clocked, compare
from bench.place import Place
from bench.rows import rendering
from workers.reminders import write_due


def named(module: str) -> list[Target]:
    """The targets that a file of the bench names."""
    found = [value for name, value in vars(import_module(f"bench.rows.{module}")).items() if "TARGET" in name]
    return [one for each in found for one in (each.values() if isinstance(each, dict) else [each])]


@pytest.mark.parametrize("name", NAMES)
def test_every_row_names_its_target_and_can_be_measured(name: str) -> None:
    module = import_module(f"bench.rows.{name}")
    assert callable(module.measure)
    assert module.__doc__
    assert named(name)
    assert all(isinstance(target, Target) and target.bound > 0 for target in named(name))


def test_a_thing_that_takes_half_as_long_has_twice_the_speed(tmp_path: Path) -> None:
    twice = Target(1.5, "a pause", least=True)
    row = compare(
        "tiny",
        twice,
        clocked(lambda: time.sleep(0.01)),
        clocked(lambda: time.sleep(0.02)),
        rounds=5,
        pieces=10,
    )
    assert len(row.ours) == len(row.limit) == 5
    assert 0.9 < min(row.ours) < 4
    assert row.reached
    assert "tiny" in harness.table([row])
    assert "≥ 1.5 of a pause" in harness.table([row])


def test_thing_and_limit_take_turns_and_the_first_round_does_not_count() -> None:
    clock = count()
    row = compare("turns", None, lambda: float(next(clock)), lambda: float(next(clock)), rounds=2)
    assert (row.limit, row.ours) == ((2000.0, 4000.0), (3000.0, 5000.0))
    assert row.reached is None


def test_a_cost_is_how_many_times_the_limits_time() -> None:
    row = Row("cost", Target(1.25, "the same", least=False), (3.0, 1.0, 2.0), (2.0, 1.0, 2.0))
    assert row.figures == (1.5, 1.0, 1.0)
    assert row.reached


def test_a_time_is_told_in_seconds() -> None:
    row = Row("time", Target(3.0, "", least=False), (2000.0, 4000.0, 5000.0))
    assert (row.figure, row.reached) == (4.0, False)
    assert "≤ 3 s" in harness.table([row])
    assert "NO" in harness.table([row])


def test_the_same_stands_in_the_file(tmp_path: Path) -> None:
    row = Row("time", Target(3.0, "", least=False), (2000.0,))
    harness.write_json(tmp_path / "new" / "bench.json", [row], 0.2)
    found = json.loads((tmp_path / "new" / "bench.json").read_text())
    assert found["fdatasync_ms"] == 0.2
    assert found["rows"][0] == {
        "name": "time",
        "target": {"bound": 3.0, "against": "", "least": False},
        "ours": [2000.0],
        "limit": [],
        "figure": 2.0,
        "reached": True,
    }


def test_the_disk_is_asked_what_it_needs(tmp_path: Path) -> None:
    assert harness.fdatasync(tmp_path, times=3) > 0


def test_a_letter_can_be_measured(tmp_path: Path) -> None:
    rows = rendering.measure(Place(tmp_path, quick=True))
    assert [row.target for row in rows] == [rendering.TARGET, None]
    assert all(len(row.ours) == len(row.limit) == 2 for row in rows)


def test_what_is_measured_is_what_the_product_does(core: Flask) -> None:
    filling.people(10, owners=2)
    filling.due(10, owners=2)
    assert write_due() == 10
    assert filling.unsent() == 10
    filling.due(10, owners=2)
    filling.pending(40, owners=2)
    assert write_due() == 10
    assert write_due() == 0
