"""Programs for the tests of the API."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.api.caller import Caller, program
from tests.cast import Cast


@pytest.fixture
def alice(web: Flask, cast: Cast) -> Caller:
    """A program of Alice's."""
    return program(web, cast.alice)


@pytest.fixture
def bob(web: Flask, cast: Cast) -> Caller:
    """A program of Bob's."""
    return program(web, cast.bob)


@pytest.fixture
def nobody(web: Flask, core: Flask) -> Caller:
    """A program without a token."""
    return Caller(web)
