"""Postfix on loopback: it hands letters to Dovecot, and writes the notice where that has no such mailbox."""

from __future__ import annotations

import os
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from interop.ground import beside, said, until
from interop.packages import environment, missing, program

MAIN = """\
compatibility_level = 3.6
config_directory = {home}/etc
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/mail.log
maillog_file_prefixes = {home}
multi_instance_enable = no
alternate_config_directories =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.people.example
mydestination =
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = {domains}
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
recipient_delimiter = +
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = none
"""
#: What is not here is said at once, by a notice: no letter waits for long.
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
flush unix n - n 1000? 0 flush
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def needs() -> str:
    """What keeps it from running here, in words; empty where nothing does."""
    if missing("postfix"):
        return "postfix"
    return "" if os.geteuid() == 0 else "root, who alone may start Postfix"


@contextmanager
def serve(home: Path, port: int, lmtp: int, domains: str) -> Iterator[None]:
    """Run it on a port, with its configuration and queue in a folder."""
    (home / "etc").mkdir(parents=True)
    (home / "queue").mkdir()
    home.chmod(0o711)
    facts = {"home": home, "port": port, "lmtp": lmtp, "domains": domains}
    (home / "etc" / "main.cf").write_text(MAIN.format(**facts))
    (home / "etc" / "master.cf").write_text(MASTER.format(**facts))
    command, env = [str(program("postfix")), "-c", str(home / "etc")], environment(home)
    said([*command, "check"], env)  # makes what a queue consists of
    with beside(home, "postfix", [*command, "start-fg"], env):
        try:
            until(lambda: answers(port), "Postfix", patience=30)
            yield
        finally:
            with suppress(AssertionError):  # it has ended by itself
                said([*command, "stop"], env)


def answers(port: int) -> bool:
    """Whether a mail server greets there."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as server:
            return server.noop()[0] == 250
    except OSError:
        return False
