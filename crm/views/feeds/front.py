"""In front of the application: calendars are fetched far more often than they change.

What a page needs, a session, a form's token, somebody who is signed in, none of that is looked at here. All
other methods, and whatever else stands below the path, go on to the application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from crm.views import headers
from crm.views.feeds.fetching import answer, trouble

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
BEFORE, AFTER = "/feeds/", ".ics"


def fronted(application: Application, app: Flask) -> Application:
    """The application behind its calendars."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not (path.startswith(BEFORE) and path.endswith(AFTER)) or "/" in path[len(BEFORE) :]:
            return application(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return application(environ, start_response)
        with app.app_context():
            try:
                found = answer(path[len(BEFORE) : -len(AFTER)], environ)
            except Exception as error:  # noqa: BLE001  (whatever it is, programs must not lose their talks)
                found = trouble(error)
            return headers.add(found)(environ, start_response)

    return serve
