"""Access to the organisation's tables, the tree's path, and periods that never overlap."""

from django.db import migrations

from goldthread.journal.schema import no_overlap, owned, shared

TREE = """
create function goldthread_unit_path() returns trigger language plpgsql as
$$
declare above integer[];
begin
  if new.parent_id is not null then
    select path into strict above from organisation_unit where id = new.parent_id;
    if new.key = any(above) then
      raise exception 'unit % cannot stand below itself', new.code using errcode = 'check_violation';
    end if;
  end if;
  new.path := coalesce(above, '{}') || new.key;
  return new;
end $$;
create trigger organisation_unit_path before insert or update of parent_id, key on organisation_unit
    for each row execute function goldthread_unit_path();

create function goldthread_unit_move() returns trigger language plpgsql as
$$ begin
  update organisation_unit set path = new.path || path[cardinality(old.path) + 1:]
    where path @> array[old.key] and key <> new.key;
  return null;
end $$;
create trigger organisation_unit_move after update of parent_id on organisation_unit
    for each row when (old.path is distinct from new.path) execute function goldthread_unit_move();

insert into organisation_organisation (id, code, name, kind) values (0, '', 'This installation', 'installation');

alter table organisation_postspell add constraint one_substantive_holder
    exclude using gist (int4range(post_key, post_key, '[]') with &&, period with &&) where (kind = 'substantive');

-- Headcounts and lists by unit are read for one organisation at a time.
create index person_unit on organisation_person (unit_id, organisation_id);

grant select, insert, update, delete on django_session to goldthread_app, goldthread_jobs;
grant select on django_content_type, auth_permission, auth_group, auth_group_permissions, django_migrations
    to goldthread_app, goldthread_jobs;
"""


class Migration(migrations.Migration):
    """The tree is public within an installation; people are not."""

    dependencies = [
        ("organisation", "0002_tables"),
        ("journal", "0003_guards"),
        ("sessions", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        shared("organisation_organisation"),
        shared("organisation_unit"),
        shared("organisation_unitplace"),
        shared("organisation_grouping"),
        shared("organisation_groupingmember"),
        shared("organisation_account", app="select, insert, update"),
        shared("organisation_membership", app="select, insert"),
        owned("organisation_person", app="select, insert, update", jobs="select, insert, update, delete"),
        owned("organisation_post", app="select, insert, update"),
        owned("organisation_postspell", app="select, insert, update"),
        owned("organisation_roleheld", app="select, insert, update"),
        no_overlap("organisation_unitplace", "unit_key"),
        no_overlap("organisation_groupingmember", "grouping_key", "unit_key"),
        migrations.RunSQL(TREE, migrations.RunSQL.noop),
    ]
