from __future__ import annotations

import multiprocessing
import stat
from pathlib import Path

import pytest

from crm.settings import Settings, SettingsError, SignUp, Tls
from crm.settings.places import SOCKET_PATH_BYTES, secret


def read(data_dir: Path, **variables: str) -> Settings:
    return Settings.read({"DATA_DIR": str(data_dir), **variables})


def test_nothing_has_to_be_set_but_the_data_folder_here(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert (settings.host, settings.port, settings.base_url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert settings.database_url == f"sqlite:///{tmp_path}/crm.sqlite3"
    assert (settings.smtp, settings.mail_from, settings.sign_up) == (None, "crm@localhost", SignUp.FIRST)
    assert settings.sender_is_unfit


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="", REDIS_URL=" ", SIGN_UP="").port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "x"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "８０"),
        ("TRUSTED_PROXIES", "-1"),
        ("HOST", "http://here"),
        ("BASE_URL", "crm.example.org"),
        ("BASE_URL", "https://example.org/crm"),
        ("BASE_URL", "http://[::1"),
        ("DATABASE_URL", "mysql://root:geheim@db/crm"),
        ("DATABASE_URL", "postgresql://crm:geheim@db:many/crm"),
        ("DATABASE_URL", "sqlite:///here.db"),
        ("REDIS_URL", "redis://broker/first"),
        ("REDIS_URL", "http://broker"),
        ("SMTP_URL", "mail.example.org"),
        ("SMTP_URL", "smtp://user@mail.example.org"),
        ("SMTP_URL", "smtp://mail.example.org?tls=perhaps"),
        ("SMTP_URL", "smtps://mail.example.org?tls=none"),
        ("SMTP_URL", "smtp://:25"),
        ("MAIL_FROM", "Fika <crm@example.org>"),
        ("MAIL_FROM", "crm@example.org\nBcc: all@example.org"),
        ("IMAP_URL", "imaps://mail.example.org"),
        ("MAIL_JOURNAL", "nobody"),
        ("MAIL_JOURNAL_IMAP", "smtp://u:geheim@h"),
        ("MAIL_JOURNAL_GRACE", "soon"),
        ("SIGN_UP", "everybody"),
        ("DATA_DIR", "/dev/null/x"),
        ("FIKA_DEMO", "maybe"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.read({"DATA_DIR": str(tmp_path), name: value})
    line = str(raised.value)
    assert line.startswith(name)
    assert "\n" not in line
    assert "geheim" not in line


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://mail.example.org", 25, Tls.STARTTLS_IF_OFFERED),
        ("smtp://mail.example.org:2525", 2525, Tls.STARTTLS_IF_OFFERED),
        ("smtp://ada:p%40ss@mail.example.org", 587, Tls.STARTTLS_REQUIRED),
        ("smtp://ada:p%40ss@mail.example.org?tls=none", 587, Tls.NONE),
        ("smtps://ada:p%40ss@mail.example.org", 465, Tls.IMPLICIT),
    ],
)
def test_a_user_makes_tls_a_must(tmp_path: Path, url: str, port: int, tls: Tls) -> None:
    smtp = read(tmp_path, SMTP_URL=url).smtp
    assert smtp is not None
    assert (smtp.host, smtp.port, smtp.tls) == ("mail.example.org", port, tls)
    assert (smtp.user, smtp.password) == (("ada", "p@ss") if "ada" in url else (None, None))
    assert tls.verified == (tls in (Tls.STARTTLS_REQUIRED, Tls.IMPLICIT))


@pytest.mark.parametrize(
    ("base_url", "sender"),
    [
        ("https://fika.example.org/", "crm@fika.example.org"),
        ("http://127.0.0.1:8000", "crm@localhost"),
        ("http://[::1]:8000", "crm@localhost"),
        ("http://192.0.2.1:8000", "crm@[192.0.2.1]"),
    ],
)
def test_the_sender_goes_with_the_address_of_the_pages(tmp_path: Path, base_url: str, sender: str) -> None:
    assert read(tmp_path, BASE_URL=base_url).mail_from == sender


def test_a_journal_is_written_to_and_read_or_neither(tmp_path: Path) -> None:
    address, mailbox = "journal@example.org", "imap://journal:geheim@127.0.0.1/INBOX"
    with pytest.raises(SettingsError, match=r"^MAIL_JOURNAL_IMAP must be set too where MAIL_JOURNAL is"):
        read(tmp_path, MAIL_JOURNAL=address)
    with pytest.raises(SettingsError, match=r"^MAIL_JOURNAL must be set too where MAIL_JOURNAL_IMAP is"):
        read(tmp_path, MAIL_JOURNAL_IMAP=mailbox)
    both = read(tmp_path, MAIL_JOURNAL=address, MAIL_JOURNAL_IMAP=mailbox, MAIL_JOURNAL_GRACE="30")
    assert both.mail_journal_grace == 30
    assert both.journal_imap is not None
    assert both.journal_imap.mailbox == "INBOX"


@pytest.mark.parametrize(("smtp", "seconds"), [("smtp://127.0.0.1", 600), ("smtp://mail.example.org", 3600)])
def test_a_copy_may_take_longer_to_a_journal_further_away(tmp_path: Path, smtp: str, seconds: int) -> None:
    assert read(tmp_path, SMTP_URL=smtp).mail_journal_grace == seconds


def test_the_demonstration_has_no_mail_server(tmp_path: Path) -> None:
    assert read(tmp_path, SMTP_URL="smtp://mail.example.org", FIKA_DEMO="1").smtp is None


def test_settings_keep_their_secrets_when_printed(tmp_path: Path) -> None:
    settings = read(
        tmp_path, SMTP_URL="smtp://ada:geheim@h", REDIS_URL="redis://:geheim@h", SECRET_KEY="geheim"
    )
    assert "geheim" not in repr(settings)


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key
    assert read(tmp_path).secret_key == first
    assert len(first) >= 43
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        found = pool.map(secret, [tmp_path] * 16, chunksize=1)
    assert len(set(found)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


def test_a_socket_whose_path_is_too_long_moves_to_a_folder_of_ours(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    socket = read(deep).broker_socket
    assert len(str(socket)) <= SOCKET_PATH_BYTES
    assert read(deep).broker_socket == socket
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    socket.parent.rmdir()
