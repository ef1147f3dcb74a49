"""Which of the formats a list is in. Adding a format is adding a file beside this one and a line here."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from types import ModuleType

from crm.domain.transfers import google, linkedin, members, outlook, pasted, vcards
from crm.domain.transfers.decoding import Decoded, decode
from crm.domain.transfers.headings import Mapping, Table, table_in
from crm.domain.transfers.listing import Listing, table_listing
from crm.domain.transfers.rows import Field, Unreadable

#: Exports with headings of their own, the most particular first.
EXPORTS: tuple[ModuleType, ...] = (linkedin, google, outlook)
TABLES = (".csv", ".tsv", ".tab")


def recognise(filename: str, content: bytes, mapping: AnyMapping[str, str] | None = None) -> Listing:
    """The list in an uploaded file; `mapping` is what the user made of its columns.

    Raises Unreadable, with a sentence, for what is no list.
    """
    return _listing(decode(content, filename), filename.lower(), mapping_of(mapping))


def recognise_text(text: str, mapping: AnyMapping[str, str] | None = None) -> Listing:
    """The list in a text that was pasted."""
    return recognise("", text.encode("utf-8", errors="replace"), mapping)


def mapping_of(columns: AnyMapping[str, str] | None) -> Mapping | None:
    """Columns as they stand in JSON, `{"0": "name"}`. Raises Unreadable for what no column can hold."""
    if columns is None:
        return None
    try:
        return {int(number): Field(field) for number, field in columns.items() if field}
    except ValueError:
        raise Unreadable("A column was given a meaning that there is not.") from None


def _listing(decoded: Decoded, filename: str, mapping: Mapping | None) -> Listing:
    opening = decoded.text[:5_000].lstrip().upper()
    if opening.startswith("BEGIN:VCALENDAR"):
        raise Unreadable("This is a calendar. Contacts come as vCards (.vcf) or as a table (.csv).")
    if opening.startswith(("BEGIN:VCARD", "ITEM1.BEGIN:VCARD")) or "\nBEGIN:VCARD" in opening:
        return Listing(vcards.KEY, vcards.TITLE, decoded, vcards.rows)
    if filename.endswith(".vcf"):
        raise Unreadable("The name of this file ends in .vcf, but there is no vCard in it.")
    return _table_or_lines(decoded, filename, mapping)


def _table_or_lines(decoded: Decoded, filename: str, mapping: Mapping | None) -> Listing:
    table = table_in(decoded.text)
    if mapping is not None or table.is_certain or filename.endswith(TABLES):
        listing = _table(decoded, table, mapping)
        if listing:
            return listing
    return Listing(pasted.KEY, pasted.TITLE, decoded, pasted.rows)


def _table(decoded: Decoded, table: Table, mapping: Mapping | None) -> Listing | None:
    for export in EXPORTS:
        columns = export.columns(table.headings)
        if columns:
            return table_listing(
                export.KEY, export.TITLE, decoded, table, columns if mapping is None else mapping
            )
    columns = members.columns(table) if mapping is None else mapping
    if columns is None:
        return None
    key, title = members.kind(columns)
    return table_listing(key, title, decoded, table, columns)
