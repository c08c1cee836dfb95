"""Access to the tables of crisis, the order of states, and the one share that others learn of private check-ins."""

from django.db import migrations

from goldthread.journal.schema import IN_SCOPE, append_only, definer, owned

OWN = f"{IN_SCOPE} and person_id = (select nullif(current_setting('goldthread.person', true), '')::uuid)"

# Who was offered a check-in is written by jobs or by that person; who had one is seen by nobody else.
CHECK_INS = f"""
alter table crisis_checkin enable row level security;
alter table crisis_checkin force row level security;
create policy own_check_in on crisis_checkin for all to goldthread_app using ({OWN}) with check ({OWN});
create policy offered on crisis_checkin for all to goldthread_jobs using ({IN_SCOPE}) with check ({IN_SCOPE});
create policy owner_may on crisis_checkin for all to goldthread_owner using (true) with check (true);
create policy together on crisis_checkin for select to goldthread_definer using (true);
grant select, insert on crisis_checkin to goldthread_app, goldthread_jobs;
grant update (held_on, declined) on crisis_checkin to goldthread_app;
grant select on crisis_checkin to goldthread_definer;
create policy together on crisis_area for select to goldthread_definer using (true);
create policy together on crisis_areaday for select to goldthread_definer using (true);
grant select on crisis_area, crisis_areaday to goldthread_definer;
grant select on organisation_unit to goldthread_definer;
"""

# Fourteen days that end on a Monday: asking again tomorrow, or about one person more, tells nothing new. Under eleven people there
# is no answer, whatever floor is asked for; a higher one is kept.
COVERAGE = """
create function goldthread_check_in_coverage(at_unit integer, on_day date, floor_of integer, out had integer, out worked integer)
language plpgsql stable security definer set search_path = public, pg_temp as
$$
declare mine int := current_setting('goldthread.organisation')::int; last date := date_trunc('week', on_day)::date;
begin
  with there as (
    select distinct d.person_id from crisis_areaday d join crisis_area a on a.id = d.area_id
      join organisation_unit u on u.key = a.unit_id
    where d.organisation_id = mine and u.organisation_id = mine and u.path @> array[at_unit]
      and d.day >= last - 14 and d.day < last
  )
  select count(*), count(*) filter (where exists (
      select from crisis_checkin c where c.organisation_id = mine and c.person_id = t.person_id
        and c.held_on >= last - 14 and c.held_on < last))
    into worked, had from there t;
  if worked < greatest(floor_of, 11) then had := null; worked := null; end if;
end $$;
"""

ORDER = """
alter table crisis_declaration add constraint crisis_declaration_no_overlap
    exclude using gist (int4range(unit_id, unit_id, '[]') with &&, tstzrange(starts_at, ends_at) with &&)
    where (state in ('proposed', 'in_force'));

create function goldthread_declaration_order() returns trigger language plpgsql as
$$
declare free text[] := array['state', 'starts_at', 'decision_id', 'record_mode_id', 'ended_at', 'ended_early_because',
                             'look_back_id', 'look_back_outcome'];
begin
  if (to_jsonb(new) - free) <> (to_jsonb(old) - free) then
    raise exception 'a declaration is not altered; extending it is a declaration of its own' using errcode = 'restrict_violation';
  end if;
  if new.starts_at <> old.starts_at and not (old.state = 'proposed' and new.state = 'in_force' and new.starts_at > old.starts_at) then
    raise exception 'it starts when it was decided, or later' using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and (old.state, new.state) not in (('proposed', 'in_force'), ('proposed', 'refused'),
      ('proposed', 'withdrawn'), ('in_force', 'ended')) then
    raise exception 'a declaration that is % cannot become %', old.state, new.state using errcode = 'object_not_in_prerequisite_state';
  end if;
  if new.state = 'in_force' and old.state = 'proposed' and not exists (select from record_decision d
      where d.id = new.decision_id and d.state = 'decided' and d.outcome in ('declare', 'extend')) then
    raise exception 'nobody has decided this' using errcode = 'insufficient_privilege';
  end if;
  if old.look_back_outcome <> '' and new.look_back_outcome <> old.look_back_outcome then
    raise exception 'this has been looked back on' using errcode = 'object_not_in_prerequisite_state';
  end if;
  return new;
end $$;
create trigger crisis_declaration_order before update on crisis_declaration
    for each row execute function goldthread_declaration_order();

create function goldthread_reconfiguration_order() returns trigger language plpgsql as
$$
begin
  if (new.unit_id, new.title, new.need, new.need_on, new.raised_on, new.raised_by_id)
     <> (old.unit_id, old.title, old.need, old.need_on, old.raised_on, old.raised_by_id)
     or (old.decided_on is not null and new.decided_on is distinct from old.decided_on)
     or (old.live_on is not null and new.live_on is distinct from old.live_on)
     or (old.sustained_on is not null and new.sustained_on is distinct from old.sustained_on)
     or (old.abandoned_on is not null and to_jsonb(new) <> to_jsonb(old)) then
    raise exception 'a date that was given stays as it was given' using errcode = 'restrict_violation';
  end if;
  if old.late_entry and not new.late_entry then
    raise exception 'a date that was entered late stays marked' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger crisis_reconfiguration_order before update on crisis_reconfiguration
    for each row execute function goldthread_reconfiguration_order();

create function goldthread_team_only_ends() returns trigger language plpgsql as
$$
begin
  if old.stood_down_at is not null
     or (to_jsonb(new) - array['stood_down_at', 'stood_down_because']) <> (to_jsonb(old) - array['stood_down_at', 'stood_down_because']) then
    raise exception 'a team is stood down; another is formed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger crisis_team_only_ends before update on crisis_team for each row execute function goldthread_team_only_ends();

create function goldthread_check_in_answered_once() returns trigger language plpgsql as
$$
begin
  if old.held_on is not null or old.declined then
    raise exception 'this check-in has been answered' using errcode = 'object_not_in_prerequisite_state';
  end if;
  return new;
end $$;
create trigger crisis_checkin_answered_once before update on crisis_checkin
    for each row execute function goldthread_check_in_answered_once();
"""


class Migration(migrations.Migration):
    """Levels, updates, who read them and ethics requests are append-only."""

    dependencies = [("crisis", "0001_tables"), ("record", "0004_rights_guards")]
    operations = [
        *[owned(f"crisis_{table}", app="select, insert, update") for table in (
            "declaration", "team", "reconfiguration", "area")],
        *[owned(f"crisis_{table}", app="select, insert") for table in (
            "incidentlevel", "situationupdate", "updateread", "ethicsrequest")],
        owned("crisis_areaday", app="select, insert, delete"),
        append_only("crisis_incidentlevel"),
        append_only("crisis_situationupdate"),
        append_only("crisis_updateread"),
        append_only("crisis_ethicsrequest"),
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (CHECK_INS, COVERAGE, ORDER)],
        definer("goldthread_check_in_coverage(integer, date, integer)"),
    ]  # fmt: skip
