"""What stands in paths: `<id:contact_id>` takes numbers alone, so that anything else is a 404."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter


class Id(BaseConverter):
    """The number of a row. 18 digits are more than any database gives out, and fit into 64 bits."""

    regex = r"[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int | str) -> str:
        """As it stands in the address."""
        return str(int(value))


def register(app: Flask) -> None:
    """Before the first route is added."""
    app.url_map.converters["id"] = Id
