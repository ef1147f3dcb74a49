"""Ways: where somebody goes on after something was done, and what they are told there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import flash, redirect, request
from werkzeug.wrappers import Response

#: How long something can be taken back by a click, in seconds.
UNDO_SECONDS = 10
#: Pages that hold a form for one thing to do; whoever has done it wants to be elsewhere.
FORMS = frozenset({"cancel", "close", "complete", "edit", "log", "move", "new", "snooze", "thanks"})


def back(default: str) -> Response:
    """To the page on which the button stood, else to `default`."""
    return redirect(came_from() or default, code=303)


def came_from() -> str:
    """The page of ours from which this was asked for; empty where that is not known.

    A form names it in `next`, our script in a header, the browser in its own.
    """
    named = (request.form.get("next"), request.headers.get("HX-Current-URL"), request.referrer)
    paths = (_local(address or "") for address in named)
    return next((path for path in paths if path and not _is_form(path)), "")


def done(sentence: str, undo: str = "", link: tuple[str, str] | None = None) -> None:
    """Say what was done on the next page, with a way to take it back.

    `link` is what comes next: its words, and the address of a page that opens in a dialog.
    """
    message: Any = (
        {"text": sentence, "undo": undo, "seconds": UNDO_SECONDS, "link": link} if undo else sentence
    )
    flash(message)


def _is_form(path: str) -> bool:
    """A form that was a page of its own must not lead back to itself."""
    page = path.partition("?")[0]
    return page == request.path or not FORMS.isdisjoint(page.split("/"))


def _local(address: str) -> str:
    """The path and query of an address, where it leads nowhere but to us."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    ours = parts.netloc in ("", request.host) and parts.scheme in ("", "http", "https")
    # Browsers take a backslash for a slash, and two slashes for another host.
    if (
        not ours
        or "\\" in address
        or not address.isprintable()
        or not parts.path.startswith("/")
        or parts.path.startswith("//")
    ):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
