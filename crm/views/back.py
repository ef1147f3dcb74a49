"""The way back: to the page from which somebody opened a form, pressed a button, or dropped a card."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import redirect, request
from werkzeug.wrappers import Response

#: Pages that hold a form for one thing to do; whoever has done it wants to be elsewhere.
FORMS = {"cancel", "close", "complete", "edit", "log", "move", "new", "snooze", "thanks"}


def back(default: str) -> Response:
    """Something was done (303): back to where it came from, or to the default where nobody says."""
    return redirect(came_from() or default, code=303)


def came_from() -> str:
    """The page of ours that a request came from, as path and query; "" where nobody says.

    A form hands it on in `next`; a script of ours says on which page it runs.
    """
    return next((path for path in _candidates() if path), "")


def _candidates() -> Iterator[str]:
    yield _ours(request.values.get("next", ""), needs_host=False)
    yield _ours(request.headers.get("HX-Current-URL", ""), needs_host=True)
    yield _ours(request.referrer or "", needs_host=True)


def _ours(address: str, *, needs_host: bool) -> str:
    """The path of an address of this site; nothing that a browser could read as another site's."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if needs_host != bool(parts.netloc) or (parts.netloc and parts.netloc != request.host):
        return ""
    is_path = parts.path.startswith("/") and not parts.path.startswith("//") and "\\" not in address
    if not is_path or not address.isprintable() or FORMS & set(parts.path.split("/")):
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
