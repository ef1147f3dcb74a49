"""The pages: each loads what this user may see, reads the form, calls one verb and answers."""

from __future__ import annotations

from flask import Blueprint

from crm.views import accounts, api, settings

#: Every room that has pages, in the order of the alphabet.
BLUEPRINTS: tuple[Blueprint, ...] = (accounts.bp, accounts.library_bp, api.bp, settings.bp)
