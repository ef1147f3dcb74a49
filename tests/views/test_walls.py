"""Two workspaces never see each other: the whole URL map is walked, so that no new route is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask
from werkzeug.routing import Rule

from crm.database import transaction
from tests.cast import Cast
from tests.views.things import Things, gather
from tests.views.visitor import Visitor

#: What stands in paths, and what of Alice's is put there. A route with another argument is not covered.
ARGUMENTS: dict[str, Callable[[Things], object]] = {
    "contact_id": lambda things: things.contact_id,
    "organisation_id": lambda things: things.organisation_id,
    "campaign_id": lambda things: things.campaign_id,
    "interview_id": lambda things: things.interview_id,
    "reminder_id": lambda things: things.reminder_id,
    "message_id": lambda things: things.message_id,
    "import_id": lambda things: things.import_id,
    "feed_id": lambda things: things.feed_id,
    "token_id": lambda things: things.token_id,
    "notification_id": lambda things: things.notification_id,
    "device_id": lambda things: things.device_id,
    "rehearsal_id": lambda things: things.rehearsal_id,
    "received_id": lambda things: things.received_id,
    "number": lambda things: things.number,
}
#: Arguments that name nothing of anybody's, and a value that is taken there.
WORDS = {"part": "facts", "kind": "ask", "stage": "located", "letter": "ask"}
#: Open to everybody, each for a reason: nothing behind it is anybody's, or its address is the secret.
PUBLIC = {
    "static",
    "accounts.sign_up",
    "accounts.create",
    "security.login",
    "security.logout",
    "security.forgot_password",
    "security.reset_password",
    "security.ask_for_new_address",
    "security.change_email_confirm",
    "links.ask",
    "links.act",
    "invitations.ask",
    "invitations.answer",
    "subscriptions.ask",
    "subscriptions.stop",
    "feeds.fetch",
    "health.serves",
    "health.ready",
    "inbound.take",
    "devices.script",
    "devices.icon",
    "devices.renew",
}
#: What must not be seen by Bob on any page.
SECRETS = ("Ada Okafor", "ada@example.com", "Deep-sea diving", "Difference Engines", "alice@example.org")


@pytest.fixture
def things(cast: Cast, now: datetime) -> Things:
    """One of everything that Alice has."""
    with transaction():
        return gather(cast, now)


def test_every_route_is_covered(web: Flask) -> None:
    unknown = {
        f"{rule.endpoint}: {argument}"
        for rule in _closed(web)
        for argument in rule.arguments - ARGUMENTS.keys() - WORDS.keys()
    }
    assert not unknown


def test_only_known_routes_are_public(web: Flask) -> None:
    open_ones = {name for name, view in web.view_functions.items() if getattr(view, "is_public", False)}
    assert open_ones <= PUBLIC


def test_nobody_is_sent_to_the_sign_in_page(web: Flask, nobody: Visitor, things: Things) -> None:
    for method, path in _calls(web, things):
        answer = nobody.open(path, method=method)
        assert answer.status_code == 303, (method, path)
        assert answer.headers["Location"].startswith("/sign-in"), (method, path)


def test_a_script_of_nobody_is_told_that_it_is_signed_out(
    web: Flask, nobody: Visitor, things: Things
) -> None:
    for method, path in _calls(web, things):
        answer = nobody.open(path, method=method, headers={"HX-Request": "true"})
        assert answer.status_code == 401, (method, path)
        assert answer.content_type == "application/problem+json"


def test_what_is_alices_is_not_there_for_bob(web: Flask, bob: Visitor, things: Things) -> None:
    for method, path in _calls(web, things, foreign=True):
        answer = bob.open(path, method=method, data={} if method == "POST" else None)
        assert answer.status_code == 404, (method, path, answer.status_code)


def test_no_page_of_bobs_shows_anything_of_alices(web: Flask, bob: Visitor, things: Things) -> None:
    for method, path in _calls(web, things):
        if method == "GET":
            page = bob.get(path).get_data(as_text=True)
            assert not [secret for secret in SECRETS if secret in page], path


def _closed(app: Flask) -> Iterator[Rule]:
    """The pages that ask who is there; the API is walked with tokens."""
    for rule in app.url_map.iter_rules():
        is_open = getattr(app.view_functions[rule.endpoint], "is_public", False) or rule.endpoint == "static"
        if not is_open and not rule.rule.startswith("/api/"):
            yield rule


def _calls(app: Flask, things: Things, *, foreign: bool = False) -> Iterator[tuple[str, str]]:
    """Every method and path, filled in with what is Alice's; `foreign`: only where there is such a thing."""
    adapter = app.url_map.bind("localhost")
    for rule in _closed(app):
        values = {name: ARGUMENTS[name](things) for name in rule.arguments if name in ARGUMENTS}
        if foreign and not values:
            continue
        filled = {name: WORDS[name] for name in rule.arguments if name in WORDS}
        path = adapter.build(rule.endpoint, {**values, **filled})
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, path
