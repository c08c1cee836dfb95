"""Whose decision is it? The scheme in force says, from what was said, worked out and assumed; and all of it is kept."""

from datetime import timedelta

import pytest

from goldthread.journal.models import Event
from goldthread.record import rules
from goldthread.record.actions import decisions, schemes
from goldthread.record.derived import Question
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Clock, Reevaluation
from tests.record.stage import everything, scheme

MONEY = """
[attributes.cost]
type = "int"
min = 0
default = 0
derived = "cost_12_months"
[attributes.risk]
type = "ordered"
values = ["none", "low", "high"]
default = "low"
[attributes.reversible]
type = "bool"
default = true
derived = "reversible"
[attributes.organisations]
type = "int"
min = 1
default = 1
derived = "organisations"
[attributes.scope]
type = "enum"
values = ["team", "division", "organisation"]
"""
LIMITS = scheme(
    'partners | organisations = [2, "*"] | decider = "chief", method = "alone", within_days = 20',
    'lasting | reversible = false | decider = "division", method = "alone", within_days = 10',
    'small | cost = [0, 1000], risk = ["none", "low"] | decider = "ward", method = "alone", within_days = 5, inform = ["division"]',
    'large | | decider = "division", method = "alone", within_days = 10',
    more=MONEY,
)


@pytest.fixture
def limited(stage):
    """Up to 1,000 at low risk the ward decides, above it the division."""
    stage.in_force(LIMITS)
    return stage


def whose(decision):
    return decision.rule, decision.decider_role, decision.decider_unit_id


def test_without_a_scheme_the_nearest_manager_decides_alone(stage):
    decision = stage.raised()
    assert (whose(decision), decision.scheme_version, decision.method) == (
        ("built-in", "unit_manager", stage.ward7.key),
        0,
        "alone",
    )
    assert (decision.due_at - decision.opened_at).days == 14


def test_the_decision_keeps_what_the_scheme_said(limited):
    decision = limited.kept(limited.raised(cost=400))
    assert whose(decision) == ("small", "unit_manager", limited.ward7.key)
    assert (decision.scheme_version, decision.clause, decision.level, decision.method, decision.inform) == (
        1,
        "3",
        "team",
        "alone",
        ["division"],
    )
    assert decision.attributes == {
        "subject": "practice",
        "cost": 400,
        "risk": "low",
        "reversible": True,
        "organisations": 1,
        "scope": "team",
    }
    assert [one["rule"] for one in decision.explanation["narrower"]] == ["partners", "lasting"]
    assert all(one["because"] for one in decision.explanation["narrower"])
    assert limited.told("decision_yours", decision) == {limited.manager.id, limited.deputy.id}
    event = limited.one(Event, kind="record.decision_raised", object_id=decision.id)
    assert (event.rule, event.data["scheme"]) == ("small", 1)


def test_what_nobody_said_is_kept_as_assumed(limited):
    assert set(limited.raised(cost=400).assumed) == {"subject", "risk", "reversible"}
    assert set(limited.raised(cost=400, risk="low", subject="estate").assumed) == {"reversible"}


def test_those_who_are_to_be_told_are_told_of_the_outcome(limited):
    decision = limited.raised(cost=400)
    limited.decide(limited.manager, decision)
    assert limited.told("decision_taken", decision) == {limited.nurse.id, limited.head.id}


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"cost": 1000}, "small"), ({"cost": 1001}, "large"), ({"cost": 10, "risk": "high"}, "large"),
        ({"cost": 10, "undo_days": 28}, "small"), ({"cost": 10, "undo_days": 29}, "lasting"), ({"cost": 10, "undo_days": -1}, "lasting"),
        ({"cost": 10, "undo_days": 0}, "small"), ({"cost": 10, "reversible": False}, "lasting"),
        ({"cost": 10, "undo_days": 3, "reversible": False}, "small"),  # what is worked out counts
    ],
)  # fmt: skip
def test_the_first_rule_that_fits_decides(limited, said, rule):
    assert limited.raised(**said).rule == rule


def test_organisations_are_counted_from_those_named(limited):
    assert limited.raised(organisations=[limited.other]).rule == "partners"
    assert limited.raised(organisations=[limited.trust]).rule == "small"  # one's own is counted already


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"risk": "huge"}, "risk"),
        ({"cost": -1}, "cost"),
        ({"subject": 3}, "subject"),
        ({"reversible": "yes"}, "reversible"),
    ],
)
def test_a_fact_that_the_scheme_does_not_know_is_refused_by_name(limited, said, field):
    with pytest.raises(Invalid, match=field) as caught:
        limited.raised(**said)
    assert caught.value.field == field
    assert not limited.all(Clock).exists()


def test_five_parts_of_one_purchase_are_one_purchase(limited):
    found = [limited.raised(cost=300).rule for _ in range(5)]
    assert found == ["small", "small", "small", "large", "large"]


def test_parts_add_up_however_little_is_said_of_them(limited):
    limited.raised(cost=600)
    assert limited.raised(cost=600, subject="practice").rule == "large"


def test_other_subjects_other_units_and_long_ago_do_not_add_up(limited):
    for _ in range(3):
        limited.raised(cost=300, subject="estate")
    assert limited.raised(cost=300, subject="staffing").rule == "small"
    assert limited.raised(cost=300, subject="estate", unit=limited.ward9).attributes["cost"] == 300
    assert limited.raised(cost=300, subject="estate").rule == "large"
    limited.wait(366, sweep=False)
    assert limited.raised(cost=300, subject="estate").rule == "small"


def test_what_was_refused_or_taken_back_does_not_add_up(limited):
    refused, taken_back, agreed = (limited.raised(cost=300) for _ in range(3))
    limited.decide(limited.manager, refused, "declined")
    limited.do(limited.nurse, decisions.withdraw, decision=taken_back)
    limited.decide(limited.manager, agreed, "agreed")
    assert limited.raised(cost=700).attributes["cost"] == 1000
    assert limited.raised(cost=1).attributes["cost"] == 1001


def test_the_role_is_looked_for_at_its_level_or_the_next_above(limited):
    assert whose(limited.raised(cost=5000)) == ("large", "unit_manager", limited.division.key)
    assert whose(limited.raised(organisations=[limited.other])) == ("partners", "unit_manager", limited.root.key)
    at_the_top = limited.raised(unit=limited.root, by=limited.coach, cost=10)
    assert (at_the_top.decider_unit_id, at_the_top.attributes["scope"]) == (limited.root.key, "organisation")


def test_a_level_that_the_tree_does_not_have_is_skipped(stage):
    stage.in_force(
        everything(
            'decider = "matron", method = "alone", within_days = 5',
            more='[deciders.matron]\nrole = "unit_manager"\nlevel = "department"',
        )
    )
    assert stage.raised().decider_unit_id == stage.division.key


def test_a_vacant_post_climbs(stage):
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 5'))
    decision = stage.raised(unit=stage.ward9, by=stage.porter)
    assert (decision.decider_unit_id, stage.told("decision_yours", decision)) == (stage.division.key, {stage.head.id})
    stage.gives_up(stage.head, "unit_manager")
    assert stage.raised(unit=stage.ward9, by=stage.porter).decider_unit_id == stage.root.key


def test_a_post_vacated_meanwhile_leaves_it_to_the_manager_above(stage):
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 5'))
    decision = stage.raised()
    stage.gives_up(stage.manager, "unit_manager")
    assert stage.may(stage.deputy, decision)
    assert not stage.may(stage.head, decision)
    stage.gives_up(stage.deputy, "deputy_manager")
    assert stage.may(stage.head, decision)
    assert stage.decide(stage.head, decision).decided_as == "unit_manager"


def test_a_role_that_nobody_holds_falls_to_the_managers(stage):
    stage.in_force(
        everything(
            'decider = "lead", method = "alone", within_days = 5',
            more='[deciders.lead]\nrole = "clinical_lead"\nlevel = "division"',
        )
    )
    decision = stage.raised()
    assert (decision.decider_role, decision.decider_unit_id) == ("clinical_lead", stage.division.key)
    assert stage.may(stage.head, decision)
    assert not stage.may(stage.manager, decision)
    stage.holds(stage.coach, "clinical_lead", stage.division)
    assert stage.may(stage.coach, decision)
    assert not stage.may(stage.head, decision)


def test_a_body_decides_through_its_chair(stage):
    body = stage.forum(stage.coach, stage.porter, chair=stage.coach)
    stage.in_force(everything('decider = "forum", method = "alone", within_days = 5'))
    decision = stage.raised()
    assert (decision.body_id, decision.explanation["title"]) == (body.id, "forum")
    assert stage.told("decision_yours", decision) == {stage.coach.id}
    with pytest.raises(NotYours, match="chair of The forum"):
        stage.decide(stage.porter, decision)
    assert stage.decide(stage.coach, decision).decided_as == "chair"


def test_the_nearest_scheme_wins(stage):
    stage.in_force(everything('decider = "chief", method = "alone", within_days = 5'))
    assert stage.raised().decider_unit_id == stage.root.key
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 5'), unit=stage.division)
    decision = stage.raised()
    assert (decision.decider_unit_id, decision.scheme_version) == (stage.ward7.key, 2)
    assert stage.raised(unit=stage.root).scheme_version == 1


def test_the_scheme_of_another_organisation_says_nothing_here(stage):
    stage.in_force(everything('decider = "chief", method = "alone", within_days = 5'))
    with_none = stage.do(stage.stranger, lambda by, at: rules.match(Question(stage.other_ward, {}, (), at)))
    assert (with_none.rule, with_none.scheme) == ("built-in", None)


def test_open_decisions_keep_the_version_they_were_opened_under(limited):
    decision = limited.raised(cost=400)
    limited.wait(1)
    limited.in_force(everything('decider = "chief", method = "alone", within_days = 5', more=MONEY))
    assert limited.raised(cost=400).scheme_version == 2
    changed = limited.do(limited.nurse, decisions.facts_changed, decision=decision, attributes={"cost": 5000})
    assert (changed.scheme_version, changed.rule, changed.decider_unit_id) == (1, "large", limited.division.key)
    limited.refuses(
        "update record_decision set scheme_version = 2 where id = %s",
        decision.id,
        match="cannot be changed once it is open",
    )


def test_when_a_fact_changes_both_answers_are_kept_and_the_new_decision_maker_is_told(limited):
    decision = limited.raised(cost=400)
    limited.do(limited.manager, decisions.delegate, decision=decision, to=limited.porter)
    limited.wait(3)
    changed = limited.do(limited.manager, decisions.facts_changed, decision=decision, attributes={"cost": 5000})
    assert (changed.rule, changed.decider_unit_id, changed.delegated_to) == ("large", limited.division.key, None)
    kept = limited.one(Reevaluation, decision_id=decision.id)
    assert (kept.because, kept.by_id) == ("facts_changed", limited.manager.id)
    assert (kept.before["rule"], kept.before["attributes"]["cost"], kept.before["unit"]) == (
        "small",
        400,
        limited.ward7.key,
    )
    assert (kept.after["rule"], kept.after["attributes"]["cost"], kept.after["unit"]) == (
        "large",
        5000,
        limited.division.key,
    )
    assert limited.told("decision_yours", decision) >= {limited.head.id}
    clock = limited.all(Clock, about_id=decision.id, purpose="decision_due", state="pending").get()
    assert clock.due_at == changed.due_at == limited.kept(decision).due_at
    assert changed.due_at - limited.now() > timedelta(days=10)
    assert not limited.may(limited.manager, decision)
    assert not limited.may(limited.porter, decision)
    assert limited.decide(limited.head, decision).state == "decided"


def test_its_own_cost_is_not_added_to_itself_when_it_is_asked_again(limited):
    decision = limited.raised(cost=600)
    changed = limited.do(limited.nurse, decisions.facts_changed, decision=decision, attributes={"cost": 700})
    assert (changed.attributes["cost"], changed.rule) == (700, "small")


def test_a_fact_that_changes_nothing_keeps_the_clock(limited):
    decision = limited.raised(cost=400)
    limited.wait(1)
    changed = limited.do(limited.nurse, decisions.facts_changed, decision=decision, attributes={"cost": 500})
    assert (changed.rule, changed.due_at, changed.attributes["cost"]) == ("small", decision.due_at, 500)
    assert limited.all(Reevaluation, decision_id=decision.id).count() == 1


def test_only_whoever_raised_or_decides_it_corrects_its_facts(limited):
    decision = limited.raised(cost=400)
    for person in (limited.porter, limited.head):
        with pytest.raises(NotYours, match="may correct its facts"):
            limited.do(person, decisions.facts_changed, decision=decision, attributes={"cost": 1})
    with pytest.raises(Invalid) as caught:
        limited.do(limited.nurse, decisions.facts_changed, decision=decision, attributes={"colour": "red"})
    assert caught.value.field == "colour"
    limited.decide(limited.manager, decision)
    with pytest.raises(AlreadyEnded):
        limited.do(limited.nurse, decisions.facts_changed, decision=decision, attributes={"cost": 1})
    assert not limited.all(Reevaluation).exists()


def test_the_database_changes_no_facts_without_a_record_of_both(limited):
    decision = limited.raised(cost=400)
    for change in ("rule = 'large'", "attributes = '{}'"):
        limited.refuses(
            f"update record_decision set {change} where id = %s", decision.id, match="only with a record of both"
        )
    limited.refuses("update record_reevaluation set because = 'x'", match="permission denied")


def test_the_record_of_both_is_never_changed(limited):
    limited.do(limited.nurse, decisions.facts_changed, decision=limited.raised(cost=400), attributes={"cost": 5000})
    for sql in ("update record_reevaluation set because = 'x'", "delete from record_reevaluation"):
        limited.refuses(sql, match="permission denied")


def test_a_question_that_no_rule_covers_goes_to_the_nearest_manager(stage):
    """Such a scheme cannot enter into force; if one is there all the same, nothing is left without a decision-maker."""
    text = scheme('estate | subject = "estate" | decider = "chief", method = "alone", within_days = 5')
    made = stage.do(stage.chief, schemes.draft_scheme, title="With a gap", text=text)
    stage.sql("insert into record_schemeterm (id, organisation_id, scheme_id, unit_id, period) values (gen_random_uuid(), %s, %s, %s, daterange('2026-01-01', null))",
              stage.trust.id, made.id, stage.root.key)  # fmt: skip
    assert stage.raised(subject="estate").decider_unit_id == stage.root.key
    assert whose(stage.raised(subject="staffing")) == ("built-in", "unit_manager", stage.ward7.key)
