"""Rapid ethics advice: asked within hours, waited for that long and no longer."""

from datetime import timedelta

import pytest

from goldthread.practices.crisis import actions
from goldthread.record.actions import bodies, decisions, hearings
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Hearing, Notice, Party
from tests.practices.crisis.conftest import AT


@pytest.fixture
def group(stage):
    """An ethics group of two."""
    made = stage.do(stage.chief, bodies.make_body, unit=stage.root, slug="ethics-group", title="Ethics group", kind="forum",
                    rights="advises", purpose="Advice on hard choices")  # fmt: skip
    for person in (stage.coach, stage.porter):
        stage.do(stage.chief, bodies.seat, body=made, person=person)
    return made


def ask(stage, by=None, hours=6, **more):
    decision = stage.kept(stage.raised(stage.nurse)).decision
    return stage.do(
        by or stage.manager,
        actions.ask_ethics,
        decision=decision,
        question="Who gets the last bed?",
        hours=hours,
        **more,
    )


def decide(stage, request):
    return stage.do(
        stage.manager, decisions.decide, decision=stage.kept(request).decision, outcome="go", reason="Weighed"
    )


def test_the_group_is_asked_and_each_member_told(stage, group):
    request = ask(stage)
    hearing = stage.all(Hearing).get()
    assert (hearing.kind, hearing.closes_at) == ("ethics", request.at + timedelta(hours=6))
    assert set(stage.all(Notice, kind="you_are_asked").values_list("person_id", flat=True)) == {
        stage.coach.id,
        stage.porter.id,
    }


def test_the_decision_waits_for_ethics_advice_but_not_past_its_hours(stage, group):
    request = ask(stage)
    with pytest.raises(Refused, match="Ethics group"):
        decide(stage, request)
    stage.wait_until(AT + timedelta(hours=7))
    assert decide(stage, request).outcome == "go"


def test_advice_in_time_lets_the_decision_be_taken(stage, group):
    request = ask(stage)
    party = stage.all(Party).get()
    decision = stage.kept(request).decision
    stage.do(stage.coach, hearings.say, decision=decision, party=party, stance="change", text="Draw lots among equals")
    assert decide(stage, request).outcome == "go"


def test_without_a_group_people_are_named(stage):
    with pytest.raises(Refused, match="Name the people"):
        ask(stage)
    decision = stage.raised(stage.nurse, title="Another").decision
    stage.do(stage.manager, actions.ask_ethics, decision=decision, question="Who first?", hours=2, people=[stage.coach])
    assert stage.all(Party).get().person_id == stage.coach.id


@pytest.mark.parametrize("hours", [0, 73])
def test_hours_not_weeks(stage, group, hours):
    with pytest.raises(Invalid, match="between 1 and 72"):
        ask(stage, hours=hours)


def test_only_the_decision_maker_asks_and_only_once(stage, group):
    with pytest.raises(NotYours):
        ask(stage, by=stage.porter)
    decision = stage.raised(stage.nurse, title="Another").decision
    for expected in (None, AlreadyEnded):
        if expected is None:
            stage.do(stage.manager, actions.ask_ethics, decision=decision, question="Who?", hours=2)
        else:
            with pytest.raises(expected):
                stage.do(stage.manager, actions.ask_ethics, decision=decision, question="Who?", hours=2)
