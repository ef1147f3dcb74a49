"""The room itself: what its views share."""

from __future__ import annotations

from flask import Blueprint

from crm.domain.addresses import Addresses

bp = Blueprint("contacts", __name__)

#: Paths of our own pages.
HERE = Addresses("")
