"""What the tests of contacts' pages share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from tests.cast import Cast


@pytest.fixture(autouse=True)
def _present(now: datetime) -> Iterator[None]:
    """An hour after the cast came on."""
    with time_machine.travel(now + timedelta(hours=1)):
        yield


@pytest.fixture
def here(cast: Cast) -> str:
    """Ada's page."""
    return f"/contacts/{cast.ada.id}"
