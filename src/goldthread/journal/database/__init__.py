"""Where goldthread's PostgreSQL is, who connects to it as what, and how an empty one is prepared.

Imports no Django, so that settings can read it.
"""

from goldthread.journal.database.connection import APP, JOBS, OWNER, django_database, parameters
from goldthread.journal.database.home import home, secret
from goldthread.journal.database.prepare import prepare
from goldthread.journal.database.server import start

__all__ = ["APP", "JOBS", "OWNER", "django_database", "home", "parameters", "prepare", "secret", "start"]
