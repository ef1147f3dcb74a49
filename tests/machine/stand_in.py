"""A process for the supervisor's tests: `python -m tests.machine.stand_in NAME [children]`."""

from __future__ import annotations

import http.server
import multiprocessing
import os
import sys
import time
from pathlib import Path

from crm import lifeline


class Answer(http.server.BaseHTTPRequestHandler):
    """Says that all is well."""

    def do_GET(self) -> None:
        """Answer every address alike."""
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def note(name: str) -> None:
    """Leave our number where the test finds it."""
    file = Path(os.environ["DATA_DIR"]) / f"{name}.number"
    draft = file.with_suffix(".draft")
    draft.write_text(str(os.getpid()))
    draft.replace(file)


def child(name: str) -> None:
    """Another process, as servers have them, that nobody can ask to end."""
    lifeline.follow_parent()
    note(f"{name}-child")
    time.sleep(600)


def main() -> None:
    """Stay for ever."""
    name = sys.argv[1]
    if "children" in sys.argv:
        multiprocessing.get_context("spawn").Process(target=child, args=(name,)).start()
    note(name)
    if name == "web":
        http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever()
    time.sleep(600)


if __name__ == "__main__":
    main()
