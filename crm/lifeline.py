"""Nothing outlives the supervisor: every process holds a pipe of its, and ends when that pipe does.

A pipe closes however its writer dies, by kill -9 too, and on every system. The kernel's own death signal
(Linux) is a second belt; alone it leaves the children of children alive.

Run as `python -m crm.lifeline module FD NAME …` for a Python module, and as a file with
`program FD PATH …` for a foreign program, which then has this small process beside it. Imports
little: it stands in every process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

#: how long a process may tidy up after the supervisor has gone, in seconds
GRACE = 3.0
PR_SET_PDEATHSIG = 1


def hold(descriptor: int) -> None:
    """End this process, and what it forks, once the pipe ends."""
    _watch(lambda: _wait_for_end(descriptor))
    # A fork copies no threads, so that a server's children have to watch for themselves.
    os.register_at_fork(after_in_child=lambda: _watch(lambda: _wait_for_end(descriptor)))


def follow_parent() -> None:
    """End this process once the one that started it through multiprocessing has ended.

    Such children are not always forks: started afresh they hold no pipe of the supervisor's.
    """
    import multiprocessing  # a heavy module that the other processes of ours do without

    parent = multiprocessing.parent_process()
    if parent is not None:
        _watch(parent.join)


def _watch(wait: Callable[[], object]) -> None:
    """Wait in a thread of its own, then end."""

    def until_end() -> None:
        wait()
        _end()

    threading.Thread(target=until_end, name="lifeline", daemon=True).start()


def _wait_for_end(descriptor: int) -> None:
    """Block until every writer of the pipe is gone; nothing is ever written to it."""
    while os.read(descriptor, 1):
        pass


def _end() -> None:
    """Ask ourselves politely first, so that work in hand is finished."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


def _die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent dies, where it offers that."""
    if sys.platform == "linux":
        import ctypes  # only Linux has a use for it

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _run_module(descriptor: int, name: str, arguments: list[str]) -> None:
    """Become `python -m NAME ARGUMENTS`, on the lifeline."""
    import runpy  # the wrapper of a foreign program does without

    _die_with_parent()
    hold(descriptor)
    sys.argv = [name, *arguments]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def _run_program(descriptor: int, path: str, arguments: list[str]) -> int:
    """Run a foreign program, pass signals on to it, end it when the pipe ends; its exit status."""
    child = os.fork()
    if child == 0:
        _die_with_parent()
        os.execv(path, [path, *arguments])

    def pass_on(number: int, _frame: FrameType | None) -> None:
        os.kill(child, number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, pass_on)
    threading.Thread(target=_end_program, args=(descriptor, child), daemon=True).start()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _end_program(descriptor: int, child: int) -> None:
    """Stop the program after the pipe's end; kill it when it takes too long."""
    _wait_for_end(descriptor)
    os.kill(child, signal.SIGTERM)
    time.sleep(GRACE)
    os.kill(child, signal.SIGKILL)


def main() -> None:
    """Read the command line that the supervisor wrote."""
    kind, descriptor, name, *arguments = sys.argv[1:]
    if kind == "module":
        _run_module(int(descriptor), name, arguments)
    else:
        sys.exit(abs(_run_program(int(descriptor), name, arguments)))


if __name__ == "__main__":
    main()
