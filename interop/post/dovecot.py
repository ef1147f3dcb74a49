"""Dovecot on loopback: it keeps the mailboxes that Postfix delivers to, and shows them by IMAP."""

from __future__ import annotations

import imaplib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from interop.ground import beside, until
from interop.packages import environment, missing, program

PASSWORD = "an open secret"
#: Nobody's: mail of a test belongs to no account of the machine's.
OWNER = 65534
CONFIGURATION = """\
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/mail.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
first_valid_gid = 1
recipient_delimiter = +
auth_username_format = %Lu
mail_location = maildir:%h
passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = passwd-file
  args = {home}/users
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


def needs() -> str:
    """What keeps it from running here, in words; empty where nothing does."""
    has_lmtp = any(Path(folder, "lmtp").exists() for folder in ("/usr/lib/dovecot", "/usr/libexec/dovecot"))
    return "" if has_lmtp and not missing("dovecot") else "dovecot-imapd and dovecot-lmtpd"


@contextmanager
def serve(home: Path, imap: int, lmtp: int, mailboxes: Sequence[str]) -> Iterator[None]:
    """Run it on two ports, with a mailbox for each address."""
    home.mkdir(parents=True)
    home.chmod(0o711)
    users = [f"{each}:{{PLAIN}}{PASSWORD}:{OWNER}:{OWNER}::{_mailbox(home, each)}::" for each in mailboxes]
    (home / "users").write_text("\n".join([*users, ""]))
    (home / "users").chmod(0o644)
    (home / "dovecot.conf").write_text(CONFIGURATION.format(home=home, imap=imap, lmtp=lmtp))
    command = [str(program("dovecot")), "-F", "-c", str(home / "dovecot.conf")]
    with beside(home, "dovecot", command, environment(home)):
        until(lambda: _answers(imap), "Dovecot", patience=30)
        yield


def letters(imap: int, address: str) -> list[EmailMessage]:
    """All that lies in a mailbox, the oldest first."""
    with imaplib.IMAP4("127.0.0.1", imap, timeout=30) as server:
        server.login(address, PASSWORD)
        server.select("INBOX", readonly=True)
        (numbers,) = server.search(None, "ALL")[1]
        fetched = [server.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in numbers.split()]
    return [message_from_bytes(each[1], policy=policy.default) for each in fetched if isinstance(each, tuple)]


def _mailbox(home: Path, address: str) -> Path:
    mailbox = home / "mail" / address
    mailbox.mkdir(parents=True)
    mailbox.parent.chmod(0o711)
    mailbox.chmod(0o700)
    os.chown(mailbox, OWNER, OWNER)
    return mailbox


def _answers(port: int) -> bool:
    try:
        with imaplib.IMAP4("127.0.0.1", port, timeout=5):
            return True
    except (OSError, imaplib.IMAP4.error):
        return False
