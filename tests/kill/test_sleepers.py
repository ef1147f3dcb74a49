"""A worker sleeps past its lease, and another one takes over: what does it do when it wakes?"""

from __future__ import annotations

from crm.models import MessageState
from tests.kill.conftest import MakeScene
from tests.kill.sleeping import asleep
from tests.services.stops import Step

GRACE = "grace@example.com"
SENT, UNCERTAIN = MessageState.SENT, MessageState.UNCERTAIN


def test_who_slept_past_the_lease_stops_before_data(stage: MakeScene) -> None:
    scene = stage(journal=False)
    scene.invite()
    with asleep(scene, Step.RCPT) as stop:
        scene.finish(alone=False)
        assert scene.ends() == {GRACE: (SENT, 1)}
        stop.go_on()
    assert scene.ends() == {GRACE: (SENT, 1)}
    assert (scene.post.heard["RCPT"], scene.post.heard["DATA"]) == (2, 1)


def test_a_session_that_the_server_gave_up_is_of_no_use_to_who_wakes(stage: MakeScene) -> None:
    scene = stage(journal=True)
    scene.invite()
    with asleep(scene, Step.DATA) as stop:
        stop.cut()
        scene.finish(alone=False)
        assert scene.ends() == {GRACE: (SENT, 1)}
    assert scene.ends() == {GRACE: (SENT, 1)}


def test_who_wakes_with_the_servers_word_in_hand_is_believed(stage: MakeScene) -> None:
    scene = stage(journal=False)
    scene.invite()
    with asleep(scene, Step.DOT) as stop:
        stop.go_on()
        scene.finish(alone=False)
        assert scene.ends() == {GRACE: (UNCERTAIN, 1)}
    assert scene.ends() == {GRACE: (SENT, 1)}
