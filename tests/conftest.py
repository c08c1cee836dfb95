"""One embedded PostgreSQL for the whole run, migrated once; every test connects as the application role and is undone.

Nothing here may weaken what production does: the roles, the row-level security and the triggers are the real ones.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

# Before Django reads its settings: an installation of its own, in a folder that goes away.
_HOME = Path(tempfile.mkdtemp(prefix="goldthread-tests-"))
os.environ["GOLDTHREAD_HOME"] = str(_HOME)
os.environ["GOLDTHREAD_DATABASE"] = "goldthread_tests"
os.environ.setdefault("GOLDTHREAD_DEMO", "1")
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "goldthread.project.settings"

import django  # noqa: E402  (the settings above must be named first)

django.setup()

AT = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


def pytest_unconfigure() -> None:
    from goldthread.journal.database import server

    server.stop()
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(django_db_blocker) -> str:
    """The name of a database with every migration applied and nothing else in it."""
    from goldthread.journal import database

    database.start()
    database.prepare()
    from django.core.management import call_command
    from django.db import connections

    with django_db_blocker.unblock():
        call_command("migrate", database="owner", verbosity=0)
        connections["owner"].close()
    return os.environ["GOLDTHREAD_DATABASE"]


@pytest.fixture(scope="session")
def django_db_setup(migrated: str) -> Iterator[None]:
    """pytest-django would create its databases as the application role, which may not."""
    return


@pytest.fixture
def at() -> datetime:
    """The moment at which a test's actions happen."""
    return AT


@pytest.fixture(scope="session")
def seeded(migrated: str, django_db_blocker) -> dict[str, tuple[int, str, object]]:
    """A trust with a division, two wards and their people, and a second trust: committed once, by the owner."""
    from tests.system import seed_small_system

    with django_db_blocker.unblock():
        return seed_small_system()


@pytest.fixture
def small_system(db: None, seeded: dict) -> SimpleNamespace:
    """The seeded system as the application role reads it, in the scope of the first trust; `viewer(person)` looks as them."""
    from tests.system import read_small_system

    return read_small_system(seeded)


def days(number: int) -> timedelta:
    """A plain duration, so that tests read well."""
    return timedelta(days=number)
