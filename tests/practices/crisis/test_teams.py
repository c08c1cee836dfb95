"""Response teams: cross-functional, with authority of their own until a day."""

from datetime import timedelta

import pytest

from goldthread.practices.crisis import actions, queries
from goldthread.practices.crisis.models import Team
from goldthread.record.actions import decisions
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Body, BodySeat, Decision, Delegation, Notice
from tests.practices.crisis.conftest import AT


def form(stage, by=None, **more):
    how = {
        "unit": stage.ward7, "title": "Oxygen team", "purpose": "Oxygen for every bed", "lead": stage.nurse, "deputy": stage.deputy,
        "members": [stage.porter], "subjects": ["staffing"], "until": AT + timedelta(days=5),
    }  # fmt: skip
    return stage.do(by or stage.manager, actions.form_team, **{**how, **more})


def test_a_team_needs_two_staff_groups_and_says_so(governed):
    with pytest.raises(Invalid, match="at least two: add somebody who works differently"):
        form(governed, members=[])
    assert not governed.all(Body).exists()
    assert form(governed).subjects == ["staffing"]


def test_a_team_has_lead_deputy_members_rights_and_an_end(governed):
    team = governed.kept(form(governed))
    places = {(seat.person_id, seat.place) for seat in governed.all(BodySeat, body_id=team.body_id)}
    assert places == {(governed.nurse.id, "lead"), (governed.deputy.id, "deputy"), (governed.porter.id, "member")}
    assert (team.body.kind, team.body.rights) == ("response_team", "decides")
    given = governed.all(Delegation).get()
    assert (given.role, given.subjects, given.ends_at) == ("unit_manager", ["staffing"], AT + timedelta(days=5))
    assert governed.all(Notice, kind="team_yours").count() == 3


def test_the_lead_decides_on_what_was_given_and_on_nothing_else(governed):
    form(governed)
    given = governed.raised(governed.nurse, title="Rota", attributes={"subject": "staffing"})
    other = governed.raised(governed.nurse, title="Beds")
    governed.do(governed.nurse, decisions.decide, decision=governed.kept(given).decision, outcome="go", reason="Needed")
    assert governed.kept(given).decided_on is not None
    with pytest.raises(NotYours):
        governed.do(
            governed.nurse, decisions.decide, decision=governed.kept(other).decision, outcome="go", reason="Needed"
        )


def test_a_team_ends_on_its_day_by_itself_and_gives_back_what_is_open(governed):
    team = form(governed)
    waiting = governed.raised(governed.nurse, attributes={"subject": "staffing"})
    assert governed.kept(waiting).decision.body_id == team.body_id
    governed.wait_until(AT + timedelta(days=5, seconds=1))
    assert governed.kept(team).stood_down_because == "its day came"
    decision = governed.kept(waiting).decision
    assert (decision.body_id, decision.decider_role, decision.decider_unit_id) == (
        None,
        "unit_manager",
        governed.ward7.key,
    )
    assert governed.read(governed.nurse, queries.teams, unit=governed.ward7) == []


def test_a_team_is_stood_down_by_whoever_could_have_formed_it(governed):
    team = form(governed)
    with pytest.raises(NotYours):
        governed.do(governed.nurse, actions.stand_down, team=team, because="Done")
    governed.do(governed.head, actions.stand_down, team=team, because="Done")
    assert governed.all(Delegation).get().ended_at is not None
    with pytest.raises(AlreadyEnded):
        governed.do(governed.head, actions.stand_down, team=team, because="Again")
    assert governed.raised(governed.nurse, attributes={"subject": "staffing"}).decision.body_id is None


@pytest.mark.parametrize("who", ["nurse", "deputy", "coach"])
def test_only_whoever_manages_can_give_decisions_away(governed, who):
    with pytest.raises(NotYours, match="manages Ward 7 or a unit above"):
        form(governed, by=getattr(governed, who))
    assert not governed.all(Team).exists()


def test_a_team_under_a_declaration_ends_with_it(governed):
    declared = governed.declared(days=4)
    with pytest.raises(Invalid, match="ends before that"):
        form(governed)
    team = form(governed, until=AT + timedelta(days=4))
    governed.do(governed.chief, actions.end_early, declaration=declared, because="Over")
    assert governed.kept(team).stood_down_at is not None
    assert governed.all(Decision, kind="look_back").count() == 1


@pytest.mark.parametrize("subject", ["crisis", "authority"])
def test_no_team_is_given_the_power_to_give_power(governed, subject):
    with pytest.raises(Invalid, match="cannot be given the power"):
        form(governed, subjects=["staffing", subject])
    assert not governed.all(Delegation).exists()


@pytest.mark.parametrize(("field", "more"), [
    ("subjects", {"subjects": []}), ("until", {"until": AT - timedelta(days=1)}), ("title", {"title": " "}), ("purpose", {"purpose": ""}),
])  # fmt: skip
def test_what_is_missing_is_named(governed, field, more):
    with pytest.raises(Invalid) as refused:
        form(governed, **more)
    assert refused.value.field == field
    assert not governed.all(Body).exists()


def test_the_deputy_is_somebody_else_and_everybody_works_here(governed):
    with pytest.raises(Invalid, match="somebody else as deputy"):
        form(governed, deputy=governed.nurse)
    with pytest.raises(Invalid, match="work in this organisation"):
        form(governed, members=[governed.porter, governed.stranger])


def test_two_teams_may_have_one_title(governed):
    first, second = form(governed), form(governed)
    assert governed.kept(first).body.slug != governed.kept(second).body.slug


def test_a_team_formed_on_a_ward_does_not_decide_what_is_decided_above_it(governed):
    team = governed.do(
        governed.manager,
        actions.form_team,
        unit=governed.ward7,
        title="Oxygen",
        purpose="Oxygen",
        lead=governed.nurse,
        members=[governed.porter],
        subjects=["practice"],
        until=AT + timedelta(days=5),
    )
    usual = governed.kept(governed.raised(governed.nurse)).decision
    assert usual.decider_unit_id == governed.division.key
    assert usual.body_id != team.body_id
