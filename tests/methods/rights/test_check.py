"""The checker against counting every change of small domains, and on schemes whose faults are known."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldthread.methods.rights import Findings, Policy, check
from tests.methods.rights.tables import (
    ATTRIBUTES,
    SCALE,
    SUBJECTS,
    condition,
    matching,
    points,
    policy_of,
    random_table,
    table,
)

SMALL = ("risk", "mode", "reversible", "cost", "balance", "partners")
CALM = {"decider": "manager", "method": "alone", "within_days": 5}
BOARD = {"decider": "board", "method": "majority", "within_days": 30}


def rule(name, *, priority=10, then=CALM, when=None, **extra):
    return {"id": name, "priority": priority, **extra, "when": when or {}, "then": then}


def checked(names, *rules) -> tuple[Policy, Findings]:
    policy = policy_of(table(list(names), list(rules)))
    return policy, check(policy)


@st.composite
def small_policies(draw) -> Policy:
    names = draw(st.lists(st.sampled_from(SMALL), min_size=1, max_size=3, unique=True))
    chance = random.Random(draw(st.integers(0, 2**32)))
    text = random_table(chance, names, draw(st.integers(1, 8)), draw(st.sampled_from((0.3, 0.6, 0.9))))
    return policy_of(text)


@settings(max_examples=150, deadline=None)
@given(small_policies())
def test_findings_are_those_of_counting_every_change(policy):
    found = check(policy)
    flags = {rule.id: rule.residual for rule in policy.rules}
    residual, nobody, winners, pairs = False, False, set(), set()
    for change in points(policy):
        ids = matching(policy, change)
        winners.update(ids[:1])
        nobody |= not ids
        residual |= bool(ids) and all(flags[one] for one in ids)
        pairs.update((one, other) for at, one in enumerate(ids) for other in ids[at + 1 :])
    assert any(not gap.residual for gap in found.gaps) == nobody
    assert any(gap.residual for gap in found.gaps) == residual
    assert found.dead == tuple(one.id for one in policy.rules if one.id not in winners and not one.residual)
    differ = {pair for pair in pairs if policy.rule(pair[0]).then != policy.rule(pair[1]).then}
    assert {overlap.rules for overlap in found.overlaps} == differ
    assert len(found.overlaps) == len(differ)
    for one in found.overlaps:
        first, second = (policy.rule(each) for each in one.rules)
        named = second.id in first.specialises or first.id in second.specialises
        assert one.declared == (named or first.residual or second.residual)


@settings(max_examples=100, deadline=None)
@given(small_policies())
def test_every_witness_shows_what_it_is_a_witness_of(policy):
    found = check(policy)
    for gap in found.gaps:
        assert list(gap.witness) == list(policy.attributes)
        ids = matching(policy, gap.witness)
        assert bool(ids) == gap.residual
        assert all(policy.rule(one).residual for one in ids)
    for overlap in found.overlaps:
        assert list(overlap.witness) == list(policy.attributes)
        assert set(overlap.rules) <= set(matching(policy, overlap.witness))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_findings_do_not_depend_on_the_order_of_rules_or_attributes_in_the_file(seed, chance):
    names = ["risk", "mode", "cost"]
    made = written(seed, names)
    shuffled, turned = list(made), list(names)
    chance.shuffle(shuffled)
    chance.shuffle(turned)
    (_, one), (_, other) = checked(names, *made), checked(turned, *shuffled)
    assert one.dead == other.dead
    assert [(pair.rules, pair.declared) for pair in one.overlaps] == [
        (pair.rules, pair.declared) for pair in other.overlaps
    ]
    assert {gap.residual for gap in one.gaps} == {gap.residual for gap in other.gaps}


def written(seed, names):
    """Six rules as they are written, with outcomes that often coincide."""
    chance = random.Random(seed)
    return [
        rule(
            f"R{at}",
            priority=at,
            when={name: condition(chance, name) for name in names if chance.random() < 0.6},
            then=chance.choice((CALM, BOARD)),
            residual=chance.random() < 0.2,
        )
        for at in range(6)
    ]


def test_a_gap_has_its_boundary_value_as_witness():
    _, found = checked(["cost"], rule("low", when={"cost": ["*", 4999]}), rule("high", when={"cost": [6000, "*"]}))
    assert [gap.witness for gap in found.gaps] == [{"cost": 5000}]
    assert not found.gaps[0].residual
    assert not found.sound


def test_numbers_without_bounds_have_finite_witnesses():
    _, found = checked(["balance"], rule("middle", when={"balance": [-10, 10]}))
    assert [gap.witness for gap in found.gaps] == [{"balance": -11}]  # below -10 and above 10: one region
    _, found = checked(["balance"], rule("low", when={"balance": ["*", 10]}))
    assert [gap.witness for gap in found.gaps] == [{"balance": 11}]
    _, found = checked(["balance", "mode"], rule("normal", when={"mode": {"in": ["normal"]}}))
    assert [gap.witness for gap in found.gaps] == [{"balance": 0, "mode": "crisis"}]


def test_what_only_the_last_resort_catches_is_a_warning():
    _, found = checked(
        ["risk"], rule("low", when={"risk": ["*", "low"]}), rule("rest", priority=99, then=BOARD, residual=True)
    )
    assert [(gap.witness, gap.residual) for gap in found.gaps] == [({"risk": "moderate"}, True)]
    assert [overlap.declared for overlap in found.overlaps] == [True]
    assert found.sound


def test_a_last_resort_is_never_reported_dead_but_can_shadow():
    _, found = checked(
        ["risk"], rule("first", residual=True), rule("shadowed", priority=20), rule("last", priority=30, residual=True)
    )
    assert found.dead == ("shadowed",)


def test_an_overlap_must_be_declared_by_either_rule():
    rules = [rule("a", when={"risk": ["*", "low"]}), rule("b", priority=20, then=BOARD)]
    assert [one.declared for one in checked(["risk"], *rules)[1].overlaps] == [False]
    for at, other in ((0, "b"), (1, "a")):
        declared = [dict(one) for one in rules]
        declared[at]["specialises"] = [other]
        found = checked(["risk"], *declared)[1]
        assert [one.declared for one in found.overlaps] == [True]
        assert found.sound


def test_the_same_outcome_twice_is_no_overlap():
    assert checked(["risk"], rule("a", when={"risk": ["*", "low"]}), rule("b", priority=20))[1].overlaps == ()


def test_several_rules_together_can_kill_one():
    _, found = checked(
        ["cost", "mode"],
        rule("a", priority=1, when={"cost": ["*", 99]}),
        rule("b", priority=2, when={"cost": [100, "*"], "mode": {"in": ["normal"]}}),
        rule("c", priority=3, when={"cost": [100, "*"], "mode": {"in": ["crisis"]}}),
        rule("dead", priority=4, when={"cost": [50, 150]}),
    )
    assert found.dead == ("dead",)
    assert found.gaps == ()


def test_no_more_than_200_gaps_and_a_real_one_comes_first():
    names = list(ATTRIBUTES)
    chance = random.Random(4)
    rules = [rule(f"R{at}", priority=at, when={name: condition(chance, name) for name in names}) for at in range(20)]
    rules.append(rule("rest", priority=99, residual=True, when={"reversible": True}, then=BOARD))
    policy, found = checked(names, *rules)
    assert len(found.gaps) == 200
    assert not found.gaps[0].residual
    assert len({tuple(gap.witness.values()) for gap in found.gaps}) == 200
    for gap in found.gaps:
        assert bool(matching(policy, gap.witness)) == gap.residual


@pytest.mark.parametrize("names", [[], ["risk"]])
def test_a_single_rule_without_conditions_leaves_nothing_out(names):
    _, found = checked(names, rule("all"))
    assert found == Findings(1, (), (), ())


def pieces(chance: random.Random, count: int) -> list[dict[str, tuple[int, int]]]:
    """The space of four attributes cut into boxes, again and again, at random; ends are places of values, or numbers."""
    whole = {"risk": (0, 3), "subject": (0, 3), "reversible": (0, 1), "months": (0, 120)}
    boxes = [whole]
    while len(boxes) < count:
        box = chance.choice([box for box in boxes if any(low < high for low, high in box.values())])
        boxes.remove(box)
        name = chance.choice([name for name, (low, high) in box.items() if low < high])
        low, high = box[name]
        cut = chance.randrange(low, high)
        boxes += [{**box, name: (low, cut)}, {**box, name: (cut + 1, high)}]
    return boxes


def as_when(box):
    (low, high), (first, last), reversible = box["risk"], box["subject"], box["reversible"]
    when = {"risk": [SCALE[low], SCALE[high]], "subject": {"in": list(SUBJECTS[first : last + 1])}}
    when |= {"reversible": bool(reversible[0])} if reversible[0] == reversible[1] else {}
    return {**when, "months": list(box["months"])}


@pytest.mark.parametrize("seed", range(8))
def test_a_space_cut_into_pieces_has_no_finding_and_without_one_piece_exactly_that_gap(seed):
    chance = random.Random(seed)
    boxes = pieces(chance, 200)
    chance.shuffle(boxes)
    names = ["risk", "subject", "reversible", "months"]
    rules = [rule(f"R{at}", when=as_when(box), then={**CALM, "within_days": at}) for at, box in enumerate(boxes)]
    assert checked(names, *rules)[1] == Findings(200, (), (), ())
    taken_out = policy_of(table(names, rules[:1]))
    _, found = checked(names, *rules[1:])
    assert found.gaps
    assert (found.overlaps, found.dead) == ((), ())
    for gap in found.gaps:
        assert matching(taken_out, gap.witness) == ["R0"]
    assert checked(names, *rules, {**rules[0], "id": "again", "priority": 11})[1].dead == ("again",)
