"""Style sheets, scripts and drawings: served in front of everything, kept by browsers for ever.

The address of all of them holds one hash over all of them. So the modules and style sheets can go on
naming each other by relative paths, and a browser never mixes two versions.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise

from crm.paths import STATIC


def path() -> str:
    """Where the files are served."""
    return f"/static/{digest()}"


def serve(application: Any) -> WhiteNoise:
    """The application behind a server of files: one that is known never reaches a view."""
    return WhiteNoise(
        application,
        root=str(STATIC),
        prefix=path(),
        allow_all_origins=False,
        immutable_file_test=lambda _file, _url: True,
        add_headers_function=_add_headers,
    )


@cache
def digest() -> str:
    """Twelve characters that change with any of the files."""
    sum_of_all = hashlib.sha256()
    for file in sorted(file for file in STATIC.rglob("*") if file.is_file()):
        sum_of_all.update(str(file.relative_to(STATIC)).encode())
        sum_of_all.update(file.read_bytes())
    return sum_of_all.hexdigest()[:12]


def _add_headers(headers: Headers, _file: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
