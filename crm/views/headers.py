"""What every answer tells the browser about what it may do with it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, current_app

from crm.settings import Settings

#: Nothing but our own files, no inline script or style, nobody's frame (design, 10).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
#: For the frame that shows a letter: its own styles, no script, no pictures from elsewhere.
FRAME_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Pages hold other people's addresses: no proxy keeps them, and a browser asks before it shows them again.
    "Cache-Control": "private, no-cache",
}
TRANSPORT_SECURITY = f"max-age={int(timedelta(days=365).total_seconds())}"


def register(app: Flask) -> None:
    """Add them to whatever a view has not said otherwise."""
    app.after_request(_add)


def framed(response: Response) -> Response:
    """Let our own pages, and nobody else's, show this answer in a frame."""
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def secret(response: Response) -> Response:
    """For a page whose address is the key to it: passed on to nobody, kept and listed nowhere."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def for_programs(settings: Settings) -> list[tuple[str, str]]:
    """What is left of it where no page is answered, and a browser is not who asks."""
    told = [("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src 'none'")]
    return [*told, ("Strict-Transport-Security", TRANSPORT_SECURITY)] if settings.secure else told


def _add(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    settings: Settings = current_app.config["SETTINGS"]
    if settings.secure:
        response.headers.setdefault("Strict-Transport-Security", TRANSPORT_SECURITY)
    return response
