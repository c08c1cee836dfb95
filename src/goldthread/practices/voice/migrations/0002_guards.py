"""Access to voice's tables. A kept name is shown by the database to its owner alone."""

from django.db import migrations

from goldthread.journal.schema import IN_SCOPE, append_only, owned

KEPT = f"""
alter table voice_keptauthor enable row level security;
alter table voice_keptauthor force row level security;
create policy own_name on voice_keptauthor for all to goldthread_app
    using ({IN_SCOPE} and person_id = (select nullif(current_setting('goldthread.person', true), '')::uuid))
    with check ({IN_SCOPE} and person_id = (select nullif(current_setting('goldthread.person', true), '')::uuid));
create policy scope on voice_keptauthor for select to goldthread_jobs using ({IN_SCOPE});
create policy owner_may on voice_keptauthor for all to goldthread_owner using (true) with check (true);
grant select, insert on voice_keptauthor to goldthread_app;
grant select on voice_keptauthor to goldthread_jobs;
"""


class Migration(migrations.Migration):
    """Answers are append-only."""

    dependencies = [("voice", "0001_tables"), ("record", "0002_guards")]
    operations = [
        owned("voice_idea", app="select, insert, update"),
        owned("voice_support", app="select, insert, delete"),
        owned("voice_comment", app="select, insert"),
        owned("voice_answer", app="select, insert"),
        owned("voice_loopanswer", app="select, insert"),
        owned("voice_listeningevent", app="select, insert, update"),
        owned("voice_visit", app="select, insert, update"),
        append_only("voice_answer"),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
