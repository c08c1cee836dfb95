"""Row-level security of the journal, its append-only guard, and the sealing of its hash chain."""

from django.db import migrations

from goldthread.journal.schema import append_only, owned

SEALING = """
create function goldthread_queue_for_sealing() returns trigger language plpgsql as
$$ begin
  insert into journal_unsealedevent (event_id, organisation_id, since) values (new.id, new.organisation_id, goldthread_now());
  return null;
end $$;
create trigger journal_event_queue after insert on journal_event
    for each row execute function goldthread_queue_for_sealing();

-- An organisation's newest events, and what came after one that is known: read in the order of their ids.
create index event_newest on journal_event (organisation_id, id);

-- The bytes that a seal covers: every named column, in this order, as JSON text. Never change it: old seals would break.
create function goldthread_event_bytes(e journal_event) returns bytea language sql stable as
$$ select convert_to(jsonb_build_array(
     e.id, e.organisation_id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), to_char(e."on", 'YYYY-MM-DD'),
     e.actor_kind, e.actor_id, e.role, e.rule, e.kind, e.practice, e.object_kind, e.object_id, e.data)::text, 'UTF8') $$;

-- Seals up to `most` committed events of one organisation. One sealer at a time per organisation; writers never wait.
create function goldthread_seal(for_organisation integer, most integer) returns integer language plpgsql as
$$
declare
  waiting record; last_seq bigint; last_hash bytea; hash bytea; done integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('goldthread.seal'), for_organisation);
  select seq, sha256 into last_seq, last_hash from journal_eventseal
    where organisation_id = for_organisation order by seq desc limit 1;
  last_seq := coalesce(last_seq, 0);
  last_hash := coalesce(last_hash, sha256(convert_to('goldthread ' || for_organisation, 'UTF8')));
  for waiting in
    select e from journal_unsealedevent q join journal_event e on e.id = q.event_id
    where q.organisation_id = for_organisation order by q.event_id limit most
  loop
    last_seq := last_seq + 1;
    hash := sha256(last_hash || goldthread_event_bytes(waiting.e));
    insert into journal_eventseal (organisation_id, seq, event_id, previous, sha256)
      values (for_organisation, last_seq, (waiting.e).id, last_hash, hash);
    delete from journal_unsealedevent where event_id = (waiting.e).id;
    last_hash := hash;
    done := done + 1;
  end loop;
  return done;
end $$;
"""


class Migration(migrations.Migration):
    """Writers insert; only jobs seal; nobody changes."""

    dependencies = [("journal", "0002_tables")]
    operations = [
        owned("journal_event", app="select, insert", jobs="select, insert", every_row=True),
        owned("journal_unsealedevent", app="insert", jobs="select, insert, delete", every_row=True),
        owned("journal_eventseal", app="select", jobs="select, insert", every_row=True),
        append_only("journal_event"),
        append_only("journal_eventseal"),
        migrations.RunSQL(SEALING, migrations.RunSQL.noop),
    ]
