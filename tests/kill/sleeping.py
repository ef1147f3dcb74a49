"""How a worker is put to sleep in the middle of a letter, past its lease, and woken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.kill.scene import Scene
from tests.services.stops import Step, Stop


@contextmanager
def asleep(scene: Scene, step: Step, to: str | None = None) -> Iterator[Stop]:
    """A worker is stopped at a step and its lease ends; afterwards it wakes and ends what it was doing."""
    stop = scene.post.stop_at(step, to)
    with scene.worker() as sleeper:
        scene.tick()
        stop.wait()
        sleeper.freeze()
        scene.lapse()
        yield stop
        sleeper.thaw()
        # Its connection is the last that it lets go of: by then all is written.
        scene.post.listener.settle(30)
