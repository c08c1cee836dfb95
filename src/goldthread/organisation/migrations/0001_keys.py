"""The small integer keys of units, groupings and posts."""

from django.db import migrations

SQL = """
create sequence goldthread_unit_key as integer;
create function goldthread_next_unit_key() returns integer language sql volatile as $$ select nextval('goldthread_unit_key')::int $$;
grant usage on sequence goldthread_unit_key to goldthread_app, goldthread_jobs, goldthread_definer;
"""


class Migration(migrations.Migration):
    """One sequence for all keys, so that a key never means two things."""

    initial = True
    dependencies = [("journal", "0001_functions")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
