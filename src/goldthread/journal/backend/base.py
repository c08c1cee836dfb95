"""Django's PostgreSQL backend, with one difference: the embedded server's socket is looked up whenever a connection
opens, since a restart may move it.
"""

import os
from typing import Any

from django.db.backends.postgresql import base

from goldthread.journal.database.server import socket_folder


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects like Django's own, to wherever the embedded database is now."""

    def get_connection_params(self) -> dict[str, Any]:
        """Connection parameters, with the embedded database's present socket."""
        found: dict[str, Any] = super().get_connection_params()
        if not os.environ.get("DATABASE_URL"):
            found["host"] = socket_folder()
        return found
