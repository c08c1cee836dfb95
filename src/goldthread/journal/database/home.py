"""The folder of one installation: embedded database, keys and settings."""

import os
import secrets
from pathlib import Path

import platformdirs


def home() -> Path:
    """The installation's folder: GOLDTHREAD_HOME, or the platform's user-data folder. Two folders are two installations."""
    chosen = os.environ.get("GOLDTHREAD_HOME")
    return Path(chosen).expanduser().resolve() if chosen else Path(platformdirs.user_data_dir("goldthread"))


def secret(name: str) -> str:
    """A random key of this installation, made on first use and kept in a file that only its owner may read."""
    path = home() / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process of this installation was a moment quicker
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
