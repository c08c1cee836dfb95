"""What loading 1.3 million people asks for: no index twice."""

from django.db import migrations

# Django gives every foreign key an index. Here each is the beginning of another: of the unique (organisation_id, code), and
# of person_unit (unit_id, organisation_id). They answered no query that those do not, and cost a load a quarter of its time.
REDUNDANT = """
do $$ declare name text; begin
  for name in select i.indexrelid::regclass::text from pg_index i join pg_attribute a
      on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = 'organisation_person'::regclass and i.indnatts = 1 and not i.indisunique
      and a.attname in ('organisation_id', 'unit_id')
  loop execute format('drop index %s', name); end loop;
end $$;
"""


class Migration(migrations.Migration):
    """Indexes only; no table changes."""

    dependencies = [("organisation", "0003_guards")]
    operations = [
        migrations.RunSQL(REDUNDANT, migrations.RunSQL.noop),
    ]
