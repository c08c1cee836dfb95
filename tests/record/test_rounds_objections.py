"""Objections and silence: an objection shapes the next proposal, a third one goes to the ladder, silence is what the scheme says."""

import pytest

from goldthread.journal.models import Event
from goldthread.record.actions import rounds
from goldthread.record.errors import Invalid, Refused
from goldthread.record.models import Clock, Integration, Round, Seat
from tests.record.consent import all_consent, by_consent, object_to, objected_again, respond


@pytest.fixture
def raised(stage):
    return by_consent(stage)


def test_whoever_stands_aside_does_not_stop_it(stage, raised):
    respond(stage, raised)
    stage.says(stage.porter, raised, "stand_aside", "Not how I would do it")
    assert all_consent(stage, raised, stage.chief, stage.head, stage.coach)[-1] == "carried"


def test_one_objection_stops_it(stage, raised):
    made = respond(stage, raised)
    assert object_to(stage, raised, stage.porter) == "objected"
    assert (stage.kept(raised).state, stage.kept(made).result, stage.decided) == ("open", "objected", [])
    assert stage.told("round_objected", raised) == {stage.chief.id}
    with pytest.raises(Refused, match="no proposal to answer"):
        stage.says(stage.porter, raised, "consent")


def test_the_next_proposal_answers_every_objection(stage, raised):
    respond(stage, raised)
    stage.says(stage.head, raised, "object", "Too dear")
    object_to_rest = [stage.says(person, raised, "consent") for person in (stage.chief, stage.coach)]
    assert object_to_rest == ["open", "open"]
    assert stage.says(stage.porter, raised, "object", "Too heavy") == "objected"
    head, porter = (stage.seat_of(person, raised).id for person in (stage.head, stage.porter))
    with pytest.raises(Invalid, match=r"answers the objection of (Dilys Morgan|Farid Aziz)"):
        stage.put(stage.chief, raised, text="We buy one")
    with pytest.raises(Invalid, match="objection of Farid Aziz"):
        stage.put(stage.chief, raised, text="We buy one", integrated={head: "One, not two", porter: " "})
    assert stage.all(Round, decision_id=raised.id).count() == 1
    second = stage.put(
        stage.chief, raised, text="We buy one", integrated={head: "One, not two", porter: "It has wheels"}
    )
    assert second.number == 2
    assert {one.how for one in stage.all(Integration, round_id=second.id)} == {"One, not two", "It has wheels"}
    stage.refuses("update record_integration set how = 'x'", match="record_integration")
    stage.do(stage.chief, rounds.ask_for_positions, decision=raised)
    assert all_consent(stage, raised)[-1] == "carried"


def test_an_objection_taken_back_needs_no_answer(stage, raised):
    respond(stage, raised)
    stage.says(stage.head, raised, "object", "Too dear")
    stage.do(stage.head, rounds.withdraw_position, seat=stage.seat_of(stage.head, raised))
    stage.says(stage.head, raised, "consent")
    object_to_others = [stage.says(person, raised, "consent") for person in (stage.chief, stage.coach)]
    assert object_to_others == ["open", "open"]
    assert stage.says(stage.porter, raised, "object", "Too heavy") == "objected"
    stage.put(
        stage.chief, raised, text="We buy one", integrated={stage.seat_of(stage.porter, raised).id: "It has wheels"}
    )
    assert stage.all(Integration).count() == 1


def test_after_three_rounds_of_objections_it_goes_to_the_ladder(stage):
    decision = by_consent(stage, ladder=("division | 3", "chief | 5"))
    for number in (1, 2):
        objected_again(stage, decision, number)
        assert stage.kept(decision).ladder_step == 0
    objected_again(stage, decision, 3)
    found = stage.kept(decision)
    assert (found.ladder_step, found.passed_up, found.decider_unit_id, found.body_id) == (
        1,
        1,
        stage.division.key,
        None,
    )
    assert set(stage.all(Seat, decision_id=decision.id, step=0).values_list("state", flat=True)) == {"left"}
    assert stage.head.id in stage.told("decision_passed_up", decision)
    event = stage.one(Event, kind="record.decision_passed_up", object_id=decision.id)
    assert (event.data["step"], event.data["why"]) == (1, "objections")
    assert stage.all(Clock, about_id=decision.id, purpose="decision_due", state="pending").get().due_at == found.due_at


def test_at_the_last_step_of_the_ladder_one_person_decides(stage):
    decision = by_consent(stage, ladder=("chief | 5",))
    for number in (1, 2, 3):
        objected_again(stage, decision, number)
    assert stage.kept(decision).method == "alone"
    assert stage.decide(stage.chief, decision).outcome == "agreed"


def test_after_the_third_round_it_goes_up_once_even_if_its_time_is_up_at_that_moment(stage):
    decision = by_consent(stage, ladder=("division | 3", "chief | 5"))
    for number in (1, 2):
        objected_again(stage, decision, number)
    respond(stage, decision, text="Version 3", integrated={stage.seat_of(stage.porter, decision).id: "x"}, days=30)
    stage.says(stage.porter, decision, "object", "No")
    stage.wait(to=stage.kept(decision).due_at)
    assert (stage.kept(decision).ladder_step, stage.kept(decision).passed_up) == (1, 1)


def test_silence_escalates_at_the_close(stage, raised):
    made = respond(stage, raised, days=3)
    all_consent(stage, raised, stage.chief, stage.head)
    stage.wait(2.9)
    assert stage.kept(made).result == ""
    stage.wait(to=made.closes_at)
    assert (stage.kept(made).result, stage.kept(raised).state) == ("silent", "open")
    assert stage.told("round_silent", raised) == {stage.chief.id}
    with pytest.raises(Refused, match="no proposal to answer"):
        stage.says(stage.coach, raised, "consent")


def test_silence_is_consent_where_the_scheme_says_so(stage):
    decision = by_consent(stage, ', silence = "consents"')
    made = respond(stage, decision, days=3)
    stage.says(stage.head, decision, "consent")
    stage.wait(to=made.closes_at)
    assert (stage.kept(made).result, stage.kept(decision).state, stage.kept(decision).decided_as) == ("carried", "decided", "carried")  # fmt: skip
    assert stage.decided == [(decision.id, "agreed")]


def test_silence_is_no_consent_before_anybody_was_asked(stage):
    decision = by_consent(stage, ', silence = "consents"')
    made = stage.put(stage.chief, decision, days=3)
    stage.wait(to=made.closes_at)
    assert (stage.kept(made).result, stage.kept(decision).state) == ("silent", "open")


def test_one_objection_stops_it_even_where_silence_is_consent(stage):
    decision = by_consent(stage, ', silence = "consents"')
    made = respond(stage, decision, days=3)
    stage.says(stage.head, decision, "object", "Too dear")
    stage.wait(to=made.closes_at)
    assert (stage.kept(made).result, stage.kept(decision).state) == ("objected", "open")


def test_where_silence_lapses_those_who_spoke_decide_if_enough_did(stage):
    decision = by_consent(stage, ', silence = "lapses"')
    made = respond(stage, decision, days=3)
    all_consent(stage, decision, stage.chief, stage.head)  # two of four are too few
    stage.wait(to=made.closes_at)
    assert (stage.kept(made).result, stage.kept(decision).state) == ("inquorate", "open")
    made = respond(stage, decision, days=3)
    all_consent(stage, decision, stage.chief, stage.head, stage.coach)
    stage.wait(to=made.closes_at)
    assert (stage.kept(made).result, stage.kept(decision).state) == ("carried", "decided")
