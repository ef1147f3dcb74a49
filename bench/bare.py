"""The limit of everything that is fetched: a Flask view that answers the bytes of a file."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response

app = Flask(__name__)
BODY = Path(os.environ["BODY"]).read_bytes()


@app.get("/bare")
def bare() -> Response:
    """The same bytes each time."""
    return Response(BODY, content_type="text/calendar; charset=utf-8")
