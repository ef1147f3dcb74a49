"""The room of the JSON API: one blueprint, its gate, its errors and its description."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, APIFlask
from apiflask.schema_adapters.registry import registry
from flask import g, request
from flask.blueprints import BlueprintSetupState
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException

from crm.domain.errors import DomainError
from crm.models import User, Workspace
from crm.views.api import document, gate, once, problems
from crm.views.api.reading import Reader

# Before the first call says what it takes.
registry.register("pydantic", Reader)

bp = APIBlueprint("api", __name__, url_prefix="/api/v1")

#: The description adds what all calls have in common; the library's own additions would differ from it.
CONFIGURATION: dict[str, Any] = {
    "AUTO_200_RESPONSE": False,
    "AUTO_404_RESPONSE": False,
    "AUTO_OPERATION_ID": True,
    "AUTO_AUTH_ERROR_RESPONSE": False,
    "AUTO_SERVERS": False,
    "AUTO_TAGS": False,
    "AUTO_VALIDATION_ERROR_RESPONSE": False,
}


def workspace() -> Workspace:
    """The workspace of the token that was sent."""
    found: Workspace = g.workspace
    return found


def user() -> User:
    """The user of the token that was sent."""
    found: User = g.user
    return found


def _open(state: BlueprintSetupState) -> None:
    """The gate stands before all of /api: an unknown address is answered in JSON too."""
    app = state.app
    assert isinstance(app, APIFlask)
    app.config.update(CONFIGURATION)
    if isinstance(app.json, DefaultJSONProvider):
        # What a thing is comes first, as it is written down in its model.
        app.json.sort_keys = False
    app.before_request(gate.admit)
    app.spec_processor(document.complete)


def _close(_error: BaseException | None) -> None:
    """A large file that was sent lies on the disk until it is closed."""
    request.close()


bp.record_once(_open)
bp.after_request(once.settle)
bp.teardown_request(once.release)
bp.teardown_request(_close)
bp.register_error_handler(DomainError, problems.domain)
bp.register_error_handler(HTTPException, problems.http)
