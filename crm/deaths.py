"""Notes about processes that died, left by the supervisor, so that the pages can say so at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path


def note(data_dir: Path, name: str, died_at: datetime) -> None:
    """Write down that the process of that name died; an older note is replaced."""
    folder = data_dir / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    draft = folder / f".{name}.down"
    draft.write_text(json.dumps({"died_at": died_at.isoformat()}), encoding="utf-8")
    draft.replace(folder / f"{name}.down")


def deaths(data_dir: Path) -> dict[str, datetime]:
    """When each process last died, by its name in the Procfile; those that never did are not in it."""
    return {file.stem: _read(file) for file in sorted((data_dir / "run").glob("[a-z]*.down"))}


def _read(file: Path) -> datetime:
    """One note; written whole, so that it is never half there."""
    found = json.loads(file.read_text(encoding="utf-8"))
    return datetime.fromisoformat(found["died_at"]).astimezone(UTC)
