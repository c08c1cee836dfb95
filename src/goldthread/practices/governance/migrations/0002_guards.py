"""Access to governance's tables, and the order of their states."""

from django.db import migrations

from goldthread.journal.schema import append_only, owned

DRAFTS = """
create function goldthread_draft_is_open(of_draft uuid) returns boolean language plpgsql as
$$
declare d governance_draft;
begin
  select * into d from governance_draft where id = of_draft for share;
  return d.state in ('drafting', 'consulting')
    and not exists (select from record_decision where id = d.decision_id and state = 'open');
end $$;

create function goldthread_draft_order() returns trigger language plpgsql as
$$
declare waiting boolean := exists (select from governance_comment where draft_id = old.id and answered_at is null);
begin
  if old.state in ('adopted', 'withdrawn') then
    raise exception 'this draft is already %', old.state using errcode = 'object_not_in_prerequisite_state';
  end if;
  if waiting and (new.state = 'adopted' or (new.decision_id is distinct from old.decision_id and new.decision_id is not null)) then
    raise exception 'a comment has no answer yet' using errcode = 'restrict_violation';
  end if;
  if new.state = 'adopted' and not (old.state = 'consulting' and exists (
      select from record_decision where id = new.decision_id and state = 'decided' and outcome = 'adopted')) then
    raise exception 'a draft is adopted by a decision, after those it binds were asked' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger governance_draft_order before update on governance_draft for each row execute function goldthread_draft_order();

create function goldthread_version_is_next() returns trigger language plpgsql as
$$
begin
  if not goldthread_draft_is_open((select draft_id from governance_clause where id = new.clause_id)) then
    raise exception 'this draft cannot be changed now' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if new.number <> 1 + coalesce((select max(number) from governance_clauseversion where clause_id = new.clause_id), 0) then
    raise exception 'versions of a clause follow one another' using errcode = 'restrict_violation';
  end if;
  if new.from_comment_id is not null and not exists (
      select from governance_comment c join governance_clauseversion v on v.id = c.version_id
      where c.id = new.from_comment_id and v.clause_id = new.clause_id) then
    raise exception 'the comment is about another clause' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger governance_clauseversion_next before insert on governance_clauseversion
    for each row execute function goldthread_version_is_next();

create function goldthread_comment_stays() returns trigger language plpgsql as
$$
begin
  if tg_op = 'INSERT' then
    if not goldthread_draft_is_open(new.draft_id) then
      raise exception 'this draft takes no more comments' using errcode = 'object_not_in_prerequisite_state';
    end if;
    if new.draft_id <> (select c.draft_id from governance_clauseversion v join governance_clause c on c.id = v.clause_id
                        where v.id = new.version_id) then
      raise exception 'the clause is of another draft' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if old.answered_at is not null then
    raise exception 'this comment has its answer' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if (to_jsonb(new) - array['outcome', 'answer', 'answered_by_id', 'answered_at'])
     <> (to_jsonb(old) - array['outcome', 'answer', 'answered_by_id', 'answered_at']) then
    raise exception 'what was said stays as it was said' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger governance_comment_stays before insert or update on governance_comment
    for each row execute function goldthread_comment_stays();
"""

MEETINGS = """
create function goldthread_meeting_order() returns trigger language plpgsql as
$$
begin
  if old.state <> 'planned' then
    raise exception 'this meeting was %', old.state using errcode = 'object_not_in_prerequisite_state';
  end if;
  return new;
end $$;
create trigger governance_meeting_order before update on governance_meeting
    for each row execute function goldthread_meeting_order();

create function goldthread_agenda_order() returns trigger language plpgsql as
$$
declare m governance_meeting; item governance_agendaitem;
begin
  if tg_op = 'DELETE' then item := old; else item := new; end if;
  select * into m from governance_meeting where id = item.meeting_id for share;
  if tg_op = 'UPDATE' and m.state = 'held' and (to_jsonb(new) - 'note') = (to_jsonb(old) - 'note') then
    return new;
  end if;
  if m.state <> 'planned' then
    raise exception 'the agenda of a meeting that was % stays', m.state using errcode = 'object_not_in_prerequisite_state';
  end if;
  if tg_op = 'INSERT' and not exists (select from record_decision where id = new.decision_id and organisation_id = new.organisation_id) then
    raise exception 'no such decision' using errcode = 'no_data_found';
  end if;
  return item;
end $$;
create trigger governance_agendaitem_order before insert or update or delete on governance_agendaitem
    for each row execute function goldthread_agenda_order();
"""

INITIATIVES = """
create function goldthread_initiative_order() returns trigger language plpgsql as
$$
begin
  if old.state in ('verified', 'not_verified', 'dropped') then
    raise exception 'this initiative has ended (%)', old.state using errcode = 'object_not_in_prerequisite_state';
  end if;
  if new.state <> old.state and not (new.state = 'dropped' or (old.state, new.state) in
      (('proposed', 'chosen'), ('chosen', 'under_way'), ('under_way', 'verified'), ('under_way', 'not_verified'))) then
    raise exception 'an initiative is proposed, chosen, started, then looked at' using errcode = 'restrict_violation';
  end if;
  if old.started_on is not null and (new.started_on, new.verify_on) is distinct from (old.started_on, old.verify_on)
     or new.verify_on is distinct from new.started_on + 90 then
    raise exception 'an initiative is looked at ninety days after its start' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger governance_initiative_order before update on governance_initiative
    for each row execute function goldthread_initiative_order();
"""


class Migration(migrations.Migration):
    """Versions, briefs and estimates are append-only; a receiver's rows are written by functions alone (0003)."""

    dependencies = [("governance", "0001_tables"), ("record", "0004_rights_guards")]
    operations = [
        *[owned(f"governance_{table}", app="select, insert, update") for table in (
            "matter", "draft", "clause", "comment", "meeting", "initiative", "pledge")],
        owned("governance_agendaitem"),
        *[owned(f"governance_{table}", app="select, insert") for table in (
            "draftbinds", "clauseversion", "partnerbrief", "briefshared", "briefunderstood", "initiativepartner",
            "initiativeestimate", "publicpage")],
        *[owned(f"governance_{table}", app="select") for table in ("pledgereceived", "briefreceived")],
        *[append_only(f"governance_{table}") for table in (
            "clauseversion", "partnerbrief", "briefshared", "briefunderstood", "initiativeestimate", "publicpage")],
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (DRAFTS, MEETINGS, INITIATIVES)],
    ]  # fmt: skip
