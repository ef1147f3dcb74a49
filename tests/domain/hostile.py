"""What somebody types who means no good, and what every letter is nevertheless."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

from crm.domain.mail import mime

#: Each breaks out of something somewhere: a line, a header, an encoded word, an attribute, a direction.
TYPED = [
    "Voll 💩 =?UTF-8?Q?=0ABcc:_evil@x?=",
    "=?utf-8?Q?=0D=0ABcc:=20evil@example.net?= Ada",
    "=?utf-8?B?DQpCY2M6IGV2aWxAZXhhbXBsZS5uZXQ=?= Ada",
    "=?=?utf-8?q?=0ABcc:x?=",
    "=?\tutf-8?q?=0ABcc:x?= after a tab",
    "Ada\r\nBcc: evil@example.net",
    "Ada\rBcc: evil@example.net",
    "Ada\nBcc: evil@example.net\n\n<script>alert(1)</script>",
    "Ada\r\n\r\n--boundary\r\nContent-Type: text/html\r\n\r\n<b>",
    "Ada\x00Bcc: evil@example.net",
    "Ada\x0bB\x0cC\x1cD\x1dE\x1eF\x85G\u2028H\u2029I",
    "Ada \u202egro.elpmaxe@live\u202c \u2066x\u2069 \u200fy\u061c",
    "Ada \ud800 lone \udfff halves \udcff",
    "مرحبا بالعالم שלום עולם",
    "👩‍👩‍👧‍👦" * 20 + "🏳️‍🌈" * 10,
    "e\u0301" * 90,
    "A\ufeff\u200b\u2060\u00ad\u034fda",
    "x" * 190,
    "é" * 190,
    "word " * 38,
    'Doe, "Ada" <evil@example.net>, other@example.net; (x) \\',
    "Ada <evil@example.net>",
    "evil@example.net",
    "Ada;evil@example.net:",
    "Ada, undisclosed-recipients:;",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "</td></table><style>*{display:none}</style>",
    "<!--[if mso]><a href=javascript:alert(1)>x</a><![endif]-->",
    "{{ config }} {% raw %} ${x} %s %(x)s",
    "&lt;b&gt; &amp; &#60;i&#62; &NewLine;",
    "javascript:alert(1)",
    ".\r\n.\r\nQUIT",
    "From here on\nFrom there on",
    "𝔸𝕕𝕒 ﷽ ǆ ﬃ",
]
#: Longer than any line may be; only notes take so much.
LONG = ["y" * 1200, "ü" * 1200, "💩" * 500, "a b " * 400, "<&>" * 400, "\u202e" * 1100 + "x"]
#: What a letter shows may lead there, and be made of this.
LEADS = re.compile(r"https?://|mailto:|tel:")
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "table", "tbody", "tr", "td"),
    *("p", "h1", "a", "ul", "li", "blockquote", "b", "br", "span"),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "class", "role", "width", "cellpadding", "cellspacing"),
    *("align", "style", "href", "dir"),
}


class Shape(HTMLParser):
    """The tags of a letter, whatever was typed into it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what it is and where it leads."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


def head(raw: bytes) -> list[tuple[str, str]]:
    """The headers as they stand, folded lines joined; names in small letters."""
    joined = re.sub(rb"\r\n[ \t]", b" ", raw.split(b"\r\n\r\n", 1)[0])
    pairs = [line.decode("ascii").partition(":") for line in joined.split(b"\r\n")]
    return [(name.lower(), value.strip()) for name, _, value in pairs]


def parsed(raw: bytes) -> EmailMessage:
    """As a mail program reads it."""
    return message_from_bytes(raw, policy=policy.default)


def check(raw: bytes, to: str) -> None:
    """The rules for the bytes of every letter (RFC 5322 §2.1.1, §3.6; RFC 5321 §4.5.3.1.6)."""
    assert raw.isascii()
    assert b"\0" not in raw
    lines = raw.split(b"\r\n")
    assert not [line for line in lines if b"\r" in line or b"\n" in line]
    assert max(map(len, lines)) <= 998
    names = [name for name, _ in head(raw)]
    assert set(names) <= mime.ALLOWED
    assert len(set(names)) == len(names)
    assert {"from", "to", "subject", "date", "message-id", "mime-version"} <= set(names)
    message = parsed(raw)
    assert [one.addr_spec for one in message["To"].addresses] == [to]
    assert len(message["From"].addresses) == 1
    assert not message.defects
    for part in message.walk():
        assert not part.defects, part.get_content_type()


def check_html(html: str) -> None:
    """Nothing typed has become a tag, an attribute, or a way to anywhere but what letters lead to."""
    shape = Shape(html)
    assert shape.tags <= TAGS, shape.tags - TAGS
    assert shape.attributes <= ATTRIBUTES, shape.attributes - ATTRIBUTES
    assert not [link for link in shape.links if not LEADS.match(link)]
