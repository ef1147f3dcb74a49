"""Reading what was sent: pydantic looks at it, and says in plain sentences what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crm.views.api.problems import Unfit, Unreadable

#: So many fields are named; a body of ten thousand wrong ones is not worth more.
MOST = 20
OBJECT = "The body has to be a JSON object, such as {}."

SENTENCES = {
    "string_type": "This has to be text.",
    "string_unicode": "This holds characters that are no text.",
    "int_type": "This has to be a whole number.",
    "int_parsing": "This has to be a whole number.",
    "int_parsing_size": "This number is too large.",
    "int_from_float": "This has to be a whole number.",
    "bool_type": "This has to be true or false.",
    "list_type": "This has to be a list.",
    "model_type": "This has to be an object.",
    # The only value that its own type refuses.
    "value_error": "Send this as a file, with a name.",
}


class Reader(PydanticAdapter):
    """How APIFlask's `input` reads: the body once, strictly, and errors in our own words."""

    def validate_input(self, request: Request, location: str, **_: Any) -> BaseModel:
        """What was sent as the model says; Unfit or Unreadable where it is something else."""
        try:
            return READERS[location](self.model_class, request)
        except ValidationError as error:
            raise _refusal(error.errors(include_url=False), self.model_class) from None


def _json(model: type[BaseModel], request: Request) -> BaseModel:
    # No body at all is an empty one: where nothing is required nothing has to be sent.
    return model.model_validate_json(request.get_data().strip() or b"{}")


def _query(model: type[BaseModel], request: Request) -> BaseModel:
    return model.model_validate(request.args.to_dict())


def _multipart(model: type[BaseModel], request: Request) -> BaseModel:
    return model.model_validate({**request.form.to_dict(), **request.files.to_dict()})


READERS: dict[str, Callable[[type[BaseModel], Request], BaseModel]] = {
    "json": _json,
    "query": _query,
    "files": _multipart,
}


def _refusal(found: list[ErrorDetails], model: type[BaseModel]) -> Unfit | Unreadable:
    whole = next((error for error in found if not error["loc"]), None)
    if whole is not None:
        return Unreadable(_broken(whole) if whole["type"] == "json_invalid" else OBJECT)
    sentences: dict[str, str] = {}
    for error in found[:MOST]:
        # What is wrong inside a list is told of the list.
        field = str(error["loc"][0])[:60]
        sentences.setdefault(field, _sentence(error, field, model))
    return Unfit(sentences)


def _broken(error: ErrorDetails) -> str:
    place = re.search(r"line \d+ column \d+", error["msg"])
    return f"The body is not valid JSON in UTF-8{f' ({place[0]})' if place else ''}."


def _sentence(error: ErrorDetails, field: str, model: type[BaseModel]) -> str:
    kind = error["type"]
    if kind == "sentence":
        return error["msg"]
    if kind == "missing":
        return f"Please give “{field}”."
    if kind == "extra_forbidden":
        return f"“{field}” is not known here. {_known(model)}"
    if kind == "too_long":
        return f"This list is too long: at most {error.get('ctx', {}).get('max_length')} fit."
    if kind == "enum":
        words = re.findall(r"'([^']*)'", error.get("ctx", {}).get("expected", ""))
        return f"Choose one of: {', '.join(words)}."
    return SENTENCES.get(kind, "This cannot be used here.")


def _known(model: type[BaseModel]) -> str:
    fields = ", ".join(model.model_fields)
    return f"This call takes: {fields}." if fields else "This call takes no fields."
