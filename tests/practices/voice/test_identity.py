"""Anonymous means anonymous; a kept name is kept."""

from django.db import connection

from goldthread.journal import scope
from goldthread.journal.models import Event
from goldthread.practices.voice import actions, queries
from goldthread.practices.voice.codes import read_code
from goldthread.practices.voice.models import Idea, KeptAuthor
from goldthread.record.models import Clock, Link, Notice
from goldthread.record.queries.thread import thread
from goldthread.record.refs import Ref


def rows_with(text):
    """Every column of every row of voice, record and journal that the application can read, searched for a text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.tables where table_schema = 'public' and (table_name like 'voice%' "
            "or table_name like 'record%' or table_name like 'journal_event') "
            "and has_table_privilege(quote_ident(table_name), 'select')"
        )
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'select count(*) from "{table}" t where t::text like %s', [f"%{text}%"])
            found += [table] * cursor.fetchone()[0]
        return found


def test_an_anonymous_idea_tells_neither_who_nor_when(small_system, at):
    viewer = small_system.viewer(small_system.nurse)
    raised = actions.raise_idea(
        by=viewer, at=at, unit=small_system.ward7, text="Shouting at night", identity="anonymous"
    )
    idea = Idea.objects.get(id=raised.idea.id)
    assert (idea.author_id, idea.raised_at, idea.staff_group) == (None, None, "")
    assert rows_with(str(small_system.nurse.id)) == []
    events = Event.objects.filter(organisation_id=small_system.trust.id)
    assert events.exists()
    assert all((one.actor_kind, one.actor_id, one.at) == ("anonymous", None, None) for one in events)
    ids = [idea.id, idea.decision_id, *Clock.objects.values_list("id", flat=True), *Link.objects.values_list("id", flat=True),
           *Notice.objects.values_list("id", flat=True), *events.values_list("id", flat=True)]  # fmt: skip
    assert {one.version for one in ids} == {4}  # version 7 would tell the time
    assert idea.decision.opened_at.astimezone().minute == 0
    assert rows_with("09:00:00") == []


def test_the_code_leads_back_to_the_answer_and_is_stored_nowhere(small_system, at):
    viewer = small_system.viewer(small_system.nurse)
    raised = actions.raise_idea(
        by=viewer, at=at, unit=small_system.ward7, text="Shouting at night", identity="anonymous"
    )
    assert rows_with(raised.code) == []
    organisation_id, code_hash = read_code(f"  {raised.code.lower()} ")
    assert organisation_id == small_system.trust.id
    assert queries.idea_by_code(viewer=viewer, code_hash=code_hash).id == raised.idea.id
    assert read_code("12-OOOO") is None


def test_a_manager_cannot_read_a_kept_name_by_any_query(small_system, at):
    nurse = small_system.viewer(small_system.nurse)
    idea = actions.raise_idea(
        by=nurse, at=at, unit=small_system.ward7, text="Visiting from eleven", identity="kept"
    ).idea
    assert [one.id for one in queries.my_ideas(viewer=nurse)] == [idea.id]
    manager = small_system.viewer(small_system.manager)
    assert not KeptAuthor.objects.exists()
    assert rows_with(str(small_system.nurse.id)) == []
    answered = actions.answer_idea(by=manager, at=at, idea=queries.idea(viewer=manager, idea_id=idea.id), outcome="already_done",
                                   reason="Since Monday", reason_code="in_place")  # fmt: skip
    assert rows_with(str(small_system.nurse.id)) == []
    assert Notice.objects.get(kind="idea_answered").person_id is None
    nurse = small_system.viewer(small_system.nurse)
    actions.say_loop(by=nurse, at=at, idea=answered, told=True, again=True)
    small_system.viewer(small_system.manager)
    assert rows_with(str(small_system.nurse.id)) == []


def test_a_thread_shows_nothing_finer_than_the_week_of_anybody_unnamed(small_system, at):
    nurse = small_system.viewer(small_system.nurse)
    idea = actions.raise_idea(
        by=nurse, at=at, unit=small_system.ward7, text="Shouting at night", identity="anonymous"
    ).idea
    steps = thread(viewer=small_system.viewer(small_system.manager), ref=Ref("voice", "idea", idea.id))
    voice = next(step.described for step in steps if step.described.shape == "voice")
    assert voice.vague_date
    assert voice.by == "anonymous"


def test_another_organisation_sees_nothing_of_it(small_system, at):
    nurse = small_system.viewer(small_system.nurse)
    actions.raise_idea(by=nurse, at=at, unit=small_system.ward7, text="Side rooms")
    scope.enter(small_system.other.id, small_system.stranger.id)
    assert not Idea.objects.exists()
    assert not Event.objects.filter(practice="voice").exists()
