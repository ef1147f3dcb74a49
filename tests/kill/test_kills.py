"""A worker is killed at every step of a letter: each letter arrives once, or somebody is told."""

from __future__ import annotations

import pytest

from crm.models import MessageState
from tests.kill.conftest import MakeScene
from tests.kill.killing import MOMENTS, Moment, kill
from tests.kill.scene import Scene
from tests.services.stops import Step

ALICE, GRACE = "alice@example.org", "grace@example.com"
SENT, UNCERTAIN = MessageState.SENT, MessageState.UNCERTAIN

at_every_moment = pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS.keys())


@at_every_moment
def test_with_a_journal_every_letter_arrives_exactly_once(stage: MakeScene, moment: Moment) -> None:
    scene = stage(journal=True)
    _killed_twice(scene, moment)
    assert scene.ends() == {ALICE: (SENT, 1), GRACE: (SENT, 1)}


@at_every_moment
def test_without_one_a_contact_never_gets_two_and_the_user_at_least_one(
    stage: MakeScene, moment: Moment
) -> None:
    scene = stage(journal=False)
    _killed_twice(scene, moment)
    to_alice, to_grace = scene.ends()[ALICE], scene.ends()[GRACE]
    assert to_alice == (SENT, 2 if moment.kept else 1)
    assert to_grace == ((UNCERTAIN, int(moment.kept)) if moment.doubtful else (SENT, 1))


def _killed_twice(scene: Scene, moment: Moment) -> None:
    """Once at the letter to the user, once at the letter to the contact; then a third worker finishes."""
    scene.plan("Grace")
    if moment.step is Step.BODY:
        scene.fatten()
    for to in (ALICE, GRACE):
        kill(scene, moment, to if moment.step not in (Step.CONNECT, Step.EHLO, Step.MAIL) else None)
    scene.finish()
    assert scene.post.torn == (2 if moment.step is Step.BODY else 0)
