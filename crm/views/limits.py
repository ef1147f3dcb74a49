"""Rate limits, counted at the broker; while it is away each process counts for itself."""

from __future__ import annotations

from flask import Flask, request
from flask_limiter import Limiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from crm.settings import Settings

#: A page never waits longer for the counters than this, in seconds.
PATIENCE = 0.3


def caller() -> str:
    """Who asks, as far as the trusted proxies say."""
    return request.remote_addr or "nowhere"


limiter = Limiter(key_func=caller, in_memory_fallback_enabled=True, swallow_errors=True)


def register(app: Flask) -> None:
    """Count where the settings say."""
    settings: Settings = app.config["SETTINGS"]
    app.config["RATELIMIT_STORAGE_URI"] = settings.limits_url
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {
        "socket_connect_timeout": PATIENCE,
        "socket_timeout": PATIENCE,
        # The client's own way is to try again for seconds, with somebody waiting for the page.
        "retry": Retry(NoBackoff(), 0),
    }
    limiter.init_app(app)
