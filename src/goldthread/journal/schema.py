"""What every migration uses to put a table under the database roles and row-level security (design §5).

`owned` tables belong to one organisation each: their policy compares `organisation_id` with the scope of the transaction,
and refuses when no scope is set. `shared` tables belong to none; the list of them is a test (tests/journal/test_catalogue.py).
"""

from django.db.migrations.operations import RunSQL

from goldthread.journal.database.connection import APP, DEFINER, JOBS

#: True for rows of the organisation the transaction acts for. An unset scope is an error, not an empty answer.
IN_SCOPE = "organisation_id = (select current_setting('goldthread.organisation')::int)"


def owned(
    table: str, *, app: str = "select, insert, update, delete", jobs: str = "", every_row: bool = False
) -> RunSQL:
    """Row-level security by organisation, forced. `every_row` lets jobs see all organisations' rows (clock, event, seal)."""
    statements = [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy scope on {table} for all to {APP}, {JOBS} using ({IN_SCOPE}) with check ({IN_SCOPE})",
        f"create policy owner_may on {table} for all to goldthread_owner using (true) with check (true)",
        f"grant {app} on {table} to {APP}",
        f"grant {jobs or app} on {table} to {JOBS}",
    ]
    if every_row:
        statements.append(f"create policy every_row on {table} for all to {JOBS} using (true) with check (true)")
    return RunSQL(";\n".join(statements), RunSQL.noop)


def shared(table: str, *, app: str = "select", jobs: str = "select, insert, update, delete") -> RunSQL:
    """A table without an organisation, readable by all: structure, sign-in, published statistics."""
    return RunSQL(f"grant {app} on {table} to {APP}; grant {jobs} on {table} to {JOBS}", RunSQL.noop)


def append_only(table: str) -> RunSQL:
    """UPDATE, DELETE and TRUNCATE are refused by the database, whoever asks."""
    return RunSQL(
        f"""
        create trigger {table}_append_only before update or delete on {table}
            for each row execute function goldthread_refuse_change();
        create trigger {table}_no_truncate before truncate on {table}
            for each statement execute function goldthread_refuse_change();
        """,
        RunSQL.noop,
    )


def no_overlap(table: str, *keys: str, period: str = "period") -> RunSQL:
    """Rows with the same integer keys never overlap in `period` (a range column). Needs no extension."""
    parts = ", ".join(f"int4range({key}, {key}, '[]') with &&" for key in keys)
    return RunSQL(
        f"alter table {table} add constraint {table}_no_overlap exclude using gist ({parts}, {period} with &&)",
        RunSQL.noop,
    )


def definer(function: str) -> RunSQL:
    """Hand a function that crosses organisations to the definer role, for the application and jobs to call."""
    return RunSQL(
        f"alter function {function} owner to {DEFINER}; revoke all on function {function} from public; "
        f"grant execute on function {function} to {APP}, {JOBS}",
        RunSQL.noop,
    )
