"""Browsers for the tests of pages."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import Cast
from tests.views.visitor import Visitor, visit


@pytest.fixture
def nobody(web: Flask, core: Flask) -> Visitor:
    """A browser of somebody who is not signed in."""
    return visit(web)


@pytest.fixture
def alice(web: Flask, cast: Cast) -> Visitor:
    """Alice's browser."""
    return visit(web, cast.alice)


@pytest.fixture
def bob(web: Flask, cast: Cast) -> Visitor:
    """Bob's browser."""
    return visit(web, cast.bob)
