"""Folders and files of this installation: the data folder, the secret in it, the broker's socket."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from crm import paths
from crm.settings.errors import SettingsError

#: macOS takes 103 bytes and a closing zero for the path of a socket, Linux 107.
SOCKET_PATH_BYTES = 103


def default_data_dir() -> Path:
    """`var` beside the checkout, else where the platform keeps a user's data."""
    if paths.CHECKOUT:
        return paths.CHECKOUT / "var"
    from platformdirs import user_data_path  # only installed copies pay for loading it

    return user_data_path("fika-crm")


def prepared(data_dir: Path) -> Path:
    """Make the data folder, for its owner alone, and prove that it can be written."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(f"DATA_DIR: the folder {data_dir} cannot be made ({error.strerror}).") from error
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise SettingsError(f"DATA_DIR: the folder {data_dir} cannot be written.")
    return data_dir


def secret(data_dir: Path) -> str:
    """The generated secret; made by whoever comes first, the same for all."""
    file = data_dir / "secret"
    if not file.exists():
        _write_once(file, secrets.token_urlsafe(48))
    try:
        value = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"SECRET_KEY is not set, and {file} cannot be read.") from error
    if not value:
        raise SettingsError(f"SECRET_KEY is not set, and {file} is empty: remove it to get a new one.")
    return value


def _write_once(file: Path, text: str) -> None:
    """Write a file whole or not at all; where another process was first, its file stays."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as draft:
            draft.write(text + "\n")
            draft.flush()
            os.fsync(draft.fileno())
        # A link, unlike a rename, never replaces: two that start at once agree on the first.
        with suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()


def broker_socket(data_dir: Path) -> Path:
    """Where the embedded broker listens: in DATA_DIR, or near by where that path is too long for a socket."""
    socket = data_dir / "run" / "broker.sock"
    if len(os.fsencode(socket)) > SOCKET_PATH_BYTES:
        name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
        socket = Path(tempfile.gettempdir()) / f"fika-{name}" / "broker.sock"
    _own_folder(socket.parent)
    return socket


def _own_folder(folder: Path) -> None:
    """A folder that nobody else can enter; in a shared place somebody could have been there before us."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise SettingsError(f"DATA_DIR: {folder}, made for the broker's socket, belongs to somebody else.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)
