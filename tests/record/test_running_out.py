"""A decision whose time has run out: the scheme says whether it lapses, counts as consent or goes to somebody else."""

from datetime import timedelta

import pytest

from goldthread.journal.models import Event
from goldthread.record.actions import decisions
from goldthread.record.errors import AlreadyEnded, NotYours
from goldthread.record.models import Clock, Hearing, Notice, Round, Seat
from goldthread.record.queries.decisions import my_decisions, without_decider_or_clock
from goldthread.record.refs import Ref
from tests.record.stage import everything, scheme


def ran_out(stage, then, ladder=(), more="", **said):
    """A question under a rule, left until its time is up."""
    stage.in_force(everything(f'decider = "ward", method = "alone", within_days = 5{then}', ladder=ladder, more=more))
    decision = stage.raised(**said)
    stage.wait(to=decision.due_at)
    return decision, stage.kept(decision)


def clock_of(stage, decision):
    return stage.all(Clock, about_id=decision.id, purpose="decision_due", state="pending").get()


def nothing_lost(stage):
    return stage.read(stage.nurse, lambda viewer: without_decider_or_clock()) == []


def test_nothing_happens_before_the_end_of_the_day(stage):
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 5, silence = "lapses"'))
    decision = stage.raised()
    assert decision.due_at.isoformat() == "2026-06-21T00:00:00+01:00"
    stage.wait(to=decision.due_at - timedelta(seconds=5))
    assert stage.kept(decision).state == "open"
    stage.wait(to=decision.due_at)
    assert stage.kept(decision).state == "lapsed"


def test_it_lapses_and_the_practice_is_called_once(stage):
    decision, found = ran_out(stage, ', silence = "lapses"')
    assert (found.state, found.outcome, found.decided_at) == ("lapsed", "", None)
    assert stage.lapsed == [decision.id]
    assert stage.decided == []
    assert stage.told("decision_lapsed", decision) == {stage.nurse.id}
    assert stage.one(Event, kind="record.decision_lapsed", object_id=decision.id).rule == "all"
    assert not stage.all(Clock, state="pending").exists()
    stage.wait(30)
    assert stage.lapsed == [decision.id]
    with pytest.raises(AlreadyEnded, match="already lapsed"):
        stage.decide(stage.manager, decision)


def test_after_it_lapsed_the_same_may_be_asked_again(stage):
    decision, _ = ran_out(stage, ', silence = "lapses"')
    again = stage.do(stage.nurse, decisions.raise_decision, kind="try_it", about=Ref("trial", "thing", decision.about_id),
                     unit=stage.ward7, question="Shall we?")  # fmt: skip
    assert again.state == "open"


def test_silence_counts_as_consent(stage):
    decision, found = ran_out(stage, ', silence = "consents"')
    assert (found.state, found.outcome, found.decided_as, found.decided_by_id) == ("decided", "agreed", "silence", None)
    assert "Nobody objected by the day it was due" in found.reason
    assert found.decided_at >= decision.due_at
    assert stage.decided == [(decision.id, "agreed")]
    assert stage.told("decision_taken", decision) == {stage.nurse.id}
    assert not stage.all(Clock, state="pending").exists()
    with pytest.raises(AlreadyEnded, match="already decided by everybody who decides it together"):
        stage.decide(stage.manager, decision)


def test_silence_is_consent_only_where_the_scheme_says_so_and_only_in_time(stage):
    raw = "update record_decision set state = 'decided', outcome = 'agreed', reason = 'x', decided_as = 'silence', decided_at = goldthread_now() where id = %s"
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 5, silence = "consents"'))
    decision = stage.raised()
    stage.refuses(raw, decision.id, match="silence is no answer here")
    stage.wait(1)
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 5'))
    other = stage.raised()
    stage.wait(to=other.due_at, sweep=False)
    stage.refuses(raw, other.id, match="silence is no answer here")


def test_where_there_is_nothing_to_consent_to_it_goes_up(stage):
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 5, silence = "consents"'))
    plain = stage.raised()
    decision = stage.do(stage.nurse, decisions.raise_decision, kind="stop_it", about=Ref("trial", "thing", plain.about_id),
                        unit=stage.ward7, question="Stop?")  # fmt: skip
    stage.wait(to=decision.due_at)
    assert (stage.kept(decision).state, stage.kept(decision).decider_unit_id) == ("open", stage.division.key)
    assert stage.kept(plain).state == "decided"


def test_it_goes_to_the_manager_above_with_a_new_clock(stage):
    decision, found = ran_out(stage, "")
    assert (found.state, found.decider_unit_id, found.decider_role, found.passed_up) == (
        "open",
        stage.division.key,
        "unit_manager",
        1,
    )
    assert clock_of(stage, decision).due_at == found.due_at == decision.due_at + timedelta(days=14 + 1)
    assert stage.told("decision_passed_up", decision) == {stage.head.id}
    assert not stage.may(stage.manager, decision)
    assert stage.may(stage.head, decision)
    with pytest.raises(NotYours, match="manager of Medicine"):
        stage.decide(stage.manager, decision)
    assert stage.decide(stage.head, decision).state == "decided"


def test_whoever_it_was_handed_to_has_it_no_more(stage):
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 5'))
    decision = stage.raised()
    stage.do(stage.manager, decisions.delegate, decision=decision, to=stage.porter)
    stage.wait(to=decision.due_at)
    assert stage.kept(decision).delegated_to_id is None
    assert not stage.may(stage.porter, decision)


def test_at_the_top_of_the_tree_it_keeps_a_clock_and_a_decision_maker(stage):
    decision, found = ran_out(stage, "")
    units = [found.decider_unit_id]
    for _ in range(4):
        stage.wait(to=stage.kept(decision).due_at)
        found = stage.kept(decision)
        units.append(found.decider_unit_id)
        assert found.state == "open"
        assert clock_of(stage, decision).due_at == found.due_at > stage.now()
        assert nothing_lost(stage)
    assert units == [stage.division.key, *[stage.root.key] * 4]
    assert found.passed_up == 5
    assert stage.all(Notice, kind="decision_passed_up", about_id=decision.id, person_id=stage.chief.id).count() == 4
    assert [one.id for one in stage.read(stage.chief, my_decisions)] == [decision.id]


def test_it_goes_to_the_decision_maker_of_the_named_rule(stage):
    stage.in_force(scheme(
        'small | subject = "practice" | decider = "ward", method = "alone", within_days = 5, on_expiry = "escalate:large"',
        'large | | decider = "chief", method = "alone", within_days = 3, silence = "lapses"',
    ))  # fmt: skip
    decision = stage.raised()
    stage.wait(to=decision.due_at)
    found = stage.kept(decision)
    assert (found.decider_unit_id, found.rule, found.passed_up) == (stage.root.key, "small", 1)
    assert found.due_at == decision.due_at + timedelta(days=4)
    assert stage.told("decision_passed_up", decision) == {stage.chief.id}
    event = stage.one(Event, kind="record.decision_passed_up", object_id=decision.id)
    assert (event.data["to"], event.data["times"], event.data["why"]) == (stage.root.key, 1, "expired")


def test_it_goes_to_a_body_that_then_votes(stage):
    body = stage.forum(stage.chief, stage.coach, stage.porter)
    stage.in_force(scheme(
        'small | subject = "practice" | decider = "ward", method = "alone", within_days = 5, on_expiry = "escalate:large"',
        'large | | decider = "forum", method = "majority", within_days = 3, quorum = 2',
    ))  # fmt: skip
    decision = stage.raised()
    stage.wait(to=decision.due_at)
    found = stage.kept(decision)
    assert (found.body_id, found.method, found.quorum) == (body.id, "majority", 2)
    assert {seat.person_id for seat in stage.all(Seat, decision_id=decision.id, state="active")} == {
        stage.chief.id,
        stage.coach.id,
        stage.porter.id,
    }
    stage.put(stage.chief, decision)
    stage.says(stage.chief, decision, "for")
    stage.says(stage.coach, decision, "for")
    assert stage.says(stage.porter, decision, "against") == "carried"


def test_a_rule_that_is_not_there_leaves_it_to_the_manager_above(stage):
    _, found = ran_out(stage, ', on_expiry = "escalate:nothing"')
    assert found.decider_unit_id == stage.division.key


def test_it_climbs_the_ladder_step_by_step(stage):
    decision, found = ran_out(stage, ', on_expiry = "ladder"', ladder=("division | 3", "chief | 7"))
    assert (found.ladder_step, found.decider_unit_id, found.method) == (1, stage.division.key, "alone")
    assert found.due_at == decision.due_at + timedelta(days=4)
    stage.wait(to=found.due_at)
    found = stage.kept(decision)
    assert (found.ladder_step, found.decider_unit_id) == (2, stage.root.key)
    stage.wait(to=found.due_at)
    assert (stage.kept(decision).ladder_step, stage.kept(decision).decider_unit_id) == (2, stage.root.key)
    assert nothing_lost(stage)


def test_a_question_of_many_goes_to_one_person_when_nobody_put_anything(stage):
    stage.forum(stage.coach, stage.porter, chair=stage.coach)
    stage.in_force(everything('decider = "forum", method = "majority", within_days = 5'))
    decision = stage.raised()
    stage.wait(to=decision.due_at)
    found = stage.kept(decision)
    assert (found.method, found.body_id, found.decider_unit_id) == ("alone", None, stage.root.key)
    assert {seat.state for seat in stage.all(Seat, decision_id=decision.id)} == {"left"}
    assert stage.decide(stage.chief, decision).state == "decided"


def test_a_question_of_many_may_lapse_too(stage):
    stage.forum(stage.coach, stage.porter, chair=stage.coach)
    stage.in_force(everything('decider = "forum", method = "majority", within_days = 5, silence = "lapses"'))
    decision = stage.raised()
    stage.put(stage.coach, decision)
    stage.wait(to=decision.due_at)
    assert (stage.kept(decision).state, stage.lapsed) == ("lapsed", [decision.id])
    assert stage.one(Round, decision_id=decision.id).stage == "closed"
    assert not stage.all(Clock, state="pending").exists()


def test_a_round_that_is_carried_at_the_last_moment_is_carried(stage):
    stage.forum(stage.coach, stage.porter, stage.nurse, chair=stage.coach)
    stage.in_force(everything('decider = "forum", method = "majority", within_days = 5, silence = "lapses"'))
    decision = stage.raised()
    stage.put(stage.coach, decision)
    stage.says(stage.coach, decision, "for")
    stage.says(stage.porter, decision, "for")
    stage.wait(to=decision.due_at)
    assert (stage.kept(decision).state, stage.lapsed, stage.decided) == ("decided", [], [(decision.id, "agreed")])


def test_lapsing_closes_the_hearing(stage):
    from goldthread.record.actions import hearings

    stage.in_force(
        everything('decider = "ward", method = "advice", within_days = 5, consult = ["division"], silence = "lapses"')
    )
    decision = stage.raised()
    stage.do(stage.manager, hearings.open_hearing, decision=decision, question="?", closes_at=stage.now() + timedelta(days=2), view="agreed", confidence="low")  # fmt: skip
    stage.wait(to=decision.due_at)
    assert stage.kept(decision).state == "lapsed"
    assert stage.one(Hearing, decision_id=decision.id).closed_at is not None


def test_what_was_decided_in_time_is_left_alone(stage):
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 5, silence = "lapses"'))
    decision = stage.raised()
    stage.decide(stage.manager, decision, "declined")
    stage.wait(30)
    assert (stage.kept(decision).state, stage.kept(decision).outcome, stage.lapsed) == ("decided", "declined", [])


def test_when_the_decision_maker_left_it_still_goes_up(stage):
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 5'))
    decision = stage.raised()
    stage.leaves(stage.manager)
    stage.leaves(stage.deputy)
    assert stage.may(stage.head, decision)
    stage.wait(to=decision.due_at)
    assert stage.kept(decision).decider_unit_id == stage.division.key
    assert nothing_lost(stage)
