"""Schemes of delegation: drafted as text that never changes, checked, in force for a unit and a time."""

from datetime import date, timedelta

import pytest
from psycopg.types.range import DateRange

from goldthread.journal.models import Event
from goldthread.organisation.access import NotAllowed
from goldthread.record import rules
from goldthread.record.actions import schemes
from goldthread.record.errors import Invalid, Refused
from goldthread.record.models import Scheme, SchemeTerm
from goldthread.record.queries import schemes as reading
from tests.record.stage import AT, everything, scheme

SOUND = everything('decider = "ward", method = "alone", within_days = 5')


def draft(stage, text=SOUND, by=None, **more):
    return stage.do(by or stage.chief, schemes.draft_scheme, title="Trial", text=text, **more)


def force(stage, made, unit=None, from_day=None):
    return stage.do(stage.chief, lambda by, at: schemes.bring_into_force(
        scheme=made, unit=unit or stage.root, from_day=from_day or at.date(), at=at, decision=None, actor=by.acting_as()))  # fmt: skip


def examine(stage, text):
    return stage.read(stage.chief, lambda viewer: schemes.examine(text, organisation_id=viewer.organisation_id))


def test_versions_count_up(stage):
    first, second = draft(stage), draft(stage, note="With a note")
    assert (first.version, second.version, second.note) == (1, 2, "With a note")
    assert len(bytes(first.sha256)) == 32
    assert bytes(first.sha256) == bytes(second.sha256)
    assert [one.version for one in stage.read(stage.nurse, reading.versions)] == [2, 1]
    event = stage.one(Event, kind="record.scheme_drafted", object_id=first.id)
    assert (event.data["version"], event.data["sha256"]) == (1, bytes(first.sha256).hex())


def test_a_draft_changes_nothing_yet(stage):
    draft(stage, everything('decider = "chief", method = "alone", within_days = 5'))
    assert stage.raised().rule == "built-in"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[attributes.subject\n", "^Line 1:.*not TOML"),
        (SOUND.replace('decider = "ward", method', "method"), r"^Line \d+: rule all,.*decider.*missing"),
        (SOUND.replace("alone", "aloud"), r"^Line \d+: rule all,.*method.*aloud"),
        (
            SOUND.replace("when = {  }", 'when = { colour = "red" }'),
            r"^Line \d+: rule all,.*colour.*there is no attribute",
        ),
        (SOUND.replace("within_days = 5", "within_days = -5"), r"^Line \d+: rule all,.*within_days"),
        (SOUND.replace('clause = "1"', 'clauses = "1"'), r"^Line \d+: rule all, clauses"),
        ('title = "Empty"\n', "there is no rule"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_with_line_rule_and_key(stage, text, said):
    with pytest.raises(Invalid, match=said) as caught:
        draft(stage, text)
    assert caught.value.field == "text"
    assert not stage.all(Scheme).exists()


def test_the_line_is_the_line(stage):
    text = SOUND.replace("alone", "aloud")
    line = next(number for number, words in enumerate(text.splitlines(), start=1) if "aloud" in words)
    with pytest.raises(Invalid, match=f"^Line {line}: "):
        draft(stage, text)


def test_who_keeps_the_scheme_drafts_it(stage):
    for person in (stage.nurse, stage.manager, stage.head, stage.coach):
        with pytest.raises(NotAllowed):
            draft(stage, by=person)
    stage.holds(stage.coach, "governance_lead", stage.root)
    assert draft(stage, by=stage.coach).made_by_id == stage.coach.id


GAP = scheme('estate | subject = "estate" | decider = "chief", method = "alone", within_days = 5')
OVERLAP = scheme(
    'estate | subject = "estate" | decider = "chief", method = "alone", within_days = 5',
    'usual | | decider = "ward", method = "alone", within_days = 5',
).replace('specialises = ["usual"]', "specialises = []")
DEAD = scheme(
    'usual | | decider = "ward", method = "alone", within_days = 5',
    'estate | subject = "estate" | decider = "chief", method = "alone", within_days = 5',
)
NOBODY = everything('decider = "forum", method = "consent", within_days = 5')
ROLE = SOUND.replace('role = "unit_manager"\nlevel = "team"', 'role = "captain"\nlevel = "team"')
LEVEL = SOUND.replace('level = "team"', 'level = "moon"')
UNNAMED = SOUND.replace('decider = "ward"', 'decider = "matron"')


@pytest.mark.parametrize(
    "text",
    [GAP, OVERLAP, DEAD, NOBODY, ROLE, LEVEL, UNNAMED],
    ids=["gap", "overlap", "dead", "body", "role", "level", "decider"],
)
def test_what_is_not_sound_may_be_drafted_and_never_enters_into_force(stage, text):
    made = draft(stage, text)
    assert not examine(stage, text).ready
    with pytest.raises(Refused, match="gaps, contradictions or unknown names"):
        force(stage, made)
    assert not stage.all(SchemeTerm).exists()
    assert stage.raised().rule == "built-in"


def test_what_is_wrong_is_named(stage):
    assert {gap.witness["subject"] for gap in examine(stage, GAP).gaps} <= {"practice", "staffing"}
    assert examine(stage, GAP).gaps
    assert [one.rules for one in examine(stage, OVERLAP).overlaps] == [("estate", "usual")]
    assert examine(stage, DEAD).dead == ("estate",)
    [problem] = examine(stage, NOBODY).problems
    assert (problem.key, problem.suggestion) == ("deciders.forum", "make a body called forum first")
    assert "captain" in examine(stage, ROLE).problems[0].message
    assert "moon" in examine(stage, LEVEL).problems[0].message
    assert "matron" in examine(stage, UNNAMED).problems[0].message


def test_a_body_that_is_there_is_known_and_one_that_was_stood_down_is_not(stage):
    body = stage.forum(stage.chief)
    assert examine(stage, NOBODY).ready
    from goldthread.record.actions import bodies

    stage.wait(1)
    stage.do(stage.chief, bodies.end_body, body=body)
    stage.wait(1)
    assert not examine(stage, NOBODY).ready


def test_a_clause_of_last_resort_is_no_gap_and_is_named(stage):
    text = GAP + '[[rule]]\nid = "rest"\nclause = "9"\npriority = 9\nresidual = true\nwhen = {}\nthen = { decider = "chief", method = "alone", within_days = 9 }\n'  # fmt: skip
    found = examine(stage, text)
    assert found.ready
    assert not found.gaps
    assert found.only_residual


def test_the_next_one_ends_the_one_before(stage):
    first = force(stage, draft(stage))
    stage.wait(10)
    second = force(stage, draft(stage))
    day = date(2026, 6, 25)
    assert stage.kept(first).period == DateRange(date(2026, 6, 15), day)
    assert stage.kept(second).period == DateRange(day, None)
    assert stage.raised().scheme_version == 2
    assert stage.one(Event, kind="record.scheme_in_force").data["version"] == 2


def test_it_is_in_force_from_its_day_and_never_before_today(stage):
    force(stage, draft(stage))
    later = force(stage, draft(stage), from_day=date(2026, 7, 1))
    assert stage.raised().scheme_version == 1
    stage.wait(to=AT.replace(month=7, day=1))
    assert stage.raised().scheme_version == 2
    stage.wait(1)
    third = force(stage, draft(stage), from_day=date(2026, 1, 1))
    assert third.period.lower == date(2026, 7, 2) == stage.kept(later).period.upper


def test_two_on_one_day_are_refused(stage):
    force(stage, draft(stage))
    with pytest.raises(Invalid, match="Another scheme starts at Northmoor Hospitals on or after that day") as caught:
        force(stage, draft(stage))
    assert caught.value.field == "from_day"
    assert stage.all(SchemeTerm).count() == 1
    assert force(stage, draft(stage), unit=stage.division).unit_id == stage.division.key


TERM = "insert into record_schemeterm (id, organisation_id, scheme_id, unit_id, period) values (gen_random_uuid(), %s, %s, %s, daterange(%s, %s))"


def test_the_database_lets_no_terms_of_one_unit_overlap(stage):
    made = draft(stage)
    force(stage, made)
    for lower, upper in (("2026-06-15", None), ("2027-01-01", "2027-02-01"), ("2020-01-01", "2026-06-16")):
        stage.refuses(TERM, stage.trust.id, made.id, stage.root.key, lower, upper, match="no_overlap")
    stage.sql(TERM, stage.trust.id, made.id, stage.root.key, "2020-01-01", "2026-06-15")
    stage.sql(TERM, stage.trust.id, made.id, stage.ward7.key, "2026-06-15", None)


def test_a_term_can_only_be_ended(stage):
    term = force(stage, draft(stage))
    other = draft(stage)
    stage.refuses(
        "update record_schemeterm set period = daterange('2026-06-01', null) where id = %s",
        term.id,
        match="can only be ended",
    )
    stage.refuses(
        "update record_schemeterm set scheme_id = %s where id = %s", other.id, term.id, match="can only be ended"
    )
    stage.refuses(
        "update record_schemeterm set unit_id = %s where id = %s", stage.ward7.key, term.id, match="can only be ended"
    )
    stage.refuses("delete from record_schemeterm", match="permission denied")
    stage.sql("update record_schemeterm set period = daterange('2026-06-15', '2026-08-01') where id = %s", term.id)
    for upper in ("'2026-08-02'", "null"):
        stage.refuses(
            f"update record_schemeterm set period = daterange('2026-06-15', {upper}) where id = %s",
            term.id,
            match="can only be ended",
        )


def test_a_scheme_is_never_rewritten(stage):
    made = draft(stage)
    for change in ("text = 'x'", "version = 9", "title = 'x'"):
        stage.refuses(f"update record_scheme set {change} where id = %s", made.id, match="permission denied")
    stage.refuses("delete from record_scheme", match="permission denied")
    with pytest.raises(Exception, match=r"append|change|refuse"):
        stage.owner("update record_scheme set text = 'x'")
    assert stage.kept(made).text == SOUND


def test_on_each_day_the_nearest_term_counts(stage):
    wide, near = draft(stage), draft(stage)
    force(stage, wide)
    force(stage, near, unit=stage.division, from_day=date(2026, 7, 1))

    def on(day, unit):
        found = stage.read(stage.nurse, lambda viewer: rules.in_force(unit, day))
        return found.version if found else None

    assert [
        on(date(2026, 6, 14), stage.ward7),
        on(date(2026, 6, 15), stage.ward7),
        on(date(2026, 6, 30), stage.ward7),
    ] == [None, 1, 1]
    assert [on(date(2026, 7, 1), stage.ward7), on(date(2026, 7, 1), stage.root)] == [2, 1]


def test_another_organisation_reads_no_schemes(stage):
    force(stage, draft(stage))
    assert stage.read(stage.stranger, reading.versions) == stage.read(stage.stranger, reading.terms) == []
    assert len(stage.read(stage.nurse, reading.terms)) == 1
    assert stage.now() - AT < timedelta(minutes=5)
