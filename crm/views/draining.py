"""Reading a refused body to its end: most programs listen for the answer only once they have sent it all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

#: More than this is not worth the wait; whoever sends it finds the line closed.
MOST = 64 * 1024 * 1024
PIECE = 256 * 1024

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def drained(application: Application) -> Application:
    """The application, after whose answer nothing of the body is left unread."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        found = application(environ, start_response)
        if environ["REQUEST_METHOD"] in ("POST", "PATCH", "PUT") and _length(environ) <= MOST:
            while environ["wsgi.input"].read(PIECE):
                pass
        return found

    return answer


def _length(environ: dict[str, Any]) -> int:
    given = environ.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isascii() and given.isdigit() else MOST + 1
