"""Where pushes may go, and by which key their sender is known."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from crm import vapid
from crm.domain.notifications.pushing import Claimed
from crm.push import Endpoint, Refused, Unknown, check, is_public
from crm.settings import Settings
from tests.services.push import serve
from workers.push import Courier, Verdict

LITERAL = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[fd00::1]",
    "[fe80::1]",
    "[ff02::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::1]",
]


@pytest.mark.parametrize("host", LITERAL)
def test_an_address_that_is_not_public_is_refused(host: str) -> None:
    with pytest.raises(Refused):
        check(f"https://{host}/push/1", ())


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost:8443"])
def test_a_name_that_leads_to_ourselves_is_refused(host: str) -> None:
    with pytest.raises(Refused, match="not on the public internet"):
        check(f"https://{host}/push/1", ())


@pytest.mark.parametrize(
    "url",
    [
        "",
        "push",
        "http://8.8.8.8/push",
        "ftp://8.8.8.8/push",
        "https://",
        "https:///push",
        "https://user@8.8.8.8/push",
        "https://8.8.8.8:0/push",
        "https://8.8.8.8:70000/push",
        "https://8.8.8.8\\@127.0.0.1/push",
        "https://8.8.8.8#@127.0.0.1/push",
        "https://8.8.8.8/a b",
        "https://8.8.8.8/a\r\nHost: b",
        "https://[fe80::1%25eth0]/push",
        "https://ex\u00e4mple.org/push",
    ],
)
def test_what_two_readers_could_read_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        check(url, ())


def test_a_public_address_is_taken_apart() -> None:
    found = check("https://8.8.8.8/push/1?a=b", ())
    assert found == Endpoint("https", "8.8.8.8", 443, "/push/1?a=b", ("8.8.8.8",))
    assert found.origin == "https://8.8.8.8"
    assert check("https://8.8.8.8:8443/", ()).origin == "https://8.8.8.8:8443"


def test_one_bad_address_among_good_ones_is_enough() -> None:
    assert is_public("8.8.8.8")
    assert is_public("2606:4700::1111")
    assert not all(map(is_public, ("8.8.8.8", "127.0.0.1")))


def test_a_host_that_is_trusted_may_be_elsewhere_and_without_tls() -> None:
    assert check("http://localhost:9/x", ("localhost:9",)).port == 9
    assert check("http://localhost:9/x", ("localhost",)).port == 9
    with pytest.raises(Refused):
        check("http://localhost:10/x", ("localhost:9",))


def test_a_name_that_nobody_knows_is_no_refusal_for_good() -> None:
    with pytest.raises(Unknown, match="cannot be found"):
        check("https://nobody.invalid/push", ())


def claimed(url: str, keys: dict[str, str]) -> Claimed:
    return Claimed(1, 1, 0, url, keys["p256dh"], keys["auth"], b"{}", "notification-1", urgent=False, ttl=60)


def test_a_name_that_was_moved_meanwhile_is_refused_when_sending(tmp_path: Path) -> None:
    with serve() as service:
        keys = service.subscription()
        answer = Courier(Settings(tmp_path, "", "secret")).send(claimed(keys["endpoint"], keys))
    assert answer.verdict is Verdict.REFUSED
    assert service.pushed == []


def test_the_connection_goes_to_the_address_that_was_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *more: int, **named: int) -> list[tuple[object, ...]]:
        """A name server of somebody who wishes us ill: another answer each time."""
        asked.append(host)
        good = host != "push.example" or asked.count("push.example") == 1
        return real("127.0.0.1" if good else "127.0.0.2", port, *more, **named)  # type: ignore[return-value]

    with serve() as service:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        host = f"push.example:{service.port}"
        courier = Courier(Settings(tmp_path, "", "secret", push_hosts=(host,)))
        answer = courier.send(claimed(f"http://{host}/x", service.subscription()))
    assert answer.verdict is Verdict.TAKEN, answer
    assert asked.count("push.example") == 1
    assert service.pushed[0].headers["host"] == host


def test_the_key_is_derived_and_stays_the_same() -> None:
    number = vapid.private_number("a secret")
    assert 0 < number < vapid.ORDER
    assert number == vapid.private_number("a secret") != vapid.private_number("another secret")
    assert len(vapid.public_key("a secret")) == 87
    assert vapid.public_key("a secret").startswith("B")
    assert vapid.public_key("a secret") != vapid.public_key("another secret")


def test_pages_at_https_and_on_this_machine_suit_push(tmp_path: Path) -> None:
    for base, suits in (
        ("https://fika.example.org", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", True),
        ("http://fika.lan", False),
    ):
        assert Settings(tmp_path, "", "", base_url=base).suits_push is suits


def test_the_shape_is_looked_at_before_any_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    with pytest.raises(Refused, match="https alone"):
        check("http://example.org/x", ())
