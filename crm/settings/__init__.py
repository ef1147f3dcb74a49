"""What the environment says, read once and checked; nothing else reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crm.settings import addresses, keys, places
from crm.settings.addresses import ImapTarget, SmtpTarget, Tls
from crm.settings.errors import SettingsError
from crm.settings.variables import SignUp, Variables

__all__ = ["ImapTarget", "Settings", "SettingsError", "SignUp", "SmtpTarget", "Tls", "passed_on"]


@dataclass(frozen=True)
class Settings:
    """One installation's settings. Addresses and keys that hold secrets are left out of its repr."""

    data_dir: Path
    #: for SQLAlchemy, with the driver in it
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    #: None: the embedded broker
    redis_url: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    #: without a slash at its end
    base_url: str = "http://localhost:8000"
    trusted_proxies: int = 0
    #: None: letters are kept and shown, not sent
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "crm@localhost"
    imap_url: str | None = field(default=None, repr=False)
    inbound_secret: str | None = field(default=None, repr=False)
    mail_journal: str | None = None
    mail_journal_imap: str | None = field(default=None, repr=False)
    #: How long a copy may take to the journal, in seconds; absent after it means that nothing left.
    mail_journal_grace: int = 3600
    #: Hosts to which pushes may go though they are not public.
    push_hosts: tuple[str, ...] = ()
    metrics_token: str | None = field(default=None, repr=False)
    sign_up: SignUp = SignUp.FIRST
    #: the demonstration: whatever else is set, no letter leaves
    never_send: bool = False

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the process's environment, or the mapping given.

        Raises SettingsError, one line that names the variable. Makes the data folder and the secret in it.
        """
        return _read(Variables(os.environ if environ is None else environ))

    @property
    def letters_key(self) -> bytes:
        """What signs the links in letters."""
        return keys.derived(self.secret_key, "letters")

    @property
    def smtp(self) -> SmtpTarget | None:
        """The mail server, None where letters are kept."""
        return addresses.smtp("SMTP_URL", self.smtp_url) if self.smtp_url and not self.never_send else None

    @property
    def imap(self) -> ImapTarget | None:
        """The mailbox for replies, None where mail is not read."""
        return addresses.imap("IMAP_URL", self.imap_url) if self.imap_url else None

    @property
    def journal_imap(self) -> ImapTarget | None:
        """Where the copies of what left are read."""
        url = self.mail_journal_imap
        return addresses.imap("MAIL_JOURNAL_IMAP", url) if url else None

    @property
    def broker_socket(self) -> Path:
        """The embedded broker's socket, in a folder of mode 700."""
        return places.broker_socket(self.data_dir)

    @property
    def broker_url(self) -> str:
        """The broker as Celery wants it."""
        return self.redis_url or f"redis+socket://{self.broker_socket}?virtual_host=0"

    @property
    def limits_url(self) -> str:
        """The counters of the rate limits as flask-limiter wants them."""
        return self.redis_url or f"redis+unix://{self.broker_socket}?db=1"

    @property
    def sender_is_unfit(self) -> bool:
        """Whether no other machine would take letters from the sender's address."""
        return addresses.is_loopback(self.mail_from.rpartition("@")[2])

    @property
    def suits_push(self) -> bool:
        """Whether browsers let pages at this address show notifications: by https, or on this machine."""
        return self.secure or self.is_here_alone

    @property
    def is_here_alone(self) -> bool:
        """Whether nothing but this machine can open our pages."""
        return addresses.is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def secure(self) -> bool:
        """Whether people come by https."""
        return urlsplit(self.base_url).scheme == "https"


def passed_on(settings: Settings) -> dict[str, str]:
    """The environment for the processes that we start: ours, with the defaults filled in."""
    return {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "HOST": settings.host,
        "PORT": str(settings.port),
        # Their output is a pipe; a line that waits in a buffer explains nothing.
        "PYTHONUNBUFFERED": "1",
        # Threads would otherwise get a heap each from the C library, half of it empty.
        "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2"),
    }


def _read(env: Variables) -> Settings:
    """All variables, and what they add up to."""
    port = env.number("PORT", 8000, 1, 65535)
    base_url = addresses.base("BASE_URL", env.text("BASE_URL", f"http://localhost:{port}"))
    mail_from = addresses.mail("MAIL_FROM", env.text("MAIL_FROM", addresses.sender_at(base_url)))
    redis_url = env.maybe("REDIS_URL")
    sign_up, never_send = env.choice("SIGN_UP", SignUp.FIRST), env.flag("FIKA_DEMO")
    proxies = env.number("TRUSTED_PROXIES", 0, 0, 10)
    mail = _mail(env)
    data_dir = places.prepared(_data_dir(env))
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(env, data_dir),
        secret_key=env.maybe("SECRET_KEY") or places.secret(data_dir),
        redis_url=addresses.redis("REDIS_URL", redis_url) if redis_url else None,
        host=_host(env),
        port=port,
        base_url=base_url,
        trusted_proxies=proxies,
        mail_from=mail_from,
        push_hosts=tuple(env.text("PUSH_HOSTS", "").replace(",", " ").split()),
        metrics_token=env.maybe("METRICS_TOKEN"),
        sign_up=sign_up,
        never_send=never_send,
        **mail,
    )


def _mail(env: Variables) -> dict[str, Any]:
    """How letters leave, come in, and are kept in a journal."""
    smtp_url = env.maybe("SMTP_URL")
    grace = _usual_grace(smtp_url)
    address, mailbox = _journal(env)
    return {
        "smtp_url": smtp_url,
        "imap_url": _mailbox(env, "IMAP_URL"),
        "inbound_secret": env.maybe("INBOUND_SECRET"),
        "mail_journal": address,
        "mail_journal_imap": mailbox,
        "mail_journal_grace": env.number("MAIL_JOURNAL_GRACE", grace, 1, 7 * 86400),
    }


def _data_dir(env: Variables) -> Path:
    """An absolute path, so that it means the same in every process."""
    given = env.maybe("DATA_DIR")
    return Path(given).expanduser().absolute() if given else places.default_data_dir()


def _database_url(env: Variables, data_dir: Path) -> str:
    """The database named, else the file in the data folder."""
    given = env.maybe("DATABASE_URL")
    return addresses.database("DATABASE_URL", given) if given else f"sqlite:///{data_dir / 'crm.sqlite3'}"


def _host(env: Variables) -> str:
    """Where to listen; no address with a scheme, as is easily written."""
    host = env.text("HOST", "127.0.0.1")
    if "/" in host or " " in host:
        raise SettingsError(f"HOST must be a name or an IP address, not {host!r}.")
    return host


def _mailbox(env: Variables, name: str) -> str | None:
    """The address of a mailbox, checked."""
    value = env.maybe(name)
    if value:
        addresses.imap(name, value)
    return value


def _journal(env: Variables) -> tuple[str | None, str | None]:
    """The journal's address and the mailbox where it is read: both or neither."""
    address, mailbox = _maybe_mail(env, "MAIL_JOURNAL"), _mailbox(env, "MAIL_JOURNAL_IMAP")
    if bool(address) != bool(mailbox):
        missing, given = (
            ("MAIL_JOURNAL_IMAP", "MAIL_JOURNAL") if address else ("MAIL_JOURNAL", "MAIL_JOURNAL_IMAP")
        )
        raise SettingsError(
            f"{missing} must be set too where {given} is: a copy that nobody reads proves nothing."
        )
    return address, mailbox


def _usual_grace(smtp_url: str | None) -> int:
    """Ten minutes where the mail server is beside us, an hour where it is elsewhere."""
    here = smtp_url is not None and addresses.is_loopback(addresses.smtp("SMTP_URL", smtp_url).host)
    return 600 if here else 3600


def _maybe_mail(env: Variables, name: str) -> str | None:
    """A mail address where one is given."""
    value = env.maybe(name)
    return addresses.mail(name, value) if value else None
