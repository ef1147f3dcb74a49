"""Endpoints of push services: which of them we connect to, and at which addresses.

Whoever turns notifications on names the address that we will post to. So it has to be public: else our own
network could be reached through us. It is looked at when it is registered, and again when something is sent,
and then the connection goes to the very addresses that were looked at.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

#: A plain host, a port if need be, a path: nothing that two readers could read in two ways.
SHAPE = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?(/[!-~]*)?", re.IGNORECASE)
PORTS = {"http": 80, "https": 443}


class Refused(Exception):
    """Nothing is sent there; the message is a sentence that says why."""


class Unknown(Refused):
    """Nobody knows that name just now."""


@dataclass(frozen=True)
class Endpoint:
    """An address that may be posted to, with the addresses in the network that were found good."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def origin(self) -> str:
        """As it stands in the claims of VAPID (RFC 8292 §2): the port only where it is an unusual one."""
        usual = self.port == PORTS[self.scheme]
        return f"{self.scheme}://{self.host}" + ("" if usual else f":{self.port}")


def check(url: str, trusted: Collection[str]) -> Endpoint:
    """Take an endpoint apart and look up its host; Refused unless all that is found is public.

    `trusted` hosts ("push.internal" or "push.internal:8080") may be elsewhere, and do without TLS.
    """
    found = SHAPE.fullmatch(url)
    if found is None or "#" in url or "\\" in url:
        raise Refused("This is no address of a push service.")
    scheme, host = found[1].lower(), (urlsplit(url).hostname or "")
    port = int(found[3] or PORTS[scheme])
    if not 0 < port < 65536:
        raise Refused("This is no address of a push service.")
    is_trusted = bool({host, f"{host}:{port}"} & set(trusted))
    if scheme != "https" and not is_trusted:
        raise Refused("Push services are reached by https alone.")
    addresses = _look_up(host, port)
    if not is_trusted and not all(map(is_public, addresses)):
        raise Refused("This push service is not on the public internet, so nothing is sent there.")
    return Endpoint(scheme, host, port, found[4] or "/", addresses)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also where it only stands for another."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour is not None or ip.teredo is not None:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def _look_up(host: str, port: int) -> tuple[str, ...]:
    """All addresses of a host, in the order in which they are to be tried."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unknown(f"The push service {host} cannot be found just now.") from error
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
