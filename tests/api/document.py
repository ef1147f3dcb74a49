"""The description of the API, held against what is sent and answered."""

from __future__ import annotations

import re
from typing import Any

from openapi_schema_validator import OAS31Validator, oas31_format_checker
from werkzeug.test import TestResponse

#: Trouble of ours and rate limits are described together.
OTHERS = (429, 500, 503)


class Document:
    """An OpenAPI document that says whether a call and its answer are as described."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        self._paths = {
            re.compile(re.sub(r"\\{\w+\\}", "[^/.]+", re.escape(path))): path for path in spec["paths"]
        }

    def call(self, method: str, path: str) -> dict[str, Any] | None:
        """What is said of a call; None where nothing is."""
        found = next((self._paths[known] for known in self._paths if known.fullmatch(path)), None)
        call: dict[str, Any] | None = self.spec["paths"][found].get(method.lower()) if found else None
        return call

    def check_answer(self, method: str, path: str, answer: TestResponse) -> None:
        """The status is described, and the body is of the schema described."""
        call = self.call(method, path)
        if call is None:
            assert answer.status_code in (401, 404, 405, 500), (method, path, answer.status_code)
            self.check(answer.get_json(force=True), {"$ref": "#/components/schemas/Problem"})
            return
        status = "default" if answer.status_code in OTHERS else str(answer.status_code)
        assert status in call["responses"], f"{method} {path} answers {status}, which is not described"
        content = call["responses"][status].get("content")
        if content is None:
            assert answer.data == b""
            return
        assert answer.mimetype in content, f"{method} {path} answers {answer.mimetype}"
        if answer.is_json:
            self.check(answer.get_json(), content[answer.mimetype]["schema"])

    def check_body(self, method: str, path: str, body: Any) -> None:
        """A body that was taken is one that is described."""
        call = self.call(method, path)
        assert call is not None
        if body is not None:
            self.check(body, call["requestBody"]["content"]["application/json"]["schema"])

    def check(self, value: Any, schema: dict[str, Any]) -> None:
        """A value against a schema of the document."""
        whole = {**schema, "components": self.spec["components"]}
        OAS31Validator(whole, format_checker=oas31_format_checker).validate(value)
