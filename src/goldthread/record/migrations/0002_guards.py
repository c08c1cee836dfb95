"""Access to the record, what may never change, and the taking of a decision."""

from django.db import migrations

from goldthread.journal.schema import append_only, owned, shared

# A decision is taken here and nowhere else: the row is locked, the right is looked up at this moment by the database's own
# clock, and there is exactly one outcome. Whoever comes second learns who was first and when.
DECIDE = """
create function goldthread_may_decide(
    for_decision uuid, of_person uuid, out allowed boolean, out acting_role text, out decider text
) language plpgsql stable as
$$
declare
  d record_decision;
  -- Roles are held for local days; sessions keep UTC.
  today date := (goldthread_now() at time zone coalesce(nullif(current_setting('goldthread.time_zone', true), ''), 'Europe/London'))::date;
begin
  select * into d from record_decision where id = for_decision;
  decider := d.decider_role || ' of ' || coalesce((select name from organisation_unit where key = d.decider_unit_id), '?');
  if d.delegated_to_id = of_person then
    allowed := true; acting_role := 'delegate'; return;
  end if;
  select role into acting_role from organisation_roleheld
    where organisation_id = d.organisation_id and person_id = of_person and unit_id = d.decider_unit_id
      and role in (d.decider_role, d.deputy_role) and period @> today
    order by role = d.decider_role desc limit 1;
  allowed := acting_role is not null;
end $$;

create function goldthread_decide(
    for_decision uuid, of_person uuid, with_outcome text, with_reason_code text, with_reason text, it_expects text,
    look_back date, decided_time timestamptz
) returns text language plpgsql as
$$
declare
  d record_decision; may record;
begin
  select * into d from record_decision where id = for_decision for update;
  if not found then
    raise exception 'no such decision' using errcode = 'no_data_found';
  end if;
  if d.state <> 'open' then
    raise exception '%', case d.state
        when 'decided' then format('already decided by %s at %s', (select name from organisation_person where id = d.decided_by_id),
             to_char(d.decided_at, 'HH24:MI on FMDD FMMonth YYYY'))
        else format('already %s', d.state) end
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  select * into may from goldthread_may_decide(for_decision, of_person);
  if not may.allowed then
    raise exception '%', may.decider using errcode = 'insufficient_privilege';
  end if;
  update record_decision set state = 'decided', outcome = with_outcome, reason_code = with_reason_code, reason = with_reason,
      expects = it_expects, look_back_on = look_back, decided_by_id = of_person, decided_as = may.acting_role,
      decided_at = greatest(decided_time, d.opened_at)
    where id = for_decision;
  return may.acting_role;
end $$;

-- What has ended stays as it ended: an outcome is never rewritten, and nobody decides past goldthread_decide's check.
create function goldthread_decision_is_final() returns trigger language plpgsql as
$$
declare may record;
begin
  if old.state <> 'open' then
    raise exception 'this decision has ended (%); a new decision supersedes it', old.state
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  if new.state = 'decided' then
    select * into may from goldthread_may_decide(old.id, new.decided_by_id);
    if not may.allowed then
      raise exception '%', may.decider using errcode = 'insufficient_privilege';
    end if;
  end if;
  if new.unit_id <> old.unit_id or new.question <> old.question or new.opened_at <> old.opened_at
     or new.about_id <> old.about_id or new.organisation_id <> old.organisation_id then
    raise exception 'the question of a decision cannot be changed once it is open' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger record_decision_final before update on record_decision
    for each row execute function goldthread_decision_is_final();

-- An open decision always has a clock: checked when the transaction commits.
create function goldthread_open_decision_has_a_clock() returns trigger language plpgsql as
$$ begin
  if exists (select from record_decision where id = new.id and state = 'open') and not exists (
      select from record_clock where about_id = new.id and practice = 'record' and about_kind = 'decision'
        and purpose = 'decision_due' and state in ('pending', 'parked') and organisation_id = new.organisation_id) then
    raise exception 'decision % would stay open without a clock', new.id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger record_decision_clock after insert or update on record_decision deferrable initially deferred
    for each row execute function goldthread_open_decision_has_a_clock();

-- Nor does a clock leave an open decision behind when it fires or is stopped.
create function goldthread_clock_leaves_no_open_decision() returns trigger language plpgsql as
$$ begin
  if exists (select from record_decision d where d.id = new.about_id and d.state = 'open') and not exists (
      select from record_clock where about_id = new.about_id and practice = 'record' and about_kind = 'decision'
        and purpose = 'decision_due' and state in ('pending', 'parked') and organisation_id = new.organisation_id) then
    raise exception 'decision % would stay open without a clock', new.about_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger record_clock_decision after update of state on record_clock deferrable initially deferred
    for each row when (new.purpose = 'decision_due' and new.state in ('fired', 'stopped'))
    execute function goldthread_clock_leaves_no_open_decision();

create function goldthread_commitment_is_final() returns trigger language plpgsql as
$$ begin
  if old.confirmed_by_id is not null or (old.state in ('withdrawn', 'not_kept')) then
    raise exception 'this promise has ended (%)', old.state using errcode = 'object_not_in_prerequisite_state';
  end if;
  if new.text <> old.text or new.due_on <> old.due_on or new.promised_by_id <> old.promised_by_id then
    raise exception 'a promise cannot be reworded or moved; make a new one' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger record_commitment_final before update on record_commitment
    for each row execute function goldthread_commitment_is_final();

-- Stopping a clock, and the two checks above, look it up by what it is about.
create index clock_about on record_clock (about_id);

-- The newest known value of each period is what a page shows.
create index point_series on record_point (organisation_id, unit_id, measure_id, split, split_value, period_start, known_at desc);
create index published_series on record_publishedpoint (measure_id, unit_id, period_start, known_at desc);
"""


class Migration(migrations.Migration):
    """Points, definitions and limit decisions are append-only; published statistics are written by load alone."""

    dependencies = [("record", "0001_tables"), ("organisation", "0003_guards")]
    operations = [
        owned("record_decision", app="select, insert, update"),
        owned("record_commitment", app="select, insert, update"),
        owned("record_change", app="select, insert, update"),
        owned("record_clock", app="select, insert, update", every_row=True),
        owned("record_link", app="select, insert"),
        owned("record_claim", app="select, insert"),
        owned("record_measure", app="select, insert, update"),
        owned("record_measureversion", app="select, insert"),
        owned("record_point", app="select, insert"),
        owned("record_limitdecision", app="select, insert"),
        owned("record_notice", app="select, insert, update"),
        shared("record_publishedmeasure", jobs="select, insert, update"),
        shared("record_publishedpoint", jobs="select, insert"),
        append_only("record_measureversion"),
        append_only("record_point"),
        append_only("record_limitdecision"),
        append_only("record_publishedpoint"),
        append_only("record_claim"),
        append_only("record_link"),
        migrations.RunSQL(DECIDE, migrations.RunSQL.noop),
    ]
