"""Measures and the claim: open ones counted, abandoned ones beside them."""

from datetime import date, timedelta

import pytest

from goldthread.practices.crisis import actions, evidence, measures
from goldthread.record.actions import decisions
from goldthread.record.practice import Scope
from tests.practices.crisis.conftest import AT

DAY = date(2026, 6, 15)
PERIOD = {"start": date(2026, 6, 1), "end": date(2026, 7, 1)}


def whole(stage, viewer_of, function, unit):
    return stage.read(viewer_of, lambda *, viewer: list(function(viewer, Scope(unit), *PERIOD.values())))


def go(stage, one):
    stage.do(stage.manager, decisions.decide, decision=stage.kept(one).decision, outcome="go", reason="Yes")


@pytest.fixture
def four(stage):
    """One live on day 1, one abandoned on day 2, one live on day 20, one open."""
    made = [stage.raised(stage.nurse, title=f"Number {n}", need_on=DAY) for n in range(4)]
    go(stage, made[0])
    go(stage, made[2])
    stage.wait_until(AT + timedelta(days=1))
    stage.do(stage.nurse, actions.go_live, reconfiguration=made[0], on=DAY + timedelta(days=1))
    stage.wait_until(AT + timedelta(days=2))
    stage.do(stage.nurse, actions.abandon, reconfiguration=made[1], because="Not needed")
    stage.wait_until(AT + timedelta(days=20))
    stage.do(stage.nurse, actions.go_live, reconfiguration=made[2], on=DAY + timedelta(days=20))
    stage.wait_until(AT + timedelta(days=21))
    return made


def test_time_to_live_counts_open_ones_and_lets_abandoned_ones_compete(stage, four):
    points = {one.measure: one for one in whole(stage, stage.manager, measures.points, stage.ward7)}
    assert points["crisis.live_in_14"].value == pytest.approx(0.25)
    rows = stage.read(stage.manager, measures.reconfigurations_of, unit=stage.ward7, **PERIOD)
    found = measures.time_to_live(rows, DAY + timedelta(days=21))
    assert (found.n, found.n_open) == (4, 1)
    assert found.at("live", 20).value == pytest.approx(0.5)
    assert found.at("abandoned", 20).value == pytest.approx(0.25)


def test_the_claim_says_how_many_are_open_and_abandoned_and_points_at_each(stage, four):
    (claim,) = whole(stage, stage.manager, evidence.claims, stage.ward7)
    assert (claim.result["n"], claim.result["open"], claim.result["abandoned"]) == (4, 1, 1)
    assert claim.result["lower"] < claim.result["value"] < claim.result["upper"]
    assert {ref.id for ref in claim.rows} == {one.id for one in four}
    assert "25% were live within 14 days" in claim.sentence


def test_where_there_was_nothing_nothing_is_said(stage, four):
    assert whole(stage, stage.manager, measures.points, stage.ward9) == []
    assert whole(stage, stage.manager, evidence.claims, stage.ward9) == []
    assert whole(stage, stage.stranger, measures.points, stage.ward7) == []


def test_every_point_is_of_a_declared_measure(stage, four):
    declared = {f"crisis.{kind.slug}" for kind in measures.KINDS}
    assert {one.measure for one in whole(stage, stage.manager, measures.points, stage.root)} <= declared
