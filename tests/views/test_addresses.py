"""No letter and no calendar points nowhere."""

from __future__ import annotations

import inspect
from urllib.parse import urlsplit

import pytest
from flask import Flask

from crm.domain.addresses import Addresses

pytestmark = pytest.mark.parametrize("pair", ["sqlite"], indirect=True)

METHODS = [name for name, _ in inspect.getmembers(Addresses, inspect.isfunction) if not name.startswith("_")]


@pytest.mark.parametrize("name", METHODS)
def test_every_address_is_a_page(web: Flask, name: str) -> None:
    method = getattr(Addresses("https://fika.example.org"), name)
    given = dict.fromkeys(inspect.signature(method).parameters, "42")
    address = urlsplit(method(**given))
    assert (address.scheme, address.netloc) == ("https", "fika.example.org")
    endpoint, values = web.url_map.bind("localhost").match(address.path)
    assert {argument: str(value) for argument, value in values.items()} == given, endpoint
