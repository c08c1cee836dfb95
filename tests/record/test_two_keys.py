"""Deciding with two keys: two people, never one; whoever refuses ends the round."""

import pytest

from goldthread.record.actions import bodies, decisions, rounds
from goldthread.record.errors import Invalid, NotYours, Refused
from goldthread.record.models import Position, Seat
from goldthread.record.queries import decisions as reading
from tests.record.stage import everything, scheme

KEYS = 'decider = "ward", method = "two-key", second = "division", within_days = 5'


@pytest.fixture
def raised(stage):
    """The manager of Ward 7 holds the first key, the head of the division the second."""
    stage.in_force(everything(KEYS))
    return stage.raised()


def key(stage, decision, number):
    return stage.one(Seat, decision_id=decision.id, label__startswith=("First key", "Second key")[number - 1])


def turn(stage, person, decision, number, said="sign", reason=""):
    return stage.do(person, rounds.take_position, seat=key(stage, decision, number), said=said, reason=reason)


def test_two_people_hold_a_key_and_are_told(stage, raised):
    assert {(seat.role, seat.unit_id) for seat in stage.all(Seat, decision_id=raised.id)} == {("unit_manager", stage.ward7.key), ("unit_manager", stage.division.key)}  # fmt: skip
    assert stage.told("seat_yours") == {stage.manager.id, stage.deputy.id, stage.head.id}
    assert len(stage.read(stage.head, reading.my_seats)) == 1


def test_the_first_signs_by_proposing_and_the_second_carries_it(stage, raised):
    made = stage.put(stage.manager, raised)
    assert [one.by_id for one in stage.all(Position, round_id=made.id, said="sign")] == [stage.manager.id]
    assert stage.kept(raised).state == "open"
    assert turn(stage, stage.head, raised, 2) == "carried"
    found = stage.kept(raised)
    assert (found.state, found.outcome, found.decided_as) == ("decided", "agreed", "carried")
    assert stage.decided == [(raised.id, "agreed")]


def test_nobody_decides_it_alone(stage, raised):
    with pytest.raises(Refused, match="needs two people"):
        stage.decide(stage.manager, raised)


def test_only_a_decision_maker_proposes(stage, raised):
    for person in (stage.head, stage.nurse):
        with pytest.raises(NotYours):
            stage.put(person, raised)


def test_a_delegate_without_a_key_proposes_nothing(stage, raised):
    stage.do(stage.manager, decisions.delegate, decision=raised, to=stage.porter)
    with pytest.raises(NotYours, match="one of the two keys"):
        stage.put(stage.porter, raised)
    assert not stage.all(Position).exists()


def test_whoever_has_no_key_turns_none(stage, raised):
    stage.put(stage.manager, raised)
    for person in (stage.manager, stage.deputy, stage.nurse, stage.chief):
        with pytest.raises(NotYours, match="Only whoever speaks for Second key"):
            turn(stage, person, raised, 2)
    for said in ("for", "consent", "agree"):
        with pytest.raises(Invalid):
            turn(stage, stage.head, raised, 2, said)


def test_the_same_person_never_turns_both(stage):
    stage.holds(stage.manager, "unit_manager", stage.division)
    stage.in_force(everything(KEYS))
    decision = stage.raised()
    stage.put(stage.manager, decision)
    with pytest.raises(NotYours, match="turned the other key"):
        turn(stage, stage.manager, decision, 2)
    assert stage.kept(decision).state == "open"
    assert turn(stage, stage.head, decision, 2) == "carried"


def test_the_database_counts_people_not_keys(stage):
    stage.holds(stage.manager, "unit_manager", stage.division)
    stage.in_force(everything(KEYS))
    decision = stage.raised()
    made = stage.put(stage.manager, decision)
    stage.sql("insert into record_position (id, organisation_id, seat_id, round_id, said, by_id, at) values (gen_random_uuid(), %s, %s, %s, 'sign', %s, now())",
              stage.trust.id, key(stage, decision, 2).id, made.id, stage.manager.id)  # fmt: skip
    assert stage.sql("select goldthread_carry(%s, now())", made.id) == [("silent",)]
    assert stage.kept(decision).state == "open"


def test_manager_and_deputy_turn_two_keys_of_one_unit(stage):
    stage.in_force(everything('decider = "ward", method = "two-key", second = "ward", within_days = 5'))
    decision = stage.raised()
    stage.put(stage.manager, decision)
    assert turn(stage, stage.deputy, decision, 2) == "carried"


def test_whoever_refuses_says_why_and_ends_the_round(stage, raised):
    made = stage.put(stage.manager, raised)
    with pytest.raises(Invalid) as caught:
        turn(stage, stage.head, raised, 2, "refuse")
    assert caught.value.field == "reason"
    assert turn(stage, stage.head, raised, 2, "refuse", "Not safe yet") == "lost"
    assert (stage.kept(made).result, stage.kept(raised).state) == ("lost", "open")
    assert stage.told("round_lost", raised) == {stage.manager.id, stage.deputy.id}
    assert stage.put(stage.manager, raised, text="With a guard").number == 2


def test_a_key_not_turned_in_time_decides_nothing(stage, raised):
    made = stage.put(stage.manager, raised, days=2)
    stage.wait(to=made.closes_at)
    assert (stage.kept(made).result, stage.kept(raised).state) == ("silent", "open")


def test_a_key_turned_back_counts_no_more(stage, raised):
    stage.put(stage.manager, raised)
    stage.do(stage.manager, rounds.withdraw_position, seat=key(stage, raised, 1))
    assert turn(stage, stage.head, raised, 2) == "open"
    assert turn(stage, stage.deputy, raised, 1) == "carried"


def test_a_body_turns_a_key_through_its_chair(stage):
    stage.forum(stage.coach, stage.porter, chair=stage.coach)
    stage.in_force(everything('decider = "ward", method = "two-key", second = "forum", within_days = 5'))
    decision = stage.raised()
    assert stage.coach.id in stage.told("seat_yours")
    stage.put(stage.manager, decision)
    for person in (stage.porter, stage.chief):
        with pytest.raises(NotYours):
            turn(stage, person, decision, 2)
    assert stage.told("round_put") >= {stage.coach.id}
    assert [one.answered for one in stage.read(stage.coach, reading.my_seats)] == [False]
    assert turn(stage, stage.coach, decision, 2) == "carried"


def test_a_body_that_is_the_first_key(stage):
    body = stage.forum(stage.coach, stage.porter, chair=stage.coach)
    stage.do(stage.chief, bodies.seat, body=body, person=stage.nurse, place="deputy")
    stage.in_force(everything('decider = "forum", method = "two-key", second = "division", within_days = 5'))
    decision = stage.raised()
    stage.put(stage.coach, decision)
    assert turn(stage, stage.head, decision, 2) == "carried"


def test_the_second_key_is_there_after_it_was_passed_up(stage):
    stage.in_force(scheme(
        f'small | subject = "practice" | {KEYS}, on_expiry = "escalate:large"',
        'large | | decider = "division", method = "two-key", second = "chief", within_days = 5',
    ))  # fmt: skip
    decision = stage.raised()
    stage.wait(to=decision.due_at)
    stage.put(stage.head, decision)
    active = [seat.unit_id for seat in stage.all(Seat, decision_id=decision.id, state="active")]
    assert sorted(active) == sorted([stage.division.key, stage.root.key])
    assert turn(stage, stage.chief, decision, 2) == "carried"
