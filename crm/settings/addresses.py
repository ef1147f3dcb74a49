"""The addresses in the environment, read strictly and taken apart.

No message repeats an address as a whole: it may hold a password.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from crm.settings.errors import SettingsError

ADDRESS = re.compile(r"[^@\s<>\",;:]+@[^@\s<>\",;]+", re.ASCII)


class Tls(StrEnum):
    """How a connection to the mail server is kept private."""

    NONE = "none"
    STARTTLS_IF_OFFERED = "starttls_if_offered"
    STARTTLS_REQUIRED = "starttls_required"
    IMPLICIT = "implicit"

    @property
    def verified(self) -> bool:
        """Whether the server's certificate has to be good."""
        return self in (Tls.STARTTLS_REQUIRED, Tls.IMPLICIT)


@dataclass(frozen=True)
class SmtpTarget:
    """The mail server that takes our letters."""

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    tls: Tls


@dataclass(frozen=True)
class ImapTarget:
    """The mailbox that is read."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    mailbox: str
    implicit_tls: bool


def smtp(name: str, value: str) -> SmtpTarget:
    """Take apart the address of the server that takes our letters.

    `smtp://[user:password@]host[:port][?tls=none]` or `smtps://…`.

    With a user the password is worth protecting: STARTTLS is then required and the certificate verified.
    """
    url = _split(name, value, ("smtp", "smtps"))
    user, password = _sign_in(name, url)
    tls = _tls(name, url, user)
    usual = {"smtps": 465}.get(url.scheme, 587 if user else 25)
    return SmtpTarget(_host(name, url), _port(name, url) or usual, user, password, tls)


def _tls(name: str, url: SplitResult, user: str | None) -> Tls:
    """Read what the scheme, the user and the query ask for."""
    wish = parse_qs(url.query).get("tls", [""])[-1]
    if url.scheme == "smtps" and not url.query:
        return Tls.IMPLICIT
    if url.query and (wish != "none" or url.scheme == "smtps"):
        raise SettingsError(f"{name} may end in ?tls=none after smtp://, and in nothing else.")
    if wish == "none":
        return Tls.NONE
    return Tls.STARTTLS_REQUIRED if user else Tls.STARTTLS_IF_OFFERED


def imap(name: str, value: str) -> ImapTarget:
    """Take apart imaps://user:password@host[:port]/MAILBOX (imap:// without TLS, for a server beside us)."""
    url = _split(name, value, ("imaps", "imap"))
    user, password = _sign_in(name, url)
    if not user or password is None:
        raise SettingsError(f"{name} must name the user and the password: imaps://user:password@host/INBOX.")
    implicit = url.scheme == "imaps"
    port = _port(name, url) or (993 if implicit else 143)
    mailbox = unquote(url.path.strip("/")) or "INBOX"
    return ImapTarget(_host(name, url), port, user, password, mailbox, implicit)


def database(name: str, value: str) -> str:
    """The address as SQLAlchemy wants it, with the driver in it."""
    scheme, mark, rest = value.partition("://")
    if mark and scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        _host_may_be_missing(name, value)
        return f"postgresql+psycopg://{rest}"
    if mark and scheme == "sqlite":
        if not rest.startswith("//"):
            raise SettingsError(f"{name} must give the whole path of a SQLite file: sqlite:////folder/file.")
        return value
    raise SettingsError(f"{name} must begin with postgresql:// (or sqlite:////), not {_start(value)}.")


def _host_may_be_missing(name: str, value: str) -> None:
    """PostgreSQL is also reached by a socket, so only what is there is checked."""
    _port(name, _parse(name, value))


def redis(name: str, value: str) -> str:
    """Check the address of a Redis or Valkey server."""
    url = _split(name, value, ("redis", "rediss"))
    _host(name, url)
    _port(name, url)
    if not re.fullmatch(r"/?\d*", url.path):
        raise SettingsError(f"{name} must end in the number of a database, as in redis://host:6379/0.")
    return value


def base(name: str, value: str) -> str:
    """The address people use, without the last slash."""
    url = _split(name, value, ("http", "https"))
    _host(name, url)
    _port(name, url)
    if url.path.strip("/") or url.query or url.fragment or url.username:
        raise SettingsError(f"{name} must be only https:// and a host, with a port if need be.")
    return value.rstrip("/")


def mail(name: str, value: str) -> str:
    """Check one mail address, without a name beside it."""
    if not ADDRESS.fullmatch(value) or len(value) > 254:
        raise SettingsError(f"{name} must be one mail address such as crm@example.org, not {value!r}.")
    return value


def is_loopback(host: str) -> bool:
    """Whether only this machine is reached under that name."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def sender_at(base_url: str) -> str:
    """The sender's address that goes with the address of the pages."""
    host = urlsplit(base_url).hostname or "localhost"
    if is_loopback(host):
        return "crm@localhost"
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return f"crm@{host}"
    # RFC 5321 §4.1.3: an address literal.
    return f"crm@[IPv6:{ip}]" if ip.version == 6 else f"crm@[{ip}]"


def _split(name: str, value: str, schemes: tuple[str, ...]) -> SplitResult:
    """Split an address that has to begin with one of the schemes."""
    url = _parse(name, value)
    if url.scheme not in schemes or "://" not in value:
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise SettingsError(f"{name} must begin with {wanted}, not {_start(value)}.")
    return url


def _parse(name: str, value: str) -> SplitResult:
    """Split, with a sentence instead of the parser's exception."""
    if re.search(r"\s", value):
        raise SettingsError(f"{name} must not contain blanks or line breaks.")
    try:
        return urlsplit(value)
    except ValueError as error:
        raise SettingsError(f"{name} is not an address: {error}.") from error


def _host(name: str, url: SplitResult) -> str:
    """The host, which has to be there."""
    if not url.hostname:
        raise SettingsError(f"{name} must name a host after {url.scheme}://.")
    return url.hostname


def _port(name: str, url: SplitResult) -> int | None:
    """The port where one is named."""
    try:
        port = url.port
    except ValueError:
        port = 0
    if port == 0:
        raise SettingsError(f"{name} must name a port between 1 and 65535 after the host.")
    return port


def _sign_in(name: str, url: SplitResult) -> tuple[str | None, str | None]:
    """User and password; one without the other is a mistake."""
    if url.username and url.password is None:
        raise SettingsError(f"{name} names a user without a password: {url.scheme}://user:password@host.")
    user = unquote(url.username) if url.username else None
    return user, unquote(url.password) if user and url.password is not None else None


def _start(value: str) -> str:
    """So much of a wrong address as cannot hold a password."""
    scheme, mark, _ = value.partition("://")
    return f"'{scheme}://…'" if mark else "something without ://"
