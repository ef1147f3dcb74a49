"""What stands in paths: `<id:contact_id>` takes numbers alone, so that anything else is a 404."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

#: What a row's number can be at most; PostgreSQL refuses to compare with a larger one.
LARGEST = 2**31 - 1


class Id(BaseConverter):
    """The number of a row; one that no row can have is no address."""

    regex = r"[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        """The number."""
        number = int(value)
        if number > LARGEST:
            raise ValidationError
        return number

    def to_url(self, value: int | str) -> str:
        """As it stands in the address."""
        return str(int(value))


def register(app: Flask) -> None:
    """Before the first route is added."""
    app.url_map.converters["id"] = Id
