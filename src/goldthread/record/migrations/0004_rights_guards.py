"""Access to schemes, hearings and rounds; who may decide now, whatever happened meanwhile; and deciding together."""

from django.db import migrations

from goldthread.journal.schema import append_only, definer, no_overlap, owned

# Who may take a decision now: in this order the person it was handed to, the holders of the right, whoever manages above them.
# A temporary right is over at its moment even if no sweeper runs; a unit that merged is read as what it became; who stepped back,
# left or is not seated any more does not count. An open decision has nobody only where an organisation has no managers at all.
DECIDERS = """
create function goldthread_today() returns date language sql stable as
$$ select (goldthread_now() at time zone coalesce(nullif(current_setting('goldthread.time_zone', true), ''), 'Europe/London'))::date $$;

create function goldthread_unit_now(unit_key integer) returns integer language plpgsql stable as
$$
declare at_unit organisation_unit; hops int := 0;
begin
  select * into at_unit from organisation_unit where key = unit_key;
  while at_unit.valid_to is not null and at_unit.valid_to <= goldthread_today() and hops < 12 loop
    hops := hops + 1;
    select * into at_unit from organisation_unit
      where id = coalesce(at_unit.successor_id, at_unit.parent_id) and organisation_id = at_unit.organisation_id;
    if not found then return unit_key; end if;
    unit_key := at_unit.key;
  end loop;
  return at_unit.key;
end $$;

create function goldthread_holders(at_unit integer, of_roles text[], except_for uuid[], in_organisation integer)
returns table (person uuid, acting_role text) language sql stable as
$$
  select h.person_id, h.role::text from organisation_roleheld h join organisation_person p on p.id = h.person_id
  where h.organisation_id = in_organisation and h.unit_id = at_unit and h.role = any(of_roles)
    and h.period @> goldthread_today() and (p.left_on is null or p.left_on > goldthread_today())
    and h.person_id <> all(except_for)
  order by array_position(of_roles, h.role::text), p.name
$$;

create function goldthread_deciders(for_decision uuid) returns table (person uuid, acting_role text, why text)
language plpgsql stable as
$$
declare
  d record_decision; aside uuid[]; the_role text; the_deputy text; the_unit int; the_body uuid; chain int[]; one int; n int;
begin
  select * into d from record_decision where id = for_decision;
  if not found then return; end if;
  select coalesce(array_agg(person_id), '{}') into aside from record_recusal where decision_id = for_decision;
  the_role := d.decider_role; the_deputy := d.deputy_role; the_unit := d.decider_unit_id; the_body := d.body_id;
  if d.authority_until is not null and d.authority_until <= goldthread_now() then
    the_role := d.returns_to ->> 'role'; the_deputy := d.returns_to ->> 'deputy';
    the_unit := (d.returns_to ->> 'unit')::int; the_body := (d.returns_to ->> 'body')::uuid;
  end if;
  the_unit := goldthread_unit_now(the_unit);
  return query select p.id, 'delegate'::text, 'handed'::text from organisation_person p
    where p.id = d.delegated_to_id and p.id <> all(aside) and (p.left_on is null or p.left_on > goldthread_today());
  if the_body is not null then
    return query select s.person_id, s.place::text, 'body'::text
      from record_bodyseat s join record_body b on b.id = s.body_id join organisation_person p on p.id = s.person_id
      where s.body_id = the_body and s.period @> goldthread_today() and s.place in ('chair', 'lead', 'deputy')
        and (b.ends_on is null or b.ends_on > goldthread_today()) and (p.left_on is null or p.left_on > goldthread_today())
        and s.person_id <> all(aside)
      order by array_position(array['chair', 'lead', 'deputy'], s.place::text);
    get diagnostics n = row_count;
    if n > 0 then return; end if;
    return query select s.person_id, s.place::text, 'body'::text
      from record_bodyseat s join record_body b on b.id = s.body_id join organisation_person p on p.id = s.person_id
      where s.body_id = the_body and s.period @> goldthread_today() and (b.ends_on is null or b.ends_on > goldthread_today())
        and (p.left_on is null or p.left_on > goldthread_today()) and s.person_id <> all(aside);
    get diagnostics n = row_count;
    if n > 0 then return; end if;
  else
    return query select h.person, h.acting_role, 'role'::text
      from goldthread_holders(the_unit, array[the_role, the_deputy], aside, d.organisation_id) h;
    get diagnostics n = row_count;
    if n > 0 then return; end if;
  end if;
  select path into chain from organisation_unit where key = the_unit;
  for i in reverse coalesce(array_length(chain, 1), 0) .. 1 loop
    one := chain[i];
    return query select h.person, h.acting_role, 'above'::text
      from goldthread_holders(one, array['unit_manager', 'deputy_manager'], aside, d.organisation_id) h;
    get diagnostics n = row_count;
    if n > 0 then return; end if;
  end loop;
  return query select h.person_id, h.role::text, 'last'::text from organisation_roleheld h join organisation_person p on p.id = h.person_id
    where h.organisation_id = d.organisation_id and h.period @> goldthread_today() and h.person_id <> all(aside)
      and h.role in ('executive', 'leader', 'administrator') and (p.left_on is null or p.left_on > goldthread_today())
    order by array_position(array['executive', 'leader', 'administrator'], h.role::text);
end $$;

create or replace function goldthread_may_decide(
    for_decision uuid, of_person uuid, out allowed boolean, out acting_role text, out decider text
) language plpgsql stable as
$$
declare d record_decision;
begin
  select * into d from record_decision where id = for_decision;
  if d.body_id is not null then
    decider := 'chair of ' || (select title from record_body where id = d.body_id);
  else
    decider := d.decider_role || ' of ' || coalesce((select name from organisation_unit where key = goldthread_unit_now(d.decider_unit_id)), '?');
  end if;
  select w.acting_role into acting_role from goldthread_deciders(for_decision) w where w.person = of_person limit 1;
  allowed := acting_role is not null;
end $$;
"""

# When temporary authority is over, so is its way of deciding, even before anything has asked again whose it is.
METHOD = """
create function goldthread_method_now(d record_decision) returns text language sql stable as
$$
  select case when d.authority_until <= goldthread_now() then coalesce(d.returns_to ->> 'method', d.method) else d.method end
$$;
"""

# What still has to happen before one person may decide: who must be heard was heard or had their time, and was answered.
MISSING = """
create function goldthread_still_missing(for_decision uuid) returns text language plpgsql stable as
$$
declare d record_decision; h record_hearing; names text;
begin
  select * into d from record_decision where id = for_decision;
  if d.method <> 'advice' and not exists (select from record_hearing where decision_id = for_decision) then return null; end if;
  select * into h from record_hearing where decision_id = for_decision;
  if h.id is null then
    if exists (select from record_party where decision_id = for_decision and must) then
      return 'hearing: nobody has been asked yet';
    end if;
    return null;
  end if;
  if h.closed_at is null and h.closes_at > goldthread_now() then
    select string_agg(p.label, ', ' order by p.label) into names from record_party p where p.decision_id = for_decision and p.must
      and not exists (select from record_submission s where s.party_id = p.id);
    if names is not null then return 'hearing: not heard yet: ' || names; end if;
  end if;
  select string_agg(p.label, ', ' order by p.label) into names from record_party p where p.decision_id = for_decision
    and p.basis = 'profession' and p.must and p.asked_of is distinct from 0 and not exists (select from record_submission s where s.party_id = p.id);
  if names is not null then return 'professions: still without a voice: ' || names; end if;
  if d.method = 'advice' and exists (select from record_submission where decision_id = for_decision and replied_at is null) then
    return 'replies: ' || (select count(*) from record_submission where decision_id = for_decision and replied_at is null)
      || ' of those heard have no answer yet';
  end if;
  return null;
end $$;
"""

DECIDE = """
create or replace function goldthread_decide(
    for_decision uuid, of_person uuid, with_outcome text, with_reason_code text, with_reason text, it_expects text,
    look_back date, decided_time timestamptz
) returns text language plpgsql as
$$
declare
  d record_decision; may record; missing text;
begin
  select * into d from record_decision where id = for_decision for update;
  if not found then
    raise exception 'no such decision' using errcode = 'no_data_found';
  end if;
  if d.state <> 'open' then
    raise exception '%', case d.state
        when 'decided' then format('already decided by %s at %s',
             coalesce((select name from organisation_person where id = d.decided_by_id), 'all who decide it together'),
             to_char(d.decided_at, 'HH24:MI on FMDD FMMonth YYYY'))
        else format('already %s', d.state) end
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  select * into may from goldthread_may_decide(for_decision, of_person);
  if not may.allowed then
    raise exception '%', may.decider using errcode = 'insufficient_privilege';
  end if;
  if goldthread_method_now(d) not in ('alone', 'advice') then
    raise exception '%', goldthread_method_now(d) using errcode = 'GT001';
  end if;
  missing := goldthread_still_missing(for_decision);
  if missing is not null then
    raise exception '%', missing using errcode = 'GT002';
  end if;
  update record_decision set state = 'decided', outcome = with_outcome, reason_code = with_reason_code, reason = with_reason,
      expects = it_expects, look_back_on = look_back, decided_by_id = of_person, decided_as = may.acting_role,
      decided_at = greatest(decided_time, d.opened_at)
    where id = for_decision;
  return may.acting_role;
end $$;
"""

# What a round has come to, read over the seats of all organisations. Seats of people who left or stepped back do not count.
ROUNDS = """
create function goldthread_active_seats(for_decision uuid) returns setof record_seat
language sql stable security definer set search_path = public, pg_temp as
$$
  select s.* from record_seat s join record_decision d on d.id = s.decision_id
    left join organisation_person p on p.id = s.person_id left join record_bodyseat b on b.id = s.body_seat_id
  where s.decision_id = for_decision and s.state = 'active' and s.step = d.ladder_step
    and (p.id is null or p.left_on is null or p.left_on > goldthread_today())
    and (b.id is null or b.period @> goldthread_today())
    and (s.person_id is null or not exists (select from record_recusal r where r.decision_id = for_decision and r.person_id = s.person_id))
$$;

create function goldthread_round_result(of_round uuid) returns text
language plpgsql stable security definer set search_path = public, pg_temp as
$$
declare
  r record_round; d record_decision; seats int; said int; agree int; object int; refuse int; keys int; yes int; no int; done boolean; need int;
begin
  -- Only those who sit at the table learn what it has come to, and nobody before it has.
  select * into r from record_round x where x.id = of_round and (x.organisation_id = current_setting('goldthread.organisation')::int
    or exists (select from record_seat s where s.decision_id = x.decision_id
               and s.organisation_id = current_setting('goldthread.organisation')::int));
  if not found then return null; end if;
  if r.result <> '' then return r.result; end if;
  if r.stage = 'clarify' then  -- nobody was asked for a position yet, so silence says nothing
    return case when r.closes_at <= goldthread_now() then 'silent' else 'open' end;
  end if;
  select * into d from record_decision where id = r.decision_id;
  select count(*) into seats from goldthread_active_seats(d.id);
  select count(*), count(*) filter (where p.said in ('consent', 'stand_aside')), count(*) filter (where p.said = 'object'),
         count(*) filter (where p.said = 'refuse'), count(distinct coalesce(p.by_id, p.seat_id)) filter (where p.said = 'sign'),
         count(*) filter (where p.said = 'for'), count(*) filter (where p.said = 'against')
    into said, agree, object, refuse, keys, yes, no
    from record_position p join goldthread_active_seats(d.id) s on s.id = p.seat_id
    where p.round_id = of_round and p.withdrawn_at is null;
  done := r.closes_at <= goldthread_now() or (said = seats and seats > 0);
  if d.method = 'two-key' then
    return case when refuse > 0 then 'lost' when keys >= 2 then 'carried' when done then 'silent' else 'open' end;
  elsif d.method = 'majority' then
    if not done then return 'open'; end if;
    if d.secret_ballot then
      select count(*) filter (where choice = 'for'), count(*) filter (where choice = 'against') into yes, no
        from (select choice from record_ballotpaper where round_id = of_round
              union all select choice from record_ballot where round_id = of_round) b;
    end if;
    need := coalesce(d.quorum, seats / 2 + 1);
    return case when seats = 0 or said < need then 'inquorate' when yes > no then 'carried' else 'lost' end;
  else
    if not done then return 'open'; end if;
    if object > 0 then return 'objected'; end if;
    if agree = seats and seats > 0 then return 'carried'; end if;
    if d.method = 'consent' and agree > 0 and said < seats then
      return case d.silence when 'consents' then 'carried'
        when 'lapses' then case when agree >= coalesce(d.quorum, seats / 2 + 1) then 'carried' else 'inquorate' end
        else 'silent' end;
    end if;
    if d.method = 'consent' and d.silence = 'consents' and seats > 0 then return 'carried'; end if;
    return 'silent';
  end if;
end $$;

-- The taking of a decision by many: the decision's row is locked, the round is read again, and there is exactly one outcome.
create function goldthread_carry(of_round uuid, decided_time timestamptz) returns text language plpgsql as
$$
declare r record_round; d record_decision; verdict text; signer uuid;
begin
  select * into r from record_round where id = of_round;
  if not found then raise exception 'no such round' using errcode = 'no_data_found'; end if;
  select * into d from record_decision where id = r.decision_id for update;
  select * into r from record_round where id = of_round for update;
  if d.state <> 'open' or r.stage = 'closed' then return 'ended'; end if;
  verdict := goldthread_round_result(of_round);
  if verdict = 'open' then return 'open'; end if;
  if verdict = 'carried' then
    if d.secret_ballot and d.method = 'majority' then perform goldthread_empty_ballot_box(of_round); end if;
    update record_decision set state = 'decided', outcome = r.outcome, reason = r.reason, expects = r.expects,
        look_back_on = r.look_back_on, decided_as = 'carried', decided_at = greatest(decided_time, d.opened_at)
      where id = d.id;
  elsif d.secret_ballot and d.method = 'majority' then
    perform goldthread_empty_ballot_box(of_round);
  end if;
  update record_round set stage = 'closed', closed_at = greatest(decided_time, r.opened_at), result = verdict where id = of_round;
  return verdict;
end $$;

-- A vote goes into the box without any path to who cast it; taking part is a position that says only "voted". When the round closes
-- the box is emptied in one transaction and in random order, so that neither order nor transaction tells them apart.
create function goldthread_cast(of_round uuid, with_choice text) returns void
language plpgsql security definer set search_path = public, pg_temp as
$$
declare r record_round;
begin
  select * into r from record_round where id = of_round;
  if r.organisation_id <> current_setting('goldthread.organisation')::int then
    raise exception 'no such round' using errcode = 'no_data_found';
  end if;
  if with_choice not in ('for', 'against', 'abstain') then
    raise exception 'choose for, against or abstain' using errcode = 'check_violation';
  end if;
  if (select count(*) from record_position where round_id = of_round and said = 'voted')
     <= (select count(*) from record_ballotpaper where round_id = of_round) then
    raise exception 'one vote for each who takes part' using errcode = 'restrict_violation';
  end if;
  insert into record_ballotpaper (id, organisation_id, round_id, choice) values (gen_random_uuid(), r.organisation_id, of_round, with_choice);
end $$;

create function goldthread_empty_ballot_box(of_round uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as
$$
begin
  if goldthread_round_result(of_round) = 'open' then
    raise exception 'the box stays shut until the round closes' using errcode = 'restrict_violation';
  end if;
  insert into record_ballot (id, organisation_id, round_id, choice)
    select gen_random_uuid(), organisation_id, round_id, choice from record_ballotpaper where round_id = of_round order by random();
  delete from record_ballotpaper where round_id = of_round;
end $$;

-- A secret round that ends because the question went elsewhere is never counted: its papers are burnt with it.
create function goldthread_burn_papers() returns trigger
language plpgsql security definer set search_path = public, pg_temp as
$$ begin
  delete from record_ballotpaper where round_id = new.id;
  return null;
end $$;
create trigger record_round_burns_papers after update of result on record_round
    for each row when (new.result = 'recast') execute function goldthread_burn_papers();

-- Seats of other organisations, as those who sit at the same table may see them. Who has voted in secret is seen after the close.
create function goldthread_table(for_decision uuid) returns table (
    seat_id uuid, organisation_id integer, organisation text, label text, role text, state text, step integer, active boolean,
    round_id uuid, said text, reason text, at timestamptz, integrated text
) language plpgsql stable security definer set search_path = public, pg_temp as
$$
declare mine int := current_setting('goldthread.organisation')::int; secret boolean;
begin
  select d.secret_ballot into secret from record_decision d where d.id = for_decision and (d.organisation_id = mine
    or exists (select from record_seat s where s.decision_id = for_decision and s.organisation_id = mine));
  if not found then return; end if;
  return query
    select s.id, s.organisation_id, o.name::text, s.label::text, s.role::text, s.state::text, s.step,
           s.id in (select a.id from goldthread_active_seats(for_decision) a), p.round_id,
           case when secret then null else p.said::text end, case when secret then null else p.reason end, p.at, i.how
    from record_seat s join organisation_organisation o on o.id = s.organisation_id
      left join record_position p on p.seat_id = s.id and p.withdrawn_at is null and (not secret
        or p.by_id::text = current_setting('goldthread.person', true)
        or exists (select from record_round r where r.id = p.round_id and r.stage = 'closed'))
      left join record_integration i on i.position_id = p.id
    where s.decision_id = for_decision order by s.step, o.name, s.label, p.at;
end $$;

create function goldthread_shared_decision(for_decision uuid) returns table (
    id uuid, organisation_id integer, organisation text, practice text, kind text, question text, context text, method text, state text,
    outcome text, reason text, opened_at timestamptz, due_at timestamptz, decided_at timestamptz, ladder_step integer, rule text, clause text,
    attributes jsonb, round_id uuid, round_number integer, round_outcome text, round_text text, round_reason text, round_stage text,
    round_closes_at timestamptz
) language plpgsql stable security definer set search_path = public, pg_temp as
$$
declare mine int := current_setting('goldthread.organisation')::int;
begin
  return query
    select d.id, d.organisation_id, o.name::text, d.practice::text, d.kind::text, d.question::text, d.context, d.method::text, d.state::text,
           d.outcome::text, d.reason, d.opened_at, d.due_at, d.decided_at, d.ladder_step, d.rule::text, d.clause::text,
           d.attributes, r.id, r.number, r.outcome::text, r.text, r.reason, r.stage::text, r.closes_at
    from record_decision d join organisation_organisation o on o.id = d.organisation_id
      left join lateral (select * from record_round x where x.decision_id = d.id order by x.number desc limit 1) r on true
    where d.id = for_decision
      and exists (select from record_seat s where s.decision_id = for_decision and s.organisation_id = mine);
end $$;
"""

FINAL = """
create or replace function goldthread_decision_is_final() returns trigger language plpgsql as
$$
declare may record; missing text;
begin
  if old.state = 'decided' and new.state = 'decided' and old.happened_at is null and new.happened_at is not null
     and (to_jsonb(new) - array['happened', 'happened_at', 'happened_by_id', 'happened_verdict'])
       = (to_jsonb(old) - array['happened', 'happened_at', 'happened_by_id', 'happened_verdict']) then
    return new;  -- the look-back sets what happened beside what was expected, once
  end if;
  if old.state <> 'open' then
    raise exception 'this decision has ended (%); a new decision supersedes it', old.state
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  if new.state = 'decided' then
    if new.decided_as = 'silence' then
      if old.silence <> 'consents' or old.due_at > goldthread_now() then
        raise exception 'silence is no answer here' using errcode = 'insufficient_privilege';
      end if;
    elsif new.decided_as = 'carried' then
      if not exists (select from record_round r where r.decision_id = old.id and r.stage <> 'closed' and r.outcome = new.outcome
                     and goldthread_round_result(r.id) = 'carried') then
        raise exception 'no round carries this' using errcode = 'insufficient_privilege';
      end if;
    else
      if goldthread_method_now(old) not in ('alone', 'advice') then
        raise exception 'this is decided together' using errcode = 'insufficient_privilege';
      end if;
      select * into may from goldthread_may_decide(old.id, new.decided_by_id);
      if not may.allowed then
        raise exception '%', may.decider using errcode = 'insufficient_privilege';
      end if;
      missing := goldthread_still_missing(old.id);
      if missing is not null then
        raise exception '%', missing using errcode = 'insufficient_privilege';
      end if;
    end if;
  end if;
  if new.unit_id <> old.unit_id or new.question <> old.question or new.opened_at <> old.opened_at
     or new.about_id <> old.about_id or new.organisation_id <> old.organisation_id or new.scheme_version <> old.scheme_version
     or new.scheme_id is distinct from old.scheme_id or new.context <> old.context then
    raise exception 'the question of a decision cannot be changed once it is open' using errcode = 'restrict_violation';
  end if;
  if (new.rule <> old.rule or new.attributes <> old.attributes) and not exists (
      select from record_reevaluation e where e.decision_id = old.id and e.after ->> 'rule' = new.rule
        and e.after -> 'attributes' = new.attributes) then
    raise exception 'the facts of an open decision change only with a record of both' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- What people said, sealed and put stays as it was.
create function goldthread_said_once() returns trigger language plpgsql as
$$ begin
  if (to_jsonb(new) - tg_argv) <> (to_jsonb(old) - tg_argv) then
    raise exception 'what was said stays as it was said' using errcode = 'restrict_violation';
  end if;
  if old.replied_at is not null then
    raise exception 'this has been answered already' using errcode = 'object_not_in_prerequisite_state';
  end if;
  return new;
end $$;
create trigger record_submission_stays before update on record_submission
    for each row execute function goldthread_said_once('reply', 'replied_by_id', 'replied_at');

create function goldthread_seal_opens_once() returns trigger language plpgsql as
$$ begin
  if old.opened_at is not null then
    raise exception 'this view has been opened' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if (to_jsonb(new) - array['opened_at', 'effect']) <> (to_jsonb(old) - array['opened_at', 'effect']) then
    raise exception 'a sealed view cannot be changed' using errcode = 'restrict_violation';
  end if;
  if exists (select from record_decision where id = old.decision_id and state = 'open') then
    raise exception 'only deciding opens a sealed view' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger record_sealedview_opens_once before update on record_sealedview
    for each row execute function goldthread_seal_opens_once();

create function goldthread_seal_before_hearing() returns trigger language plpgsql as
$$ begin
  if exists (select from record_hearing where decision_id = new.decision_id) then
    raise exception 'a view is sealed before anybody is heard' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger record_sealedview_first before insert on record_sealedview
    for each row execute function goldthread_seal_before_hearing();

create function goldthread_text_is_frozen() returns trigger language plpgsql as
$$ begin
  if old.stage = 'closed' or (to_jsonb(new) - array['stage', 'closed_at', 'result', 'closes_at']) <> (to_jsonb(old) - array['stage', 'closed_at', 'result', 'closes_at'])
     or new.closes_at < old.closes_at then
    raise exception 'the text of a round is frozen; put a new round' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger record_round_frozen before update on record_round for each row execute function goldthread_text_is_frozen();

create function goldthread_position_stays() returns trigger language plpgsql as
$$ begin
  if old.withdrawn_at is not null or (to_jsonb(new) - 'withdrawn_at') <> (to_jsonb(old) - 'withdrawn_at') then
    raise exception 'a position is not rewritten; withdraw it and take another' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger record_position_stays before update on record_position for each row execute function goldthread_position_stays();

create function goldthread_term_only_ends() returns trigger language plpgsql as
$$ begin
  if (to_jsonb(new) - 'period') <> (to_jsonb(old) - 'period') or lower(new.period) <> lower(old.period)
     or (upper(new.period) is null and upper(old.period) is not null) or upper(new.period) > upper(old.period) then
    raise exception 'a term in force can only be ended' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger record_schemeterm_only_ends before update on record_schemeterm
    for each row execute function goldthread_term_only_ends();

-- Authority given for a time is never lengthened: going on is a new decision.
create function goldthread_authority_only_ends() returns trigger language plpgsql as
$$ begin
  if old.ended_at is not null or (to_jsonb(new) - 'ended_at') <> (to_jsonb(old) - 'ended_at') then
    raise exception 'authority given for a time can only be ended; going on needs a new decision' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger record_mode_only_ends before update on record_mode for each row execute function goldthread_authority_only_ends();
create trigger record_delegation_only_ends before update on record_delegation
    for each row execute function goldthread_authority_only_ends();

-- At most one mode of a kind at a unit at a time.
alter table record_mode add constraint record_mode_no_overlap
    exclude using gist (int4range(unit_id, unit_id, '[]') with &&, tstzrange(starts_at, coalesce(ended_at, ends_at)) with &&);
"""

OF_THE_DEFINER = ("record_decision", "record_seat", "record_position", "record_round", "record_bodyseat", "record_recusal",
                  "record_integration", "record_ballotpaper", "record_ballot", "organisation_person")  # fmt: skip
DEFINER_READS = "".join(
    f"create policy together on {table} for {'all' if 'ballot' in table else 'select'} to goldthread_definer using (true);"
    f"grant {'select, insert, delete' if 'ballot' in table else 'select'} on {table} to goldthread_definer;"
    for table in OF_THE_DEFINER
)
STRUCTURE = "grant select on organisation_unit, organisation_organisation to goldthread_definer;"


class Migration(migrations.Migration):
    """What was said, sealed, put or voted is never rewritten; terms of one body never overlap."""

    dependencies = [("record", "0003_rights_tables"), ("organisation", "0004_loading")]
    operations = [
        *[owned(f"record_{table}", app="select, insert, update") for table in (
            "partner", "body", "bodyseat", "schemeterm", "earnedlimit", "delegation", "mode", "hearing", "party", "submission",
            "sealedview", "round", "seat", "position", "clarification")],
        *[owned(f"record_{table}", app="select, insert") for table in ("scheme", "integration", "recusal", "reevaluation", "limitproposal")],
        # Votes are written and emptied by functions of the definer role alone; everybody else may read the emptied box.
        owned("record_ballot", app="select"),
        owned("record_ballotpaper", app="references"),
        append_only("record_scheme"),
        append_only("record_integration"),
        append_only("record_recusal"),
        append_only("record_reevaluation"),
        append_only("record_ballot"),
        no_overlap("record_schemeterm", "unit_id"),
        migrations.RunSQL(DEFINER_READS + STRUCTURE, migrations.RunSQL.noop),
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (DECIDERS, METHOD, MISSING, DECIDE, ROUNDS, FINAL)],
        *[definer(f"goldthread_{signature}") for signature in (
            "active_seats(uuid)", "round_result(uuid)", "cast(uuid, text)", "empty_ballot_box(uuid)", "table(uuid)",
            "shared_decision(uuid)")],
        # Triggers and functions of the definer role alone ask for these.
        definer("goldthread_burn_papers()"),
        migrations.RunSQL(
            "revoke execute on function goldthread_active_seats(uuid) from goldthread_app, goldthread_jobs;"
            "revoke execute on function goldthread_burn_papers() from goldthread_app, goldthread_jobs",
            migrations.RunSQL.noop,
        ),
    ]  # fmt: skip
