"""Row-level security must not cost the index: the plans that the application gets over many organisations' rows."""

import json

import psycopg
import pytest

from goldthread.journal.database import APP, parameters
from tests.faults.private import as_owner, private_database

ORGANISATIONS = 60
ROWS = 24_000

FILL = [
    "insert into organisation_organisation (id, code, name, kind) select 1000 + n, 'O' || n, 'Organisation ' || n, 'trust' from generate_series(1, {organisations}) n",
    """insert into organisation_unit (key, organisation_id, level, code, name)
       select 100000 + n, 1000 + n, 'organisation', 'U', 'Unit ' || n from generate_series(1, {organisations}) n""",
    """insert into organisation_person (organisation_id, code, name, staff_group, unit_id)
       select 1000 + 1 + n % {organisations}, 'C' || n, 'Person ' || n, 'x', 100000 + 1 + n % {organisations} from generate_series(1, {rows}) n""",
    """insert into journal_event (organisation_id, at, "on", actor_kind, kind, practice, object_kind, object_id)
       select 1000 + 1 + n % {organisations}, now() - n * interval '1 minute', current_date - n / 1440, 'system', 'test.happened', 'test', 'thing',
              gen_random_uuid() from generate_series(1, {rows}) n""",
    """insert into record_decision (organisation_id, practice, kind, about_kind, about_id, unit_id, question, rule, decider_role, decider_unit_id,
                                    state, opened_at, due_at)
       select 1000 + 1 + n % {organisations}, 'test', 'ask', 'thing', gen_random_uuid(), 100000 + 1 + n % {organisations}, 'May we?', 'built-in',
              'unit_manager', 100000 + 1 + n % {organisations}, 'withdrawn', now() - n * interval '1 minute', now() + n * interval '1 minute'
       from generate_series(1, {rows}) n""",
    """insert into record_measure (id, organisation_id, code, unit_id)
       select md5('m' || n)::uuid, 1000 + n, 'falls', 100000 + n from generate_series(1, {organisations}) n""",
    """insert into record_point (organisation_id, measure_id, version, unit_id, period_start, period_end, value, known_at)
       select 1000 + 1 + n % {organisations}, md5('m' || 1 + n % {organisations})::uuid, 1, 100000 + 1 + n % {organisations}, date '2020-01-01' + n,
              date '2020-01-02' + n, n, now() from generate_series(1, {rows}) n""",
    """insert into record_clock (organisation_id, practice, about_kind, about_id, purpose, due_at, not_before)
       select 1000 + 1 + n % {organisations}, 'test', 'thing', gen_random_uuid(), 'due', now() + interval '1 day', now() + interval '1 day'
       from generate_series(1, {rows}) n""",
    """insert into record_notice (organisation_id, key, person_id, practice, about_kind, about_id, kind, at)
       select p.organisation_id, p.code, p.id, 'test', 'thing', gen_random_uuid(), 'idea_answered', now() from organisation_person p
       where p.organisation_id > 1000""",
]  # fmt: skip
SCOPE = 1000 + 7
UNIT = 100000 + 7

#: What the application asks most, with its own filter beside the policy's.
QUESTIONS = {
    "newest events": f"select * from journal_event where organisation_id = {SCOPE} order by id desc limit 50",
    "events of a thing": f"select * from journal_event where organisation_id = {SCOPE} and practice = 'test' and object_kind = 'thing'"
    " and object_id = '01a20758-57a0-748a-bf2f-c174ff4cc9b5'",
    "decisions due": f"select * from record_decision where organisation_id = {SCOPE} and state = 'withdrawn' order by due_at limit 50",
    "decisions of a unit": f"select * from record_decision where organisation_id = {SCOPE} and unit_id = {UNIT} and state = 'open'",
    "points of a series": f"select distinct on (period_start) * from record_point where organisation_id = {SCOPE} and unit_id = {UNIT}"
    " and measure_id = md5('m7')::uuid and split = '' and split_value = '' order by period_start desc, known_at desc limit 50",
    "people": f"select * from organisation_person where organisation_id = {SCOPE} and code = 'C3'",
    "notices of a person": f"select * from record_notice where organisation_id = {SCOPE} and person_id ="
    " '01a20758-57a0-748a-bf2f-c174ff4cc9b5' order by at desc limit 50",
    "the clock of a thing": f"select * from record_clock where organisation_id = {SCOPE} and about_id = '01a20758-57a0-748a-bf2f-c174ff4cc9b5'",
}  # fmt: skip
#: The same without the application's own filter: the policy alone must find the index too.
BARE = {name: sql.replace(f"organisation_id = {SCOPE} and ", "").replace(f"organisation_id = {SCOPE} ", "true ") for name, sql in QUESTIONS.items()}  # fmt: skip


@pytest.fixture(scope="module")
def database(seeded, migrated):
    """Rows of sixty organisations, analysed."""
    with private_database(migrated) as name:
        with as_owner(name) as owner, owner.transaction():
            # Rows without clocks are enough here; what the triggers hold is tested elsewhere.
            for table in ("journal_event", "record_decision", "record_clock"):
                owner.execute(f"alter table {table} disable trigger user")
            for statement in FILL:
                owner.execute(statement.format(organisations=ORGANISATIONS, rows=ROWS))
        with as_owner(name) as owner:
            owner.execute("analyze")
        yield name


def plan(database, question):
    with psycopg.connect(**parameters(APP, database=database)) as app, app.transaction():
        app.execute("select set_config('goldthread.organisation', %s, true)", [str(SCOPE)])
        found = app.execute(f"explain (analyze, buffers off, timing off, format json) {question}").fetchone()[0]
        return found[0]["Plan"]


def nodes(part):
    yield part
    for below in part.get("Plans", []):
        yield from nodes(below)


def seen(part):
    """Rows read from tables and indexes, those thrown away included."""
    return sum((one["Actual Rows"] + one.get("Rows Removed by Filter", 0) + one.get("Rows Removed by Index Recheck", 0)) * one["Actual Loops"]
               for one in nodes(part) if "Relation Name" in one)  # fmt: skip


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_the_index_is_used_under_row_level_security(database, name):
    found = plan(database, QUESTIONS[name])
    assert [one["Relation Name"] for one in nodes(found) if one["Node Type"] == "Seq Scan"] == [], json.dumps(
        found, indent=1
    )
    assert seen(found) <= 2 * ROWS / ORGANISATIONS, json.dumps(found, indent=1)


@pytest.mark.parametrize("name", sorted(BARE))
def test_the_policy_alone_finds_it_too(database, name):
    found = plan(database, BARE[name])
    assert [one["Relation Name"] for one in nodes(found) if one["Node Type"] == "Seq Scan"] == [], json.dumps(
        found, indent=1
    )
    assert seen(found) <= 4 * ROWS / ORGANISATIONS, json.dumps(found, indent=1)
