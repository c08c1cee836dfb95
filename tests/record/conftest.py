"""A small system that may be committed to: actions, sweeper and outbox run on it as they do in production."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connections, transaction

from tests.faults.private import as_superuser, private_database
from tests.system import read_small_system


def close_all() -> None:
    for alias in connections:
        connections[alias].close()


#: What tests here alter of the seeded rows; put back after each.
KEPT = ("organisation_person", "organisation_roleheld")


@pytest.fixture(scope="session")
def committed_database(seeded: dict, migrated: str, django_db_blocker) -> Iterator[str]:
    """One copy of the small system for all the tests that commit."""
    with django_db_blocker.unblock(), private_database(migrated) as name:
        with as_superuser(name) as server:
            server.execute("create schema kept")
            for table in KEPT:
                server.execute(f"create table kept.{table} as table {table}")
        yield name


@pytest.fixture
def committed(committed_database: str, seeded: dict, django_db_blocker) -> Iterator[SimpleNamespace]:
    """The small system, to commit to, behind Django's usual connections. `owner(sql, …)` runs as the owner, `jump(…)` shifts
    the database's time, `now()` reads it; people and units are attributes, as in `small_system`. Put back afterwards.
    """
    name = committed_database
    with django_db_blocker.unblock():
        kept = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
        close_all()
        for alias in connections:
            connections[alias].settings_dict["NAME"] = connections.settings[alias]["NAME"] = name
        try:
            with transaction.atomic():
                found = read_small_system(seeded)
            found.owner, found.jump, found.now = _owner, _jump, _now
            yield found
        finally:
            close_all()
            for alias, before in kept.items():
                connections[alias].settings_dict["NAME"] = connections.settings[alias]["NAME"] = before
            _put_back(name)


def _put_back(name: str) -> None:
    """As somebody who may do anything, with the guards off: the next test begins with what was seeded."""
    with as_superuser(name) as server, server.transaction():
        server.execute("set local session_replication_role = replica")
        written = [row[0] for row in server.execute("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname ~ '^(journal|record|voice|governance|crisis)_'")]  # fmt: skip
        server.execute(f"truncate {', '.join([*written, 'goldthread_time_shift'])}")
        for table in KEPT:
            server.execute(f"delete from {table}")
            server.execute(f"insert into {table} select * from kept.{table}")


def _owner(sql: str, *values: object) -> list[tuple]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def _jump(to: datetime | timedelta) -> None:
    _owner("delete from goldthread_time_shift")
    shift = to if isinstance(to, timedelta) else to - datetime.now(UTC)
    _owner("insert into goldthread_time_shift (shift) values (%s)", shift)


def _now() -> datetime:
    found: datetime = _owner("select goldthread_now()")[0][0]
    return found


from tests.record.stage import stage  # noqa: E402, F401  (a fixture)
