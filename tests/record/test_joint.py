"""Deciding with other organisations: each has a seat, all consent, and each reads only what is shared at the table."""

import pytest

from goldthread.journal.models import Event
from goldthread.organisation.access import NotFound
from goldthread.record.actions import decisions, rounds
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Clock, Decision, Integration, Notice, Position, Round, Seat
from goldthread.record.queries import decisions as reading
from tests.record.stage import scheme

ORGANISATIONS = """
[attributes.organisations]
type = "int"
min = 1
default = 1
derived = "organisations"
"""
JOINT = scheme(
    'alone | organisations = 1 | decider = "ward", method = "alone", within_days = 14',
    'joint | | decider = "chief", method = "joint", within_days = 14',
    more=ORGANISATIONS,
)


@pytest.fixture
def third(stage):
    """A third organisation, of which somebody looks on; committed by the owner, taken away afterwards."""
    rows = stage.owner(
        "insert into organisation_organisation (code, name, kind) values ('TH1', 'Thornby Community', 'trust') returning id"
    )
    yield rows[0][0]
    stage.owner("delete from organisation_organisation where id = %s", rows[0][0])


@pytest.fixture
def raised(stage):
    """Of Northmoor and Southvale: Ewan Grant speaks for the one, Hugh Lane for the other."""
    stage.holds(stage.stranger, "unit_manager", stage.other_root)
    stage.in_force(JOINT)
    return stage.raised(organisations=[stage.other])


def seat(stage, decision, organisation):
    return stage.one(Seat, decision_id=decision.id, organisation_id=organisation.id)


def says(stage, person, decision, said, reason=""):
    return stage.do(person, rounds.take_position, seat=seat(stage, decision, stage.trust if person.organisation_id == stage.trust.id else stage.other),
                    said=said, reason=reason)  # fmt: skip


def test_each_organisation_has_a_seat_of_its_own(stage, raised):
    assert {
        (one.organisation_id, one.home_id, one.label, one.unit_id) for one in stage.all(Seat, decision_id=raised.id)
    } == {
        (stage.trust.id, stage.trust.id, "Northmoor Hospitals", stage.root.key),
        (stage.other.id, stage.trust.id, "Southvale Care", stage.other_root.key),
    }
    assert raised.attributes["organisations"] == 2
    notice = stage.one(Notice, kind="seat_yours", person_id=stage.stranger.id)
    assert notice.organisation_id == stage.other.id


def test_all_consent_and_it_is_decided_at_home(stage, raised):
    stage.put(stage.chief, raised)
    assert says(stage, stage.chief, raised, "consent") == "open"
    assert says(stage, stage.stranger, raised, "consent") == "carried"
    found = stage.kept(raised)
    assert (found.state, found.outcome, found.organisation_id) == ("decided", "agreed", stage.trust.id)
    assert stage.decided == [(raised.id, "agreed")]
    assert {one.organisation_id for one in stage.all(Event, object_id=raised.id)} == {stage.trust.id}
    assert {one.organisation_id for one in stage.all(Position)} == {stage.trust.id, stage.other.id}
    assert not stage.all(Clock, state="pending").exists()


def test_the_last_word_may_be_the_other_organisations_or_ones_own(stage, raised):
    stage.put(stage.chief, raised)
    assert says(stage, stage.stranger, raised, "consent") == "open"
    assert says(stage, stage.chief, raised, "consent") == "carried"


def test_nobody_decides_it_alone(stage, raised):
    with pytest.raises(Refused, match="decided by all organisations it touches"):
        stage.decide(stage.chief, raised)
    with pytest.raises(NotFound):
        stage.put(stage.stranger, raised)


def test_an_organisation_that_objects_says_why_and_is_answered(stage, raised):
    stage.put(stage.chief, raised)
    says(stage, stage.chief, raised, "consent")
    with pytest.raises(Invalid):
        says(stage, stage.stranger, raised, "object")
    with pytest.raises(Invalid):
        says(stage, stage.stranger, raised, "stand_aside", "We do not mind")
    assert says(stage, stage.stranger, raised, "object", "Who pays us?") == "objected"
    with pytest.raises(Invalid, match="objection of Southvale Care"):
        stage.put(stage.chief, raised, text="Half each")
    stage.put(stage.chief, raised, text="Half each", integrated={seat(stage, raised, stage.other).id: "Northmoor pays"})
    assert stage.one(Integration).organisation_id == stage.other.id
    [shown] = [row for row in stage.read(stage.stranger, reading_table, decision=raised) if row["said"] == "object"]
    assert shown["integrated"] == "Northmoor pays"
    says(stage, stage.chief, raised, "consent")
    assert says(stage, stage.stranger, raised, "consent") == "carried"


def reading_table(*, viewer, decision):
    return rounds.seats_of(decision)


def test_the_other_organisation_reads_only_what_is_shared(stage, raised):
    stage.put(stage.chief, raised, text="We share the van")
    for table in ("decision", "round", "party", "hearing", "clarification"):
        assert stage.sql(f"select id from record_{table}", organisation=stage.other) == []
    assert [one for (one,) in stage.sql("select organisation_id from record_seat", organisation=stage.other)] == [
        stage.other.id
    ]
    with pytest.raises(NotFound):
        stage.read(stage.stranger, reading.decision, decision_id=raised.id)
    shared = stage.read(stage.stranger, lambda viewer: reading.shared_decision(raised.id))
    assert (shared["question"], shared["organisation"], shared["round_text"], shared["state"]) == ("Shall we?", "Northmoor Hospitals", "We share the van", "open")  # fmt: skip
    assert not {"explanation", "raised_by_id", "delegated_to_id", "decided_by_id"} & set(shared)
    [mine] = stage.read(stage.stranger, reading.my_seats)
    assert (mine.question, mine.home, mine.answered, mine.proposal) == (
        "Shall we?",
        "Northmoor Hospitals",
        False,
        "We share the van",
    )
    says(stage, stage.stranger, raised, "consent")
    assert stage.read(stage.stranger, reading.my_seats)[0].answered


def test_a_question_that_is_not_shared_stays_at_home(stage, raised):
    own = stage.raised()
    assert own.method == "alone"
    assert stage.read(stage.stranger, lambda viewer: reading.shared_decision(own.id)) is None
    assert stage.read(stage.stranger, reading_table, decision=own) == []


def test_a_third_organisation_sees_nothing(stage, raised, third):
    stage.put(stage.chief, raised)
    says(stage, stage.chief, raised, "consent")
    looking = type("Organisation", (), {"id": third})
    for sql in ("select * from goldthread_shared_decision(%s)", "select * from goldthread_table(%s)"):
        assert len(stage.sql(sql, raised.id, organisation=stage.other)) > 0
        assert stage.sql(sql, raised.id, organisation=looking) == []
    for table in ("decision", "round", "seat", "position"):
        assert stage.sql(f"select id from record_{table}", organisation=looking) == []


def test_nobody_speaks_for_the_other_organisation(stage, raised):
    stage.put(stage.chief, raised)
    for person, whose in ((stage.chief, stage.other), (stage.stranger, stage.trust), (stage.manager, stage.trust)):
        with pytest.raises(NotYours, match="Only whoever speaks for"):
            stage.do(person, rounds.take_position, seat=seat(stage, raised, whose), said="consent")
    assert not stage.all(Position).exists()


def test_a_seat_is_neither_forged_nor_moved(stage, raised):
    stage.put(stage.chief, raised)
    stage.refuses("insert into record_seat (id, organisation_id, home_id, decision_id, label, step, state) values (gen_random_uuid(), %s, %s, %s, 'Forged', 0, 'active')",
                  stage.other.id, stage.trust.id, raised.id, match="row-level security")  # fmt: skip
    assert (
        stage.sql("update record_seat set state = 'left' where organisation_id = %s returning id", stage.other.id) == []
    )


def test_silence_is_no_consent_of_another_organisation(stage, raised):
    made = stage.put(stage.chief, raised, days=3)
    says(stage, stage.chief, raised, "consent")
    stage.wait(to=made.closes_at)
    assert (stage.kept(made).result, stage.kept(raised).state) == ("silent", "open")


def test_on_the_ladder_all_organisations_sit_down_again(stage):
    stage.holds(stage.stranger, "unit_manager", stage.other_root)
    stage.in_force(scheme(
        'joint | | decider = "chief", method = "joint", within_days = 14, on_expiry = "ladder"', more=ORGANISATIONS,
        ladder=("division | 7", "chief | 7"),
    ))  # fmt: skip
    decision = stage.raised(organisations=[stage.other])
    stage.put(stage.chief, decision)
    stage.wait(to=decision.due_at)
    found = stage.kept(decision)
    assert (found.ladder_step, found.method, found.state) == (1, "joint", "open")
    old, new = stage.all(Seat, decision_id=decision.id, step=0), stage.all(Seat, decision_id=decision.id, step=1)
    assert {one.state for one in old} == {"left"}
    assert {one.state for one in new} == {"active"}
    assert {one.organisation_id for one in new} == {stage.trust.id, stage.other.id}
    with pytest.raises(AlreadyEnded, match="not at the table any more"):
        stage.do(stage.stranger, rounds.take_position, seat=old.get(organisation_id=stage.other.id), said="consent")
    stage.put(stage.head, decision)
    says(stage, stage.chief, decision, "consent")
    assert says(stage, stage.stranger, decision, "consent") == "carried"


def test_an_organisation_that_is_touched_after_all_sits_down(stage):
    stage.holds(stage.stranger, "unit_manager", stage.other_root)
    stage.in_force(JOINT)
    decision = stage.raised()
    stage.do(stage.manager, decisions.facts_changed, decision=decision, attributes={}, organisations=[stage.other.id])
    found = stage.kept(decision)
    assert (found.method, found.organisations) == ("joint", [stage.other.id])
    assert {one.organisation_id for one in stage.all(Seat, decision_id=decision.id, state="active")} == {
        stage.trust.id,
        stage.other.id,
    }


def test_an_organisation_that_is_not_touched_after_all_leaves_the_table(stage, raised):
    made = stage.put(stage.chief, raised)
    stage.do(stage.chief, decisions.facts_changed, decision=raised, attributes={}, organisations=[])
    assert stage.kept(raised).method == "alone"
    assert {one.state for one in stage.all(Seat, decision_id=raised.id)} == {"left"}
    assert stage.kept(made).result == "recast"
    assert stage.read(stage.stranger, reading.my_seats) == []
    assert stage.decide(stage.manager, raised).state == "decided"


def test_a_question_taken_back_leaves_no_table(stage, raised):
    stage.put(stage.chief, raised)
    stage.do(stage.nurse, decisions.withdraw, decision=raised)
    assert {one.state for one in stage.all(Seat, decision_id=raised.id)} == {"left"}
    assert stage.one(Round).result == "recast"
    assert stage.one(Decision).state == "withdrawn"
