"""Whatever workers, servers and users do in whatever order: nobody gets two, and every letter has its end."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.cast import Cast
from tests.kill.machine import play

#: The same games each time; `./dev chaos` plays others, and more of them.
GAMES = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    # Cutting a game down to its shortest form takes minutes, and the long one can be read as well.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("journal", [True, False], ids=["with a journal", "without one"])
def test_in_any_order_nobody_gets_two_and_every_letter_has_its_end(cast: Cast, journal: bool) -> None:
    play(cast, GAMES, journal=journal)
