"""The description of the API (OpenAPI 3.1): what the code says of each call, and what all calls share."""

from __future__ import annotations

import json
import re
from typing import Any

from crm.domain import idempotency
from crm.views.errors import PROBLEM

Spec = dict[str, Any]

DESCRIPTION = """\
Everything that the pages do, for programs. Send `Authorization: Bearer TOKEN`; tokens are made on the
settings page or by `crm token add`. Ids are opaque strings. Times are RFC 3339, with an offset in, in UTC
out. PATCH is a merge-patch (RFC 7396): null clears. Lists come in pages: ask again with `cursor` = `next`
until that is null.

A POST with an `Idempotency-Key` is done once: for 24 hours the same token, address and body get the first
answer again, with `Idempotency-Replayed: true`; another body is 422, and while the first is being answered
409.
"""
PROBLEM_SCHEMA: Spec = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people."},
        "errors": {
            "type": "object",
            "description": "For each field that cannot be used the sentences that say why.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        },
    },
}
PROBLEMS = {
    "401": "No token, or one that does not work.",
    "404": "There is no such thing in this workspace.",
    "409": "The state of things forbids it, or the first request with this key is still being answered.",
    "413": "The body is too large.",
    "415": "The body is of a kind that is not read here.",
    "422": "Something that was sent cannot be used.",
    "default": "Trouble of ours, or too many requests.",
}
KEY: Spec = {
    "name": idempotency.HEADER,
    "in": "header",
    "description": "Any text of your own; the same text is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": idempotency.LONGEST, "pattern": "^[!-~]+$"},
}
METHODS = ("get", "post", "patch", "delete")


def complete(spec: Any) -> Spec:
    """Add to what was generated whatever all calls have in common."""
    spec["info"].update(version="1", description=DESCRIPTION)
    # Seen from the document, so that it is right behind any proxy.
    spec["servers"] = [{"url": "/"}]
    spec["security"] = [{"token": []}]
    components = spec.setdefault("components", {})
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    for path, calls in spec["paths"].items():
        for method in set(METHODS) & set(calls):
            _complete_call(path, method, calls[method], components["schemas"])
    spec["paths"] = {re.sub(r"\{\w+_id\}", "{id}", path): calls for path, calls in spec["paths"].items()}
    return _short_names(spec)


def _complete_call(path: str, method: str, call: Spec, schemas: Spec) -> None:
    call["operationId"] = call["operationId"].removeprefix(f"{method}_api_")
    for parameter in call["parameters"]:
        if parameter["in"] == "path":
            parameter.update(
                name="id" if parameter["name"].endswith("_id") else parameter["name"], required=True
            )
        parameter["schema"] = _given(parameter["schema"])
    if method == "post":
        call["parameters"].append(KEY)
    call["tags"] = [path.split("/")[3]]
    if "requestBody" in call:
        _describe_body(method, call["requestBody"], schemas)
    for status in _problems(path, method, call):
        call["responses"].setdefault(status, _problem(PROBLEMS[status]))


def _given(schema: Spec) -> Spec:
    """A parameter that is left out is not sent as null."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return {**rest, **kinds[0]}


def _describe_body(method: str, body: Spec, schemas: Spec) -> None:
    content = body["content"]
    if method == "patch":
        content["application/merge-patch+json"] = content["application/json"]
    name = next(iter(content.values()))["schema"]["$ref"].rpartition("/")[2]
    # Where no field is required, no body is.
    body["required"] = bool(schemas[name].get("required"))


def _problems(path: str, method: str, call: Spec) -> list[str]:
    """The statuses that a call can answer besides its own."""
    statuses = ["401", "default"]
    if "{" in path:
        statuses.append("404")
    if method in ("post", "patch"):
        statuses += ["409", "413", "415", "422"]
    if any(parameter["in"] == "query" for parameter in call["parameters"]):
        statuses.append("422")
    return sorted(set(statuses))


def _problem(description: str) -> Spec:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {PROBLEM: {"schema": schema}}}


def _short_names(spec: Spec) -> Spec:
    """Give schemas that stand inside others, "ContactIn.WorkRole", the name of their own, once."""
    schemas = spec["components"]["schemas"]
    spec["components"]["schemas"] = {name.rpartition(".")[2]: schemas[name] for name in sorted(schemas)}
    text = re.sub(r'("#/components/schemas/)\w+\.(\w+")', r"\1\2", json.dumps(spec))
    short: Spec = json.loads(text)
    return short
