"""The web on top of the small factory: pages, sign-in and the JSON API."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from crm import views
from crm.core import create_core
from crm.paths import STATIC, TEMPLATES
from crm.settings import Settings
from crm.views import accounts, converters, doors, errors, filters, headers, limits, statics
from crm.views.draining import drained
from crm.views.feeds import fronted

#: The largest list that can be brought in, and the form around it, in bytes.
MAX_UPLOAD = 17 * 1024 * 1024
API = "/api/v1"


def create_app(settings: Settings) -> Flask:
    """The whole application: what the web server runs and the tests of pages drive."""
    app = APIFlask(
        "crm",
        title="Fika",
        json_errors=False,
        spec_path=f"{API}/openapi.json",
        docs_path=None,
        docs_oauth2_redirect_path=None,
        template_folder=str(TEMPLATES),
        static_folder=str(STATIC),
        static_url_path=statics.path(),
    )
    app.config.from_mapping(configuration(settings))
    create_core(settings, app)
    app.session_interface = doors.Sessions()
    converters.register(app)
    for part in (filters, limits, doors, accounts, headers, errors):
        part.register(app)
    _open_rooms(app)
    _wrap(app, settings)
    return app


def configuration(settings: Settings) -> dict[str, object]:
    """Flask's own settings: limits of what comes in, and cookies that stay with this site."""
    return {
        "MAX_CONTENT_LENGTH": MAX_UPLOAD,
        "MAX_FORM_MEMORY_SIZE": doors.MAX_FORM,
        "MAX_FORM_PARTS": 1000,
        "SESSION_COOKIE_NAME": "fika",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure,
        # A cookie in every answer would keep answers out of caches; doors renews it once a day.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": doors.SESSION_LASTS,
        # A form that was open over lunch is as good as a fresh one: the token lives as long as the session.
        "WTF_CSRF_TIME_LIMIT": None,
        # The guard of doors checks, after it has asked who is there.
        "WTF_CSRF_CHECK_DEFAULT": False,
        "RATELIMIT_HEADERS_ENABLED": False,
    }


def _open_rooms(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for blueprint in views.BLUEPRINTS:
        app.register_blueprint(blueprint)


def _wrap(app: Flask, settings: Settings) -> None:
    """In front of it all: files, calendars, and what the trusted proxies say of who asks."""
    app.wsgi_app = statics.serve(fronted(drained(app.wsgi_app), app))  # type: ignore[method-assign]
    hops = settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
