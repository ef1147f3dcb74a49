"""Bodies that are refused unread: who sends them hears why, instead of finding the line closed."""

from __future__ import annotations

import urllib.request
from urllib.error import HTTPError

import pytest

from tests.services.live import Live

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize("size", [6, 40])
def test_a_program_that_sends_everything_first_hears_the_answer(live: Live, size: int) -> None:
    headers = {"Content-Type": "application/json"}
    body = b"a" * size * MEGABYTE
    asked = urllib.request.Request(f"{live.url}/api/v1/contacts", body, headers, method="POST")
    with pytest.raises(HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=20)
    with refused.value as answer:
        assert answer.code == 401
