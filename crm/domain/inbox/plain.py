"""HTML that came in, as text: made safe first, then read. No page ever shows it as HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import nh3

#: Everything else is taken out, and what stands in it stays; scripts and styles go with what they hold.
TAGS = {
    *("p", "div", "br", "blockquote", "pre", "ul", "ol", "li", "table", "tr", "td", "th", "hr", "a", "span"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "b", "i", "em", "strong", "body"),
}
#: Beside the address of a link only what mail programs mark a quotation by.
ATTRIBUTES = {"a": {"href"}, "div": {"class", "id"}, "blockquote": {"class", "type"}, "hr": {"id"}}
_BLOCKS = {"p", "div", "tr", "table", "ul", "ol", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
#: Elements that hold what was quoted, and marks after which all is.
_QUOTES = {"gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote"}
_AFTER = {"divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container", "x_divRplyFwdMsg"}
#: Elements may lie so deep in each other; what is deeper is read as if it were not.
_DEEP = 200


def text_of(html: str) -> tuple[str, str]:
    """What they wrote, and what they quoted, as far as the elements tell the two apart."""
    safe = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"})
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    return "".join(reader.own), "".join(reader.quoted)


class _Reader(HTMLParser):
    """Text and line ends, into one of two lists."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.own: list[str] = []
        self.quoted: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._quoting = 0
        self._rest_is_quoted = False
        self._link = ""

    @property
    def _into(self) -> list[str]:
        return self.quoted if self._quoting or self._rest_is_quoted else self.own

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A line end before a block, and where a quotation begins."""
        named = dict(attrs)
        marks = {*(named.get("class") or "").split(), named.get("id") or ""}
        if marks & _AFTER:
            self._rest_is_quoted = True
        is_quote = bool(marks & _QUOTES) or (tag == "blockquote" and named.get("type") == "cite")
        if tag in ("br", "hr"):
            self._into.append("\n")
            return
        if len(self._open) < _DEEP:
            self._open.append((tag, is_quote))
            self._quoting += is_quote
        if tag in _BLOCKS:
            self._break()
        if tag == "li":
            self._break()
            self._into.append("- ")
        if tag in ("td", "th"):
            self._into.append(" ")
        self._link = (named.get("href") or "") if tag == "a" else self._link

    def handle_endtag(self, tag: str) -> None:
        """A line end after a block, and where a quotation ends."""
        if tag == "a":
            self._link = ""
        if tag in _BLOCKS:
            self._break()
        if tag == "p":
            self._into.append("\n")
        if self._open and self._open[-1][0] == tag:
            self._quoting -= self._open.pop()[1]

    def handle_data(self, data: str) -> None:
        """Words; a link whose address does not stand in them says where it leads."""
        words = " ".join(data.split())
        if not words:
            if data and self._into and not self._into[-1].endswith(("\n", " ")):
                self._into.append(" ")
            return
        before = " " if data[:1].isspace() and self._into and not self._into[-1].endswith("\n") else ""
        after = " " if data[-1:].isspace() else ""
        address = self._link.removeprefix("mailto:")
        shown = f"{words} <{address}>" if address and address.rstrip("/") not in words else words
        self._into.append(f"{before}{shown}{after}")

    def _break(self) -> None:
        if self._into and not self._into[-1].endswith("\n"):
            self._into.append("\n")
