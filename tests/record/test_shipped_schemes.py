"""The shipped schemes: nothing left out, nothing ambiguous, and everyday questions land where a trust secretary would expect."""

import tomllib
from itertools import pairwise, product
from typing import Any

import pytest

from goldthread.methods.rights import Policy, Value, check, explain, read_policy, safe_to_try, unresolved, with_limit
from goldthread.organisation.profiles import NHS_ICS
from goldthread.organisation.roles import ROLES
from goldthread.record import schemes
from tests.record.everyday_questions import QUESTIONS

NAMES = ("company", "ics", "nhs-trust")
EVERYDAY = ("practice", "staffing", "spending", "estate", "digital")
COSTS = (
    0,
    5_000,
    5_001,
    25_000,
    25_001,
    49_999,
    50_000,
    100_000,
    100_001,
    250_000,
    250_001,
    500_000,
    500_001,
    9_000_000,
)
#: Who stands above whom, for the question whether more money or more risk ever leads further down.
HEIGHT = {
    "unit_manager": 0, "ward_manager": 0, "team_lead": 0, "department_head": 1, "division_director": 2, "country_head": 2,
    "place_lead": 2, "executive": 3, "collaborative": 4, "forum": 4, "chief_executive": 5,
    "chief_executive_in_an_incident": 5, "partnership": 6, "board": 7,
}  # fmt: skip


def policy_named(name: str) -> Policy:
    reading = read_policy(schemes.text(name))
    assert reading.policy is not None, reading.problems
    return reading.policy


@pytest.fixture(params=NAMES)
def policy(request: pytest.FixtureRequest) -> Policy:
    return policy_named(request.param)


@pytest.fixture(params=NAMES)
def written(request: pytest.FixtureRequest) -> dict[str, Any]:
    return tomllib.loads(schemes.text(request.param))


def decides(policy: Policy, **facts: Value) -> tuple[str, str, int]:
    then = explain(policy, facts).rule.then
    return then.decider, then.method, then.within_days


def test_exactly_these_are_shipped():
    assert tuple(sorted(schemes.titles())) == NAMES
    assert len(set(schemes.titles().values())) == len(NAMES)


def test_nothing_is_left_out_ambiguous_or_without_effect(policy):
    findings = check(policy)
    assert findings.gaps == ()  # not even for the last entry
    assert [one.rules for one in findings.overlaps if not one.declared] == []
    assert findings.dead == ()
    assert 10 <= findings.rules <= 22


def test_no_entry_claims_a_precedence_that_it_does_not_have(policy):
    meant = {one.rules for one in check(policy).overlaps}
    claimed = {(rule.id, other) for rule in policy.rules for other in rule.specialises}
    assert claimed - meant == set()


def test_every_name_stands_for_somebody(policy):
    assert unresolved(policy, roles=ROLES, levels=NHS_ICS.levels) == ()
    assert {one.body for one in policy.deciders.values() if one.body} <= {
        "board", "council-of-governors", "professional-leadership-forum", "partnership-board", "provider-collaborative", "works-forum",
    }  # fmt: skip
    assert all(one.title for one in policy.deciders.values())


def test_every_entry_can_be_read_and_says_what_silence_means(written):
    clauses = [rule["clause"] for rule in written["rule"]]
    assert len(set(clauses)) == len(clauses)
    assert sorted(clauses, key=float) == clauses
    assert sorted(rule["priority"] for rule in written["rule"]) == [rule["priority"] for rule in written["rule"]]
    for rule in written["rule"]:
        assert rule["title"]
        assert rule["note"]
        assert rule["then"]["silence"] in ("escalates", "lapses")
        assert rule["then"]["on_expiry"]
        assert rule["then"]["review_days"] > 0


def test_what_people_choose_from_has_words(policy):
    for name in ("subject", "scope", "mode"):
        attribute = policy.attributes[name]
        assert set(attribute.words) == set(attribute.values), name


def test_the_attributes_are_the_same_in_all_schemes():
    first, *rest = (policy_named(name).attributes for name in NAMES)
    for other in rest:
        for name, one in first.items():
            same = other[name]
            assert (same.type, same.values, same.low, same.default, same.derived) == (
                one.type,
                one.values,
                one.low,
                one.default,
                one.derived,
            )
        assert list(other) == list(first)


def test_a_dispute_is_never_left_without_a_day_and_ends_at_the_board(policy):
    assert [step.within_days for step in policy.ladder] == [7, 14, 28, 28]
    assert policy.deciders[policy.ladder[-1].decider].body == "board"


def test_the_board_alone_may_change_the_scheme(policy):
    for scope, cost, organisations, mode in product(
        ("organisation", "place", "system"), COSTS, (1, 2, 5), ("normal", "devolved")
    ):
        said = explain(
            policy, {"subject": "authority", "scope": scope, "cost": cost, "organisations": organisations, "mode": mode}
        )
        assert (said.rule.then.decider, said.rule.then.method) == ("board", "majority")
        assert said.rule.then.quorum


@pytest.mark.parametrize("attribute", ["cost", "risk"])
def test_more_money_or_more_risk_never_leads_further_down(policy, attribute):
    """In normal times, whatever else is the same."""
    steps = {"cost": COSTS, "risk": policy.attributes["risk"].values}
    others = {
        "subject": policy.attributes["subject"].values, "scope": policy.attributes["scope"].values,
        "organisations": (1, 2), "reversible": (True, False), **{name: values for name, values in steps.items() if name != attribute},
    }  # fmt: skip
    for values in product(*others.values()):
        facts = dict(zip(others, values, strict=True))
        heights = [HEIGHT[explain(policy, {**facts, attribute: value}).rule.then.decider] for value in steps[attribute]]
        assert all(low <= high for low, high in pairwise(heights)), (facts, heights)


def test_nobody_commits_another_organisation_alone(policy):
    open_subjects = set(policy.attributes["subject"].values) - {"authority", "crisis", "information_sharing"}
    for subject, scope, cost, risk in product(open_subjects, policy.attributes["scope"].values, COSTS, ("low", "high")):
        facts = {"subject": subject, "scope": scope, "cost": cost, "risk": risk, "organisations": 2, "mode": "devolved"}
        then = explain(policy, facts).rule.then
        assert then.method in ("joint", "consent"), facts
        assert then.on_expiry == "ladder"


def test_temporary_authority_is_narrow_and_looked_back_on(policy):
    for subject, scope, cost, risk, reversible in product(
        policy.attributes["subject"].values,
        policy.attributes["scope"].values,
        COSTS,
        policy.attributes["risk"].values,
        (True, False),
    ):
        facts = {"subject": subject, "scope": scope, "cost": cost, "risk": risk, "reversible": reversible}
        usual, now = explain(policy, facts).rule, explain(policy, {**facts, "mode": "devolved"}).rule
        if subject not in EVERYDAY or cost >= 50_000 or not reversible:
            assert now is usual, facts
        else:
            assert now.then.within_days == 1
            assert now.then.review_days == 14


@pytest.mark.parametrize("name", ["ics", "nhs-trust"])
def test_no_one_person_changes_high_risk_care_alone_even_in_a_crisis(name):
    policy = policy_named(name)
    for scope, cost, mode, reversible in product(("team", "division"), COSTS, ("normal", "devolved"), (True, False)):
        facts = {"risk": "high", "scope": scope, "cost": cost, "mode": mode, "reversible": reversible}
        assert explain(policy, facts).rule.then.method in ("two-key", "consent", "majority"), facts


def test_what_may_simply_be_tried_is_small_and_can_be_put_back(policy):
    assert len(policy.safe) in (2, 3)
    free = {"subject": "practice", "cost": 0, "risk": "low"}
    assert safe_to_try(policy, free) is not None
    assert safe_to_try(policy, {"subject": "spending", "cost": 249}) is not None
    for more in (
        {"cost": 250},
        {"risk": "moderate"},
        {"scope": "department"},
        {"organisations": 2},
        {"reversible": False},
    ):
        for subject in policy.attributes["subject"].values:
            assert safe_to_try(policy, {**free, "subject": subject, **more}) is None, (subject, more)
    assert all(one.start and one.stop_if and one.inform and one.look_back_days <= 28 for one in policy.safe)


@pytest.mark.parametrize(
    ("name", "rule", "lead"),
    [
        ("nhs-trust", "ward-small", "ward_manager"),
        ("ics", "team-small", "team_lead"),
        ("company", "team-small", "team_lead"),
    ],
)
def test_a_team_that_earned_more_decides_more(name, rule, lead):
    policy = policy_named(name)
    assert decides(policy, cost=8_000)[0] == "department_head"
    raised = with_limit(policy, rule=rule, attribute="cost", high=10_000)
    assert decides(raised, cost=8_000)[0] == lead
    assert decides(raised, cost=10_001)[0] == "department_head"


@pytest.mark.parametrize(
    ("name", "facts", "expected"),
    [(name, facts, expected) for name, rows in QUESTIONS.items() for facts, expected in rows],
)
def test_an_everyday_question_goes_where_one_would_expect(name, facts, expected):
    assert decides(policy_named(name), **facts) == expected


def test_the_questions_use_every_entry_but_the_last():
    for name, rows in QUESTIONS.items():
        policy = policy_named(name)
        used = {explain(policy, facts).rule.id for facts, _ in rows}
        assert {rule.id for rule in policy.rules if not rule.residual} == used, name


def test_those_who_must_be_heard_are():
    trust, company = policy_named("nhs-trust"), policy_named("company")
    assert "governors" in trust.rule("closure").then.consult
    assert trust.rule("high-risk").then.professions == ("nursing", "medical", "allied_health")
    assert trust.rule("information").then.second == "caldicott_guardian"
    assert {"staff", "division_clinical_lead"} <= set(trust.rule("division").then.consult)
    assert "forum" in company.rule("reorganisation").then.consult
    assert {company.rule(one).then.second for one in ("buying", "buying-large")} == {"head_of_procurement"}
