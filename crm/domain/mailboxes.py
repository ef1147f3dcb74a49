"""Mailboxes: names and addresses as they stand in headers, which anybody may have written."""

from __future__ import annotations

from email.utils import getaddresses


def mailboxes(written: str) -> list[tuple[str, str]]:
    """The names and bare addresses in a header; none where it is nested deeper than anybody means it."""
    try:
        return getaddresses([written])
    except RecursionError:
        return []
