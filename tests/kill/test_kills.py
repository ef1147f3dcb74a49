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
    _killed(scene, moment)
    assert scene.ends() == {ALICE: (SENT, 1), GRACE: (SENT, 1)}


@at_every_moment
def test_without_one_a_contact_never_gets_two_and_the_user_at_least_one(
    stage: MakeScene, moment: Moment
) -> None:
    scene = stage(journal=False)
    _killed(scene, moment)
    to_alice, to_grace = scene.ends()[ALICE], scene.ends()[GRACE]
    assert to_alice == (SENT, 2 if moment.kept else 1)
    assert to_grace == ((UNCERTAIN, int(moment.kept)) if moment.doubtful else (SENT, 1))


def test_at_most_one_letter_is_in_doubt_however_many_went_before(stage: MakeScene) -> None:
    scene = stage(journal=False)
    names = [f"Person{number}" for number in range(6)]
    for name in names:
        scene.invite(name)
    kill(scene, MOMENTS["at RCPT"], "person4@example.com")
    scene.finish()
    assert [outcome.delivered for outcome in scene.outcomes()] == [1] * 6
    # The server's word on the fourth was to be written with the next letter's first step.
    assert [outcome.state for outcome in scene.outcomes()] == [SENT, SENT, SENT, UNCERTAIN, SENT, SENT]


def _killed(scene: Scene, moment: Moment) -> None:
    """Once at a letter to a contact, once at one to the user; each time another worker finishes."""
    for write in (scene.invite, scene.remind):
        write()
        if moment.step is Step.BODY:
            scene.fatten()
        kill(scene, moment)
        scene.finish()
    assert scene.post.torn == (2 if moment.step is Step.BODY else 0)
