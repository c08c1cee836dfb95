"""Earned authority: a limit is raised step by step, with a coach and a guard-rail, and reviewed after ninety days."""

from datetime import date

import pytest

from goldthread.journal.models import Event
from goldthread.record.actions import decisions, earned
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Clock, EarnedLimit
from goldthread.record.queries import schemes as reading
from tests.record.stage import scheme

LIMITS = scheme(
    'small | cost = [0, 500], risk = ["none", "low"] | decider = "ward", method = "alone", within_days = 5',
    'large | | decider = "division", method = "alone", within_days = 10',
    more="""
[attributes.cost]
type = "int"
min = 0
default = 0
[attributes.risk]
type = "ordered"
values = ["none", "low", "high"]
default = "low"
""",
)


@pytest.fixture
def limited(stage):
    """Up to 500 at low risk the ward decides, above it the division."""
    stage.in_force(LIMITS)
    return stage


def grant(stage, up_to="1000", unit=None, rule="small", attribute="cost", guard_rail="Never for staff"):
    return stage.do(stage.head, lambda by, at: earned.grant(
        decision=None, unit=unit or stage.ward7, rule=rule, attribute=attribute, up_to=up_to, coach=stage.coach,
        guard_rail=guard_rail, at=at, actor=by.acting_as()))  # fmt: skip


def review(stage, limit, verdict, words="It went well", by=None):
    return stage.do(by or stage.coach, earned.review, limit=limit, verdict=verdict, words=words)


def test_the_limit_is_raised_from_today_at_the_unit_and_below(limited):
    before = limited.raised(cost=800)
    made = grant(limited)
    assert (made.step, made.period.lower, made.period.upper, made.review_on) == (
        1,
        date(2026, 6, 15),
        None,
        date(2026, 9, 13),
    )
    assert limited.raised(cost=800).decider_unit_id == limited.ward7.key
    assert limited.raised(cost=1000).rule == "small"
    assert limited.raised(cost=1001).rule == "large"
    assert limited.raised(cost=800, risk="high").rule == "large"
    assert limited.raised(cost=800, unit=limited.ward9).rule == "large"
    assert limited.kept(before).rule == "large"
    assert [
        one.id for one in limited.read(limited.nurse, lambda viewer: reading.limits(viewer=viewer, unit=limited.ward7))
    ] == [made.id]
    event = limited.one(Event, kind="record.limit_raised")
    assert (event.rule, event.data["up_to"], event.data["step"]) == ("small", "1000", 1)


def test_a_limit_on_a_scale_is_raised_too(limited):
    grant(limited, attribute="risk", up_to="high")
    assert limited.raised(cost=100, risk="high").rule == "small"
    assert limited.raised(cost=800, risk="high").rule == "large"


def test_given_at_the_division_it_reaches_all_wards(limited):
    grant(limited, unit=limited.division)
    assert limited.raised(cost=800, unit=limited.ward9).rule == "small"


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"rule": "tiny"}, "up_to", "no rule 'tiny'"),
        ({"attribute": "colour"}, "attribute", "no attribute 'colour'"),
        ({"rule": "large"}, "up_to", "no upper limit"),
        ({"up_to": "400"}, "up_to", "authority is earned upwards"),
        ({"up_to": "a lot"}, "up_to", "whole number"),
        ({"attribute": "risk", "up_to": "huge"}, "up_to", "risk"),
        ({"guard_rail": "  "}, "guard_rail", "."),
    ],
)
def test_what_cannot_be_raised_is_refused(limited, given, field, said):
    with pytest.raises(Invalid, match=said) as caught:
        grant(limited, **given)
    assert caught.value.field == field
    assert not limited.all(EarnedLimit).exists()


def test_without_a_scheme_there_is_no_limit_to_raise(stage):
    with pytest.raises(Refused, match="no scheme of delegation in force"):
        grant(stage)


def test_the_next_step_follows_a_good_review(limited):
    first = grant(limited)
    with pytest.raises(Refused, match="has not been reviewed as ready for the next"):
        grant(limited, up_to="2000")
    limited.wait(60)
    review(limited, first, "raise")
    second = grant(limited, up_to="2000")
    assert second.step == 2
    assert limited.raised(cost=1500).rule == "small"
    ended = limited.kept(first)
    assert (ended.period.lower, ended.period.upper, ended.verdict) == (date(2026, 6, 15), date(2026, 8, 14), "raise")


def test_a_step_that_is_kept_is_not_followed_by_another(limited):
    first = grant(limited)
    review(limited, first, "keep")
    with pytest.raises(Refused):
        grant(limited, up_to="2000")
    assert limited.raised(cost=800).rule == "small"


def test_authority_that_is_ended_is_over_today_and_may_be_earned_again(limited):
    first = grant(limited)
    limited.wait(30)
    ended = review(limited, first, "end", "Two orders went wrong")
    assert (ended.ended_because, ended.period.upper) == ("Two orders went wrong", date(2026, 7, 15))
    assert limited.raised(cost=800).rule == "large"
    assert grant(limited).step == 2


def test_the_coach_reviews_once_with_a_verdict_and_words(limited):
    made = grant(limited)
    with pytest.raises(NotYours, match="The coach reviews this"):
        review(limited, made, "keep", by=limited.head)
    with pytest.raises(Invalid) as caught:
        review(limited, made, "splendid")
    assert caught.value.field == "verdict"
    with pytest.raises(Invalid) as caught:
        review(limited, made, "keep", " ")
    assert caught.value.field == "review"
    review(limited, made, "keep")
    with pytest.raises(AlreadyEnded, match="reviewed already"):
        review(limited, made, "end")
    assert "well" not in str([one.data for one in limited.all(Event, kind="record.limit_reviewed")])


def test_after_ninety_days_the_coach_is_told(limited):
    made = grant(limited)
    limited.wait(89)
    assert limited.told("limit_review_due", made) == set()
    limited.wait(2)
    assert limited.told("limit_review_due", made) == {limited.coach.id}
    assert limited.raised(cost=800).rule == "small"


def test_a_review_stops_the_clock(limited):
    made = grant(limited)
    review(limited, made, "keep")
    assert limited.all(Clock, about_id=made.id).get().state == "stopped"
    limited.wait(100)
    assert limited.told("limit_review_due", made) == set()


def test_what_came_of_it_is_counted(limited):
    made = grant(limited)
    good, open_one = limited.raised(cost=800), limited.raised(cost=900)
    limited.decide(limited.manager, good, expects="Faster")
    limited.do(limited.manager, decisions.look_back, decision=good, happened="Faster", verdict="as_expected")
    limited.decide(limited.manager, limited.raised(cost=700))
    assert limited.kept(open_one).state == "open"
    found = limited.do(limited.coach, lambda by, at: earned.outcomes(made))
    assert found == {"as_expected": 1, "partly": 0, "not": 0, "cannot_say": 0, "not_yet": 1}


def test_what_came_of_a_step_can_be_counted_after_the_next(limited):
    first = grant(limited)
    limited.decide(limited.manager, limited.raised(cost=700))
    limited.wait(1)
    review(limited, first, "raise")
    grant(limited, up_to="2000")
    assert limited.do(limited.coach, lambda by, at: earned.outcomes(limited.kept(first)))["not_yet"] == 1


def test_a_new_scheme_without_the_rule_leaves_the_limit_without_effect(limited):
    grant(limited)
    limited.wait(1)
    limited.in_force(scheme(
        'tiny | cost = [0, 50] | decider = "ward", method = "alone", within_days = 5',
        'rest | | decider = "division", method = "alone", within_days = 10',
        more='[attributes.cost]\ntype = "int"\nmin = 0\ndefault = 0',
    ))  # fmt: skip
    assert limited.raised(cost=800).rule == "rest"
