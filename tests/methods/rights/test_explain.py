"""Whose decision it is, against the slow definition; refusals; earned limits; what is safe to try."""

import copy
import enum
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldthread.methods.rights import (
    ChangeProblem,
    NobodyDecides,
    NotMatched,
    Numbers,
    Ordered,
    explain,
    read_policy,
    safe_to_try,
    with_limit,
)
from tests.methods.rights.tables import ATTRIBUTES, holds, matching, policy_of, random_table

TRUST = """
title = "A small trust"
[attributes.scope]
type = "ordered"
values = ["team", "department", "organisation"]
[attributes.cost]
type = "int"
min = 0
max = 1_000_000
unit = "£"
default = 0
[attributes.subject]
type = "enum"
values = ["practice", "estate"]
default = "practice"
[attributes.reversible]
type = "bool"
default = true
[[rule]]
id = "ward"
clause = "4.1"
priority = 10
specialises = ["department"]
when = { scope = "team", cost = ["*", 4999], reversible = true }
then = { decider = "ward_manager", method = "alone", within_days = 2, inform = ["department_lead"] }
[[rule]]
id = "department"
clause = "4.2"
priority = 20
when = { scope = ["*", "department"], cost = [0, 25000] }
then = { decider = "department_lead", method = "advice", within_days = 5, consult = ["ward_staff"] }
[[rule]]
id = "board"
clause = "4.3"
priority = 30
when = { cost = [25001, "*"] }
then = { decider = "board", method = "majority", within_days = 30, quorum = 5 }
[[safe_to_try]]
id = "small"
title = "A small trial on one ward"
when = { scope = "team", cost = [0, 250], reversible = true }
start = "tell the shift and begin"
inform = ["ward_manager"]
stop_if = "anybody is hurt"
look_back_days = 30
"""


@pytest.fixture
def trust():
    return policy_of(TRUST)


def values(policy):
    """A strategy for changes, with numbers on and beside every limit."""
    limits = {
        end
        for rule in policy.rules
        for one in rule.when.values()
        if isinstance(one, Numbers)
        for end in (one.low, one.high)
        if end is not None
    }
    near = sorted({limit + step for limit in (*limits, 0) for step in (-1, 0, 1)})
    made = {}
    for name, one in policy.attributes.items():
        if one.type == "int":
            inside = [x for x in near if (one.low is None or x >= one.low) and (one.high is None or x <= one.high)]
            made[name] = st.sampled_from(inside or [one.high if one.low is None else one.low])
        else:
            made[name] = st.booleans() if one.type == "bool" else st.sampled_from(one.values)
    return st.fixed_dictionaries(made)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(0, 2**32), st.sampled_from((0.2, 0.5, 0.9)))
def test_the_first_rule_that_accepts_the_change_decides(data, seed, asks):
    policy = policy_of(random_table(random.Random(seed), list(ATTRIBUTES), 12, asks))
    for _ in range(5):
        change = data.draw(values(policy))
        ids = matching(policy, change)
        order = [rule.id for rule in policy.rules]
        if not ids:
            with pytest.raises(NobodyDecides) as nobody:
                explain(policy, change)
            assert [one.rule for one in nobody.value.because] == order
            continue
        why = explain(policy, change)
        assert why.rule.id == ids[0]
        assert why.matched == {name: change[name] for name in policy.rule(ids[0]).when}
        assert why.change == change
        assert why.assumed == ()
        assert [one.rule for one in why.narrower] == order[: order.index(ids[0])]
        for one in why.narrower:
            failing = [
                name
                for name, asked in policy.rule(one.rule).when.items()
                if not holds(policy, name, asked, change[name])
            ]
            assert sorted(part.split(" must be ")[0] for part in one.because.split("; ")) == sorted(failing)


def test_priority_beats_the_order_of_the_file_and_the_file_breaks_ties():
    rules = "".join(
        f'[[rule]]\nid = "{name}"\npriority = {priority}\nthen = {{ decider = "x", method = "alone", within_days = 1 }}\n'
        for name, priority in (("late", 9), ("b", 3), ("a", 3))
    )
    assert [rule.id for rule in policy_of(rules).rules] == ["b", "a", "late"]
    assert explain(policy_of(rules), {}).rule.id == "b"


def test_what_was_not_said_is_assumed_and_named(trust):
    why = explain(trust, {"scope": "team", "cost": 4999})
    assert (why.rule.id, why.assumed) == ("ward", ("subject", "reversible"))
    assert why.matched == {"scope": "team", "cost": 4999, "reversible": True}
    assert why.narrower == ()
    assert explain(trust, {"scope": "team", "cost": None}).assumed == ("cost", "subject", "reversible")


def test_the_reasons_name_what_narrower_rules_ask_for(trust):
    why = explain(trust, {"scope": "department", "cost": 30000, "reversible": False})
    assert why.rule.id == "board"
    assert why.narrower == (
        NotMatched("ward", "scope must be team; cost must be £4,999 or less; reversible must be yes"),
        NotMatched("department", "cost must be £25,000 or less"),
    )


def test_nobody_may_decide_says_why(trust):
    with pytest.raises(NobodyDecides) as nobody:
        explain(trust, {"scope": "organisation", "cost": 10})
    assert [one.rule for one in nobody.value.because] == ["ward", "department", "board"]
    assert nobody.value.because[2].because == "cost must be £25,001 or more"


@pytest.mark.parametrize(
    ("change", "attribute", "message"),
    [
        ({"scope": "team", "cots": 5}, "cots", "did you mean 'cost'?"),
        ({"scope": "taem"}, "scope", "did you mean 'team'?"),
        ({}, "scope", "scope is missing, and the scheme has no default"),
        ({"scope": None}, "scope", "is missing"),
        ({"scope": "team", "cost": "5"}, "cost", "must be a whole number, not '5'"),
        ({"scope": "team", "cost": 5.0}, "cost", "must be a whole number"),
        ({"scope": "team", "cost": True}, "cost", "must be a whole number, not true"),
        ({"scope": "team", "cost": -1}, "cost", "must be 0 or more"),
        ({"scope": "team", "cost": 1_000_001}, "cost", "must be 1000000 or less"),
        ({"scope": "team", "reversible": 1}, "reversible", "must be true or false"),
        ({"scope": "team", "reversible": "true"}, "reversible", "must be true or false"),
        ({"scope": ["team"]}, "scope", "must be one of"),
        ({"scope": 3}, "scope", "must be one of"),
        ({"scope": "team", "cost": 5, "subject": "practice", "reversible": True, "more": 1}, "more", "no attribute"),
        ({"scope": "team", "cost": 5, "subject": "practice", "reversible": 1}, "reversible", "true or false"),
        ({"scope": "team", "cost": -5, "subject": "practice", "reversible": True}, "cost", "0 or more"),
    ],
)
def test_a_change_that_cannot_be_used_is_refused_by_name(trust, change, attribute, message):
    for ask in (explain, safe_to_try):
        with pytest.raises(ChangeProblem) as problem:
            ask(trust, change)
        assert problem.value.attribute == attribute
        assert message in str(problem.value)


def test_values_of_finer_types_are_taken_for_what_they_are(trust):
    class Scope(str, enum.Enum):  # noqa: UP042  (as Django's choices are)
        TEAM = "team"

    class Pounds(int):
        pass

    why = explain(trust, {"scope": Scope.TEAM, "cost": Pounds(7), "subject": "practice", "reversible": True})
    assert why.rule.id == "ward"
    assert [type(value) for value in why.matched.values()] == [str, int, bool]


def test_more_changes_than_are_remembered_are_still_answered():
    policy = policy_of(random_table(random.Random(7), list(ATTRIBUTES), 25, 0.6))
    policy.index.MOST_KEPT = 3
    chance = random.Random(8)
    for _ in range(300):
        change = {
            name: chance.randint(0, 9) if one.type == "int" else chance.choice(one.values or (False, True))
            for name, one in policy.attributes.items()
        }
        ids = matching(policy, change)
        if ids:
            assert explain(policy, change).rule.id == ids[0]
        assert len(policy.index.explained) <= 3


def test_raising_a_limit_moves_exactly_what_lies_below_it(trust):
    raised = with_limit(trust, rule="ward", attribute="cost", high=10_000)
    for cost, before, after in (
        (4999, "ward", "ward"),
        (5000, "department", "ward"),
        (10_000, "department", "ward"),
        (10_001, "department", "department"),
    ):
        assert explain(trust, {"scope": "team", "cost": cost}).rule.id == before
        assert explain(raised, {"scope": "team", "cost": cost}).rule.id == after
    wider = with_limit(raised, rule="department", attribute="scope", high="organisation")
    assert explain(wider, {"scope": "organisation", "cost": 5}).rule.id == "department"
    assert wider.rule("department").when["scope"] == Ordered(None, "organisation")


@pytest.mark.parametrize(
    ("rule", "attribute", "high", "message"),
    [
        ("nobody", "cost", 10, "no rule 'nobody'"),
        ("ward", "reversible", 10, "no upper limit of 'reversible'"),
        ("ward", "subject", "estate", "no upper limit"),
        ("ward", "nothing", 10, "no upper limit"),
        ("board", "cost", 50_000, "no upper limit"),
        ("ward", "cost", "much", "whole number"),
        ("ward", "cost", 2_000_000, "1000000 or less"),
        ("ward", "cost", 4998, "lower than the limit"),
        ("department", "scope", "galaxy", "one of"),
        ("department", "scope", "team", "lower than the limit"),
    ],
)
def test_only_an_upper_limit_can_be_raised(trust, rule, attribute, high, message):
    with pytest.raises(ValueError, match=message):
        with_limit(trust, rule=rule, attribute=attribute, high=high)


def test_what_is_safe_to_try_is_found_and_nothing_else(trust):
    safe = safe_to_try(trust, {"scope": "team", "cost": 250})
    assert safe is not None
    assert (safe.id, safe.look_back_days, safe.inform) == ("small", 30, ("ward_manager",))
    assert safe_to_try(trust, {"scope": "team", "cost": 251}) is None
    assert safe_to_try(trust, {"scope": "team", "reversible": False}) is None


def test_a_policy_is_a_key_and_can_be_copied(trust):
    assert {trust: 1}[trust] == 1
    explain(trust, {"scope": "team"})
    copied = copy.deepcopy(trust)
    assert copied.rules == trust.rules
    assert explain(copied, {"scope": "team"}) == explain(trust, {"scope": "team"})
    assert read_policy(TRUST).rules == 3
