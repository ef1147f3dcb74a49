"""A letter is in doubt, and the journal is late or cannot be read: nothing is guessed, nothing goes twice."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from crm.models import MessageState
from tests.kill.conftest import MakeScene
from tests.kill.killing import MOMENTS, kill
from tests.kill.scene import Scene, wait_until

GRACE = "grace@example.com"
DOUBTFUL, SENT = MessageState.DOUBTFUL, MessageState.SENT


def test_a_copy_that_comes_late_is_waited_for_within_the_grace(stage: MakeScene) -> None:
    scene = _in_doubt(stage, copy_delay=3600.0)
    _asked(scene, times=3, passing=timedelta(minutes=3))
    assert scene.ends() == {GRACE: (DOUBTFUL, 1)}
    for kept in scene.post.journal.letters:
        kept.from_then = 0.0
    scene.finish()
    assert scene.ends() == {GRACE: (SENT, 1)}


@pytest.mark.parametrize("command", ["LOGIN", "EXAMINE", "SEARCH"])
def test_a_journal_that_cannot_be_read_proves_nothing(stage: MakeScene, command: str) -> None:
    scene = _in_doubt(stage)
    scene.post.journal.answers |= {command: "NO not now", "SELECT": "NO not now"}
    _asked(scene, times=3, passing=timedelta(days=1))
    assert scene.ends() == {GRACE: (DOUBTFUL, 1)}
    scene.post.journal.answers.clear()
    scene.finish()
    assert scene.ends() == {GRACE: (SENT, 1)}


def _in_doubt(stage: MakeScene, *, copy_delay: float = 0.0) -> Scene:
    """The server took a letter, and nobody heard it."""
    scene = stage(journal=True)
    scene.post.copy_delay = copy_delay
    scene.invite()
    kill(scene, MOMENTS["after the dot, and the server keeps it"])
    return scene


def _asked(scene: Scene, *, times: int, passing: timedelta) -> None:
    """A worker looks into the journal so often, and between that time passes."""
    journal = scene.post.journal
    with scene.worker():
        for number in range(1, times + 1):
            while _logins(scene) < number:
                # What was heard the last time may have been written down after the time had passed.
                scene.hurry()
                scene.tick()
                time.sleep(0.1)
            wait_until(lambda: not journal.listener.is_busy)
            scene.pass_time(passing)


def _logins(scene: Scene) -> int:
    return sum(command.upper().startswith("LOGIN") for command in scene.post.journal.heard)
