"""In front of the application: calendars are fetched far more often than they change.

What a page needs, a session, a form's token, somebody who is signed in, none of that is looked at here. All
other methods, and whatever else stands below the path, go on to the application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from flask import Flask

from crm.views import headers
from crm.views.feeds.fetching import safely

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
BEFORE, AFTER = "/feeds/", ".ics"


def fronted(application: Application, app: Flask) -> Application:
    """The application behind its calendars."""
    always = headers.for_programs(app.config["SETTINGS"])

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not (path.startswith(BEFORE) and path.endswith(AFTER)) or "/" in path[len(BEFORE) :]:
            return application(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return application(environ, start_response)
        with app.app_context():
            status, told, body = safely(path[len(BEFORE) : -len(AFTER)], environ)
        length = [] if status == HTTPStatus.NOT_MODIFIED else [("Content-Length", str(len(body)))]
        start_response(f"{status} {HTTPStatus(status).phrase}", [*told, *length, *always])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return serve
