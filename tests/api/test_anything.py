"""Whatever is sent: an answer that is described, and never trouble of ours."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.database import transaction
from tests.api.caller import ROOT, Caller, document
from tests.cast import Cast
from tests.conftest import NOW
from tests.views.things import gather

#: Values that are nearly right, beside any JSON at all.
LIKELY = (
    "located", "agreed", "interviewed", "thanked", "reconnected", "call", "note", "ask", "in", "out", "phone",
    "email", "card", "parked", "full", "Europe/Berlin", "a@example.org", "2026-03-10T09:00:00Z", "1", "2",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2027-03-10T09:00:00Z", "\u202eRTL", "\x00", "🦊", "-1",
    "a\r\nb: c", "", " ", "%", "_", "\\", "'", '"',
)  # fmt: skip
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.sampled_from(LIKELY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
MANY = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@st.composite
def calls(draw: st.DrawFn, spec: dict[str, Any]) -> tuple[str, str, Any]:
    """A call that changes something and takes nothing away, with fields of its own and any values."""
    doing = ("post", "patch")
    known = [(path, method) for path, calls in spec["paths"].items() for method in calls if method in doing]
    path, method = draw(st.sampled_from(sorted(known)))
    content = spec["paths"][path][method].get("requestBody", {}).get("content", {})
    name = str(content.get("application/json", {}).get("schema", {}).get("$ref", "")).rpartition("/")[2]
    fields = sorted(spec["components"]["schemas"].get(name, {}).get("properties", {"x": {}}))
    chosen = draw(st.lists(st.sampled_from(fields or ["x"]), max_size=4, unique=True))
    body = {field: draw(ANY) for field in chosen}
    some = draw(st.sampled_from("12"))
    return method.upper(), re.sub(r"\{\w+\}", some, path.removeprefix(ROOT)), body


@pytest.mark.timeout(300)
def test_any_body_is_answered_as_described(alice: Caller, cast: Cast) -> None:
    with transaction():
        gather(cast, NOW)

    @MANY
    @given(calls(document(alice.app).spec))
    def send(call: tuple[str, str, Any]) -> None:
        method, path, body = call
        headers = {"Content-Type": "application/json"}
        answer = alice.call(method, path, data=json.dumps(body).encode(), headers=headers)
        assert answer.status_code < 500

    send()


@given(
    query=st.dictionaries(
        st.sampled_from(
            ("q", "stage", "closed", "campaign", "tag", "contact", "state", "kind", "limit", "cursor")
        ),
        st.text(max_size=30) | st.sampled_from(LIKELY),
        max_size=4,
    )
)
@MANY
def test_any_question_is_answered_as_described(alice: Caller, query: dict[str, str]) -> None:
    for noun in (
        "contacts",
        "interviews",
        "reminders",
        "messages",
        "campaigns",
        "feeds",
        "imports",
        "organisations",
    ):
        answer = alice.get(
            f"/{noun}",
            query_string={name: text.encode("utf-8", "surrogatepass") for name, text in query.items()},
        )
        assert answer.status_code in (200, 422)
