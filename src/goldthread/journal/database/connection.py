"""How each database role connects (design §5).

On the embedded database a process logs in as its role. With DATABASE_URL it logs in as the URL's user, which must be a
member of the role, and the connection starts in that role.
"""

import os
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from goldthread.journal.database.server import socket_folder

OWNER: Final = "goldthread_owner"
APP: Final = "goldthread_app"
JOBS: Final = "goldthread_jobs"
DEFINER: Final = "goldthread_definer"
EMBEDDED_SUPERUSER: Final = "postgres"


def parameters(role: str | None, *, database: str | None = None) -> dict[str, Any]:
    """libpq parameters that connect as `role`; None is the embedded superuser or the URL's own user."""
    name = database or os.environ.get("GOLDTHREAD_DATABASE")
    url = os.environ.get("DATABASE_URL")
    if not url:
        # Only the superuser may migrate the embedded database; `owner` has no login of its own.
        user = EMBEDDED_SUPERUSER if role in (None, OWNER) else role
        found: dict[str, Any] = {"host": socket_folder(), "port": 5432, "user": user, "dbname": name or "goldthread"}
        return _with_options(found, [f"-c role={OWNER}"] if role == OWNER else [])
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise SystemExit("DATABASE_URL must look like postgresql://user:password@host:5432/database")
    found = {"dbname": name or unquote(parts.path.strip("/")), **dict(parse_qsl(parts.query))}
    for key, value in (("host", parts.hostname), ("port", parts.port), ("user", parts.username)):
        if value:
            found[key] = unquote(value) if isinstance(value, str) else value
    if parts.password:
        found["password"] = unquote(parts.password)
    options = [f"-c role={role}"] if role is not None and found.get("user") != role else []
    return _with_options(found, options)


def _with_options(found: dict[str, Any], options: list[str]) -> dict[str, Any]:
    """The session's role, and where its days begin and end if that is not London."""
    if zone := os.environ.get("GOLDTHREAD_TIME_ZONE"):
        options.append(f"-c goldthread.time_zone={zone}")
    if options:
        found["options"] = " ".join([*filter(None, [found.get("options")]), *options])
    return found


def django_database(role: str, *, pooled: bool = False) -> dict[str, Any]:
    """The same as a Django DATABASES entry."""
    found = parameters(role)
    entry: dict[str, Any] = {
        "ENGINE": "goldthread.journal.backend",
        "NAME": found.pop("dbname"),
        "USER": found.pop("user", ""),
        "PASSWORD": found.pop("password", ""),
        "HOST": found.pop("host", ""),
        "PORT": found.pop("port", ""),
        "OPTIONS": found,
        "ATOMIC_REQUESTS": False,
    }
    if pooled:
        entry["OPTIONS"]["pool"] = {"min_size": 0, "max_size": 12, "timeout": 5}
        entry["CONN_HEALTH_CHECKS"] = True  # after a restart of the database the pool holds dead connections
    return entry
