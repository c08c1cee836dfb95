"""One organisation never sees or touches another's rows, and without a scope there is an error, never an empty answer."""

from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction

from goldthread.journal import scope
from goldthread.journal.clock import now
from goldthread.journal.database import APP, JOBS, parameters
from goldthread.organisation.models import Person


def query(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def guarded(privilege):
    """Tables with row-level security by organisation on which the application holds a privilege."""
    found = query(
        """
        select relname from pg_class where relkind = 'r' and relrowsecurity and relnamespace = 'public'::regnamespace
          and has_table_privilege('goldthread_app', oid, %s) order by 1
        """,
        privilege,
    )
    return [row[0] for row in found]


def test_a_fresh_connection_reads_nothing_without_a_scope(seeded):
    for role in (APP, JOBS):
        with psycopg.connect(**parameters(role), autocommit=True) as fresh:
            with pytest.raises(psycopg.Error, match=r"goldthread\.organisation"):
                fresh.execute("select count(*) from organisation_person")
            # After a transaction that had one, the setting is empty, which must be an error as well.
            with fresh.transaction():
                fresh.execute("select set_config('goldthread.organisation', '0', true)")
                fresh.execute("select count(*) from organisation_person")
            with pytest.raises(psycopg.Error):
                fresh.execute("select count(*) from organisation_person")


def test_no_guarded_table_answers_without_a_scope(seeded):
    with psycopg.connect(**parameters(APP), autocommit=True) as fresh:
        names = [row[0] for row in fresh.execute("select relname from pg_class where relkind = 'r' and relrowsecurity and has_table_privilege(oid, 'select')")]  # fmt: skip
        assert len(names) > 15
        refused = set()
        for name in names:
            try:  # the scope is looked up when there is a row to compare it with
                assert fresh.execute(f"select * from {name}").fetchall() == []
            except psycopg.errors.UndefinedObject:
                refused.add(name)
        assert {"organisation_person", "organisation_roleheld"} <= refused


def test_a_scope_needs_a_transaction(transactional_outside):
    with pytest.raises(RuntimeError, match="transaction"):
        scope.enter(1)


@pytest.fixture
def transactional_outside(monkeypatch):
    """As if no transaction were open."""
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)


def test_a_scope_ends_with_its_transaction(seeded):
    organisation_id = seeded["trust"][0]
    with psycopg.connect(**parameters(APP), autocommit=True) as fresh:
        with fresh.transaction():
            fresh.execute("select set_config('goldthread.organisation', %s, true)", [str(organisation_id)])
            assert fresh.execute("select count(*) from organisation_person").fetchone()[0] == 7
        with pytest.raises(psycopg.Error):
            fresh.execute("select count(*) from organisation_person")


def test_people_of_another_organisation_are_not_there(small_system):
    assert Person.objects.filter(id=small_system.stranger.id).count() == 0
    assert {person.organisation_id for person in Person.objects.all()} == {small_system.trust.id}
    small_system.viewer(small_system.stranger)
    assert [person.name for person in Person.objects.all()] == ["Hugh Lane"]


def test_no_guarded_table_shows_rows_of_another_organisation(small_system):
    for table in guarded("select"):
        assert query(f"select count(*) from {table} where organisation_id <> %s", small_system.trust.id) == [(0,)], (
            table
        )


def test_no_guarded_table_takes_rows_for_another_organisation(small_system):
    tables = guarded("insert")
    assert len(tables) > 15
    for table in tables:  # a trigger may refuse first, because it cannot see the other organisation's row either
        with pytest.raises(DatabaseError, match=r"row-level security|no such"):
            query(f"insert into {table} (organisation_id) values (%s)", small_system.other.id)


def test_no_row_can_be_given_to_another_organisation(small_system):
    for table in ("organisation_person", "organisation_roleheld"):
        with pytest.raises(DatabaseError, match="row-level security"):
            query(f"update {table} set organisation_id = %s", small_system.other.id)


def test_a_row_of_another_organisation_cannot_be_changed_by_its_id(small_system):
    assert query("update organisation_person set name = 'X' where id = %s", small_system.stranger.id) == 0
    small_system.viewer(small_system.stranger)
    assert Person.objects.get(id=small_system.stranger.id).name == "Hugh Lane"


def test_only_the_owner_shifts_time(small_system):
    for statement in ("insert into goldthread_time_shift (shift) values ('1 day')", "update goldthread_time_shift set shift = '1 day'",
                      "delete from goldthread_time_shift"):  # fmt: skip
        with pytest.raises(DatabaseError, match="permission denied"):
            query(statement)


@pytest.mark.django_db(databases=["owner"])
def test_the_owner_shifts_time_for_everybody(migrated):
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        before = now(using="owner")
        cursor.execute("insert into goldthread_time_shift (shift) values ('40 days')")
        assert timedelta(days=40) <= now(using="owner") - before < timedelta(days=40, minutes=1)
        with pytest.raises(DatabaseError), transaction.atomic(using="owner"):
            cursor.execute("insert into goldthread_time_shift (only_row, shift) values (false, '1 day')")
