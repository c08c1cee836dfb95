"""Time, identifiers and the refusal of change: what every later migration stands on."""

from django.db import migrations

FUNCTIONS = """
create table goldthread_time_shift (
    only_row boolean primary key default true check (only_row),
    shift interval not null
);
comment on table goldthread_time_shift is 'Moves goldthread_now() in tests, demonstrations and soaks; only the owner writes it';
grant select on goldthread_time_shift to goldthread_app, goldthread_jobs, goldthread_definer;

create function goldthread_now() returns timestamptz language sql stable as
$$ select clock_timestamp() + coalesce((select shift from goldthread_time_shift), interval '0') $$;

-- RFC 9562 section 5.7: 48 bits of milliseconds, version 7, the rest random. The random part, and the variant bits, come
-- from gen_random_uuid(); version 4 (0100) becomes 7 (0111) by setting two bits.
create function goldthread_uuid7() returns uuid language sql volatile as
$$
  select encode(
    set_bit(set_bit(
      substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
        || substring(uuid_send(gen_random_uuid()) from 7),
      52, 1), 53, 1), 'hex')::uuid
$$;

create function goldthread_refuse_change() returns trigger language plpgsql as
$$ begin raise exception '% is append-only: % refused. A correction is a new row.', tg_table_name, tg_op
   using errcode = 'restrict_violation'; end $$;
"""


class Migration(migrations.Migration):
    """Functions only; they are never dropped."""

    initial = True
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
