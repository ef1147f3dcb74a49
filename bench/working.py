"""A worker process that does what a tick would, when a line on its standard input says so.

`python -m bench.working`: "mail" sends what waits, "all" writes what is due as well.
"""

from __future__ import annotations

import sys

from workers.app import small_app
from workers.mail import drain
from workers.reminders import write_due


def main() -> None:
    """Answer each line when nothing is left to do."""
    with small_app().app_context():
        print("ready", flush=True)
        for line in sys.stdin:
            print(_all(due=line.strip() == "all"), flush=True)


def _all(*, due: bool) -> int:
    """As ticks in a row, until one finds nothing."""
    done = 0
    while worked := (write_due() if due else 0) + drain():
        done += worked
    return done


if __name__ == "__main__":
    main()
