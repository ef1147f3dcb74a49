from __future__ import annotations

import re

from flask import Flask
from openapi_spec_validator import validate

from tests.api.caller import Caller, document


def test_the_description_is_valid_and_open_to_everybody(nobody: Caller) -> None:
    answer = nobody.app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    spec = answer.get_json()
    assert spec["openapi"].startswith("3.1.")
    validate(spec)


def test_every_call_is_described_and_nothing_else(web: Flask) -> None:
    spec = document(web).spec
    described = {f"{method} {path}" for path, calls in spec["paths"].items() for method in calls}
    real = {
        f"{method.lower()} {re.sub(r'<[^>]+_id>', '{id}', rule.rule).replace('<id:number>', '{number}')}"
        for rule in web.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/") and rule.endpoint != "openapi.spec"
    }
    assert described == real


def test_every_call_says_what_it_does_and_what_it_may_answer(web: Flask) -> None:
    spec = document(web).spec
    names = []
    for path, calls in spec["paths"].items():
        for method, call in calls.items():
            names.append(call["operationId"])
            assert call["summary"].endswith("."), path
            statuses = set(call["responses"])
            assert {"401", "default"} <= statuses
            assert ("404" in statuses) == ("{id}" in path), path
            assert ({"409", "413", "415", "422"} <= statuses) == (method in ("post", "patch")), path
            assert [status for status in statuses if status[0] == "2"], path
            for response in call["responses"].values():
                assert response["description"]
    assert len(names) == len(set(names))


def test_every_list_is_read_in_pages(web: Flask) -> None:
    spec = document(web).spec
    for path, calls in spec["paths"].items():
        schema = calls.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        name = str(schema.get("application/json", {}).get("schema", {}).get("$ref", "")).rpartition("/")[2]
        if not name.endswith("Page"):
            continue
        assert spec["components"]["schemas"][name]["required"] == ["next", "items"]
        assert {"limit", "cursor"} <= {parameter["name"] for parameter in calls["get"]["parameters"]}, path


def test_every_post_takes_a_key(web: Flask) -> None:
    for path, calls in document(web).spec["paths"].items():
        given = [parameter["name"] for parameter in calls.get("post", {"parameters": []})["parameters"]]
        assert ("Idempotency-Key" in given) == ("post" in calls), path


def test_no_name_points_nowhere(web: Flask) -> None:
    spec = document(web).spec
    known = set(spec["components"]["schemas"])
    assert not [name for name in known if "." in name]
    assert set(re.findall(r"#/components/schemas/(\w+)", str(spec))) <= known
