"""What crosses organisations: functions that lock, check and write both sides, and guards against writing one side alone."""

from django.db import migrations

from goldthread.journal.schema import definer

# What crosses organisations is written by the functions below alone: the application may not write it for itself.
ACROSS = """
create function goldthread_by_function_only() returns trigger language plpgsql as
$$
begin
  if current_user in ('goldthread_app', 'goldthread_jobs') and to_jsonb(new) ->> tg_argv[0] is not null then
    raise exception 'what crosses organisations is written on both sides at once' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger governance_briefshared_across before insert on governance_briefshared
    for each row execute function goldthread_by_function_only('to_organisation_id');
create trigger governance_briefunderstood_across before insert on governance_briefunderstood
    for each row execute function goldthread_by_function_only('by_organisation_id');

create function goldthread_pledge_order() returns trigger language plpgsql as
$$
declare changing text[] := array['state', 'kept_on', 'ended_note', 'confirmed', 'confirmed_at', 'confirmed_as', 'confirmed_note'];
begin
  if (to_jsonb(new) - (changing || 'public'::text)) <> (to_jsonb(old) - (changing || 'public'::text)) then
    raise exception 'a promise is not rewritten; withdraw it and make another' using errcode = 'restrict_violation';
  end if;
  if (to_jsonb(new) - 'public') = (to_jsonb(old) - 'public') then return new; end if;
  if current_user in ('goldthread_app', 'goldthread_jobs') and old.to_organisation_id is not null then
    raise exception 'what crosses organisations is written on both sides at once' using errcode = 'insufficient_privilege';
  end if;
  if old.confirmed is not null or old.state in ('not_kept', 'withdrawn')
     or (old.state = 'kept' and new.confirmed is null) then
    raise exception 'this promise has ended (%)', old.state using errcode = 'object_not_in_prerequisite_state';
  end if;
  return new;
end $$;
create trigger governance_pledge_order before update on governance_pledge
    for each row execute function goldthread_pledge_order();

create policy together on governance_pledge for all to goldthread_definer using (true) with check (true);
create policy together on governance_pledgereceived for all to goldthread_definer using (true) with check (true);
create policy together on governance_partnerbrief for select to goldthread_definer using (true);
create policy together on governance_briefshared for all to goldthread_definer using (true) with check (true);
create policy together on governance_briefreceived for all to goldthread_definer using (true) with check (true);
create policy together on governance_briefunderstood for all to goldthread_definer using (true) with check (true);
grant select, update on governance_pledge to goldthread_definer;
grant select, insert, update on governance_pledgereceived, governance_briefreceived to goldthread_definer;
grant select on governance_partnerbrief to goldthread_definer;
grant select, insert on governance_briefshared, governance_briefunderstood to goldthread_definer;
"""

PLEDGES = """
create function goldthread_pledge_send(of_pledge uuid, sent_at timestamptz) returns uuid
language plpgsql security definer set search_path = public, pg_temp as
$$
declare p governance_pledge; made uuid;
begin
  select * into p from governance_pledge where id = of_pledge for update;
  if not found or p.organisation_id <> current_setting('goldthread.organisation')::int or p.to_organisation_id is null then
    raise exception 'no such promise' using errcode = 'no_data_found';
  end if;
  if p.state <> 'promised' or exists (select from governance_pledgereceived where pledge_id = p.id) then
    raise exception 'sent already' using errcode = 'object_not_in_prerequisite_state';
  end if;
  insert into governance_pledgereceived (organisation_id, pledge_id, from_organisation_id, text, due_on, received_at)
    values (p.to_organisation_id, p.id, p.organisation_id, p.text, p.due_on, sent_at) returning id into made;
  return made;
end $$;

-- The promiser says how it ended: kept, not kept or withdrawn. Returns the receiver's row.
create function goldthread_pledge_kept(of_pledge uuid, new_state text, day date, with_note text) returns uuid
language plpgsql security definer set search_path = public, pg_temp as
$$
declare p governance_pledge; theirs uuid;
begin
  select * into p from governance_pledge where id = of_pledge for update;
  if not found or p.organisation_id <> current_setting('goldthread.organisation')::int or p.to_organisation_id is null then
    raise exception 'no such promise' using errcode = 'no_data_found';
  end if;
  if p.state <> 'promised' then
    raise exception '%', p.state using errcode = 'object_not_in_prerequisite_state';
  end if;
  if new_state not in ('kept', 'not_kept', 'withdrawn') then
    raise exception 'no such end of a promise' using errcode = 'check_violation';
  end if;
  update governance_pledge set state = new_state, kept_on = case new_state when 'kept' then day end, ended_note = with_note
    where id = p.id;
  update governance_pledgereceived set state = new_state, kept_on = case new_state when 'kept' then day end, said = with_note
    where pledge_id = p.id returning id into theirs;
  return theirs;
end $$;

-- The receiver says whether it was really so; nobody else can. Returns the promiser's row.
create function goldthread_pledge_confirm(of_received uuid, was_kept boolean, of_person uuid, day date, with_note text, said_at timestamptz)
returns uuid language plpgsql security definer set search_path = public, pg_temp as
$$
declare r governance_pledgereceived; p governance_pledge; mine int := current_setting('goldthread.organisation')::int;
  now_state text := case when was_kept then 'kept' else 'not_kept' end;
begin
  select * into r from governance_pledgereceived where id = of_received;
  if not found or r.organisation_id <> mine then
    raise exception 'no such promise' using errcode = 'no_data_found';
  end if;
  if not exists (select from organisation_person where id = of_person and organisation_id = mine) then
    raise exception 'the receiver confirms' using errcode = 'insufficient_privilege';
  end if;
  select * into p from governance_pledge where id = r.pledge_id for update;
  if p.confirmed is not null or p.state in ('not_kept', 'withdrawn') then
    raise exception '%', case when p.confirmed then 'confirmed' else p.state end using errcode = 'object_not_in_prerequisite_state';
  end if;
  update governance_pledge set state = now_state, kept_on = case when was_kept then coalesce(kept_on, day) end, confirmed = was_kept,
      confirmed_at = said_at, confirmed_as = 'organisation', confirmed_note = with_note
    where id = p.id returning * into p;
  update governance_pledgereceived set state = p.state, kept_on = p.kept_on, confirmed = was_kept, confirmed_at = said_at,
      confirmed_by_id = of_person, note = with_note
    where id = r.id;
  return p.id;
end $$;
"""

BRIEFS = """
create function goldthread_brief_share(of_brief uuid, with_organisation integer, shared_at timestamptz) returns uuid
language plpgsql security definer set search_path = public, pg_temp as
$$
declare b governance_partnerbrief; mine int := current_setting('goldthread.organisation')::int; made uuid;
begin
  select * into b from governance_partnerbrief where id = of_brief;
  if not found or b.organisation_id <> mine or b.partner_id is not null then
    raise exception 'no such brief' using errcode = 'no_data_found';
  end if;
  if with_organisation = mine or exists (select from governance_briefshared where brief_id = b.id and to_organisation_id = with_organisation) then
    raise exception 'shared' using errcode = 'object_not_in_prerequisite_state';
  end if;
  insert into governance_briefshared (organisation_id, brief_id, to_organisation_id, at) values (mine, b.id, with_organisation, shared_at);
  insert into governance_briefreceived (organisation_id, brief_id, from_organisation_id, number, aims, limits, incentives, received_at)
    values (with_organisation, b.id, mine, b.number, b.aims, b.limits, b.incentives, shared_at) returning id into made;
  return made;
end $$;

create function goldthread_brief_understood(of_received uuid, of_person uuid, words text, said_at timestamptz) returns uuid
language plpgsql security definer set search_path = public, pg_temp as
$$
declare r governance_briefreceived; mine int := current_setting('goldthread.organisation')::int; made uuid; owner int;
begin
  select * into r from governance_briefreceived where id = of_received for update;
  if not found or r.organisation_id <> mine then
    raise exception 'no such brief' using errcode = 'no_data_found';
  end if;
  if not exists (select from organisation_person where id = of_person and organisation_id = mine) then
    raise exception 'the receiver says it back' using errcode = 'insufficient_privilege';
  end if;
  if r.understood_at is not null then
    raise exception 'understood' using errcode = 'object_not_in_prerequisite_state';
  end if;
  select organisation_id into owner from governance_partnerbrief where id = r.brief_id;
  update governance_briefreceived set in_own_words = words, understood_by_id = of_person, understood_at = said_at where id = r.id;
  insert into governance_briefunderstood (organisation_id, brief_id, by_organisation_id, in_own_words, at)
    values (owner, r.brief_id, mine, words, said_at) returning id into made;
  return made;
end $$;
"""


class Migration(migrations.Migration):
    """Promises and briefs between organisations."""

    dependencies = [("governance", "0002_guards")]
    operations = [
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (ACROSS, PLEDGES, BRIEFS)],
        *[definer(f"goldthread_{signature}") for signature in (
            "pledge_send(uuid, timestamptz)", "pledge_kept(uuid, text, date, text)",
            "pledge_confirm(uuid, boolean, uuid, date, text, timestamptz)", "brief_share(uuid, integer, timestamptz)",
            "brief_understood(uuid, uuid, text, timestamptz)")],
    ]  # fmt: skip
