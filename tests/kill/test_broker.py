"""The broker is wiped, killed, cut off and frozen while hundreds are owed a letter: each gets it, once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from crm.models import MessageState
from tests.kill.conftest import MakeScene
from tests.kill.crowd import gather, happens
from tests.services.accidents import ACCIDENTS

CROWD = 500
SEED = 20260310


@pytest.mark.timeout(180)
def test_five_hundred_users_get_their_letter_once_whatever_happens_to_the_broker(
    stage: MakeScene, tmp_path: Path
) -> None:
    scene = stage(journal=False)
    scene.post.delay = 0.01
    gather(CROWD, over=timedelta(seconds=6))
    broker = happens(scene, tmp_path / "data", Random(SEED), accidents=8)
    assert set(broker.happened) == set(ACCIDENTS)
    outcomes = scene.outcomes()
    assert {(outcome.state, outcome.delivered) for outcome in outcomes} == {(MessageState.SENT, 1)}
    assert len(outcomes) == len(scene.post.received) == sum(scene.post.delivered.values()) == CROWD
