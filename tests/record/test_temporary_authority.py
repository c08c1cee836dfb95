"""Authority given for a time: it begins and ends at its moment, whether or not anything runs, and goes back where it came from."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from goldthread.journal.models import Event
from goldthread.record.actions import bodies, modes
from goldthread.record.errors import Invalid, NotYours, Refused
from goldthread.record.models import Delegation, Mode, Reevaluation
from tests.record.stage import AT, everything, scheme

MODES = """
[attributes.mode]
type = "enum"
values = ["normal", "devolved"]
default = "normal"
derived = "mode"
"""
DEVOLVED = scheme(
    'devolved | subject = "practice", mode = "devolved" | decider = "ward", method = "alone", within_days = 5',
    'usual | | decider = "division", method = "alone", within_days = 14',
    more=MODES,
)


def start(stage, unit=None, starts=0.0, ends=3.0, **more):
    """A mode from so many days after now until so many days after."""
    now = stage.now()
    how = {"mode": "devolved", "incident_level": 3, "channel": "Incident room", "decision": None, **more}
    return stage.do(stage.chief, lambda by, at: modes.start_mode(
        by_person=by.person_id, at=at, unit=unit or stage.ward7, starts_at=now + timedelta(days=starts),
        ends_at=now + timedelta(days=ends), **how))  # fmt: skip


def end(stage, mode, because="It is over"):
    return stage.do(stage.chief, lambda by, at: modes.end_mode(mode=mode, at=at, because=because))


@pytest.fixture
def devolved(stage):
    """Three days in which the manager of Ward 7 decides practice, instead of the division."""
    stage.in_force(DEVOLVED)
    stage.mode = start(stage)
    return stage


def test_while_it_lasts_its_rules_decide_at_the_unit_and_below(devolved):
    decision = devolved.raised()
    assert (decision.rule, decision.decider_unit_id, decision.mode_id) == (
        "devolved",
        devolved.ward7.key,
        devolved.mode.id,
    )
    assert decision.authority_until == devolved.mode.ends_at
    assert (decision.returns_to["rule"], decision.returns_to["unit"]) == ("usual", devolved.division.key)
    assert devolved.raised(unit=devolved.ward9).rule == "usual"
    assert devolved.decide(devolved.manager, decision).decided_as == "unit_manager"


def test_what_its_rules_do_not_touch_stays_as_it_is(devolved):
    decision = devolved.raised(subject="staffing")
    assert (decision.rule, decision.mode_id, decision.authority_until, decision.returns_to) == (
        "usual",
        None,
        None,
        None,
    )


def test_it_begins_at_its_moment(stage):
    stage.in_force(DEVOLVED)
    start(stage, starts=1)
    assert stage.raised().rule == "usual"
    stage.wait(1.01)
    assert stage.raised().rule == "devolved"
    stage.wait(3)
    assert stage.raised().rule == "usual"


def test_at_the_moment_after_the_end_the_right_is_elsewhere_though_nothing_sweeps(devolved):
    decision = devolved.raised()
    devolved.wait(to=devolved.mode.ends_at - timedelta(seconds=5), sweep=False)
    assert devolved.may(devolved.manager, decision)
    assert not devolved.may(devolved.head, decision)
    devolved.wait(to=devolved.mode.ends_at, sweep=False)
    assert not devolved.may(devolved.manager, decision)
    assert devolved.may(devolved.head, decision)
    with pytest.raises(NotYours, match="manager of Medicine"):
        devolved.decide(devolved.manager, decision)
    raw = "update record_decision set state = 'decided', outcome = 'agreed', reason = 'x', decided_by_id = %s, decided_as = 'unit_manager', decided_at = goldthread_now() where id = %s"  # fmt: skip
    devolved.refuses(raw, devolved.manager.id, decision.id, match="unit_manager of")
    assert devolved.decide(devolved.head, decision).decided_by_id == devolved.head.id


def test_its_way_of_deciding_ends_with_it(stage):
    stage.forum(stage.chief, stage.coach)
    stage.in_force(scheme(
        'devolved | mode = "devolved" | decider = "ward", method = "alone", within_days = 9',
        'usual | | decider = "forum", method = "consent", within_days = 14',
        more=MODES,
    ))  # fmt: skip
    start(stage)
    decision = stage.raised()
    stage.wait(3.1, sweep=False)
    with pytest.raises(Refused, match="decided by consent"):
        stage.decide(stage.chief, decision)
    raw = "update record_decision set state = 'decided', outcome = 'agreed', reason = 'x', decided_by_id = %s, decided_as = 'chair', decided_at = goldthread_now() where id = %s"  # fmt: skip
    stage.refuses(raw, stage.chief.id, decision.id, match="decided together")


def test_ending_it_gives_back_what_is_open_and_keeps_both_rules(devolved):
    open_one, taken = devolved.raised(), devolved.raised()
    devolved.decide(devolved.manager, taken)
    devolved.wait(1)
    assert end(devolved, devolved.mode) == 1
    found = devolved.kept(open_one)
    assert (found.rule, found.decider_unit_id, found.mode_id, found.authority_until, found.returns_to) == ("usual", devolved.division.key, None, None, None)  # fmt: skip
    kept = devolved.one(Reevaluation, decision_id=open_one.id)
    assert (kept.because, kept.before["rule"], kept.after["rule"], kept.by_id) == (
        "authority_ended",
        "devolved",
        "usual",
        None,
    )
    assert devolved.told("decision_yours", open_one) >= {devolved.head.id}
    assert devolved.kept(taken).rule == "devolved"
    event = devolved.one(Event, kind="record.mode_ended")
    assert (event.data["returned"], event.data["because"]) == (1, "It is over")
    assert devolved.raised().rule == "usual"


def test_where_nobody_ended_it_the_decision_is_asked_again_when_its_time_is_up(devolved):
    decision = devolved.raised()
    devolved.wait(to=decision.due_at)  # five days: the authority was over after three
    found = devolved.kept(decision)
    assert (found.rule, found.decider_unit_id, found.authority_until, found.state) == (
        "usual",
        devolved.division.key,
        None,
        "open",
    )
    assert found.due_at > devolved.now()
    assert devolved.may(devolved.head, decision)
    assert not devolved.may(devolved.manager, decision)


def test_two_at_once_at_one_unit_are_refused(devolved):
    for starts, ends in ((0, 1), (2.9, 5), (-1, 9)):
        with pytest.raises(Invalid, match="Ward 7 has temporary authority in force in that time already") as caught:
            start(devolved, starts=starts, ends=ends)
        assert caught.value.field == "starts_at"
    assert start(devolved, starts=3, ends=5).id  # one after the other
    assert start(devolved, unit=devolved.division).id  # above it


def test_after_one_was_ended_early_the_next_may_begin(devolved):
    devolved.wait(1)
    end(devolved, devolved.mode)
    assert start(devolved, ends=1).id


def test_the_nearest_one_counts(stage):
    stage.in_force(DEVOLVED)
    start(stage, unit=stage.root, mode="normal")
    below = start(stage, unit=stage.division)
    assert stage.raised().mode_id == below.id


def test_it_has_an_end_in_the_future_and_after_its_start(stage):
    for starts, ends in ((0, 0), (2, 1), (-3, -1)):
        with pytest.raises(Invalid) as caught:
            start(stage, starts=starts, ends=ends)
        assert caught.value.field == "ends_at"
    with pytest.raises(DatabaseError, match="mode_has_a_channel"):
        start(stage, channel="  ")
    with pytest.raises(DatabaseError, match="incident_level_from_1_to_4"):
        start(stage, incident_level=5)
    assert not stage.all(Mode).exists()


def test_the_database_lets_nobody_lengthen_it(devolved):
    mode = devolved.mode
    for change in (
        "ends_at = ends_at + interval '1 day'",
        "starts_at = starts_at - interval '1 day'",
        "mode = 'normal'",
        f"unit_id = {devolved.root.key}",
    ):
        devolved.refuses(f"update record_mode set {change} where id = %s", mode.id, match="can only be ended")
    end(devolved, mode)
    devolved.refuses("update record_mode set ended_at = null where id = %s", mode.id, match="can only be ended")
    devolved.refuses("delete from record_mode", match="permission denied")


def test_an_open_decisions_right_is_not_lengthened_by_a_second_mode(devolved):
    decision = devolved.raised()
    start(devolved, starts=3, ends=6)
    devolved.wait(3.5, sweep=False)
    assert not devolved.may(devolved.manager, decision)
    assert devolved.raised().rule == "devolved"


@pytest.fixture
def team(stage):
    """A response team that decides staffing for the manager of Ward 7 for three days: the coach leads, the porter deputises, the nurse is a member."""
    stage.in_force(everything('decider = "ward", method = "alone", within_days = 5'))
    body = stage.do(stage.chief, bodies.make_body, unit=stage.root, slug="team", title="Response team", kind="response_team",
                    rights="decides", purpose="To respond")  # fmt: skip
    for person, place in ((stage.coach, "lead"), (stage.porter, "deputy"), (stage.nurse, "member")):
        stage.do(stage.chief, bodies.seat, body=body, person=person, place=place)
    stage.team = body
    stage.given = give(stage)
    return stage


def give(stage, subjects=("staffing",), starts=0.0, ends=3.0, unit=None):
    now = stage.now()
    return stage.do(stage.chief, lambda by, at: modes.delegate_to_body(
        by_person=by.person_id, at=at, unit=unit or stage.ward7, role="unit_manager", body=stage.team, subjects=subjects,
        starts_at=now + timedelta(days=starts), ends_at=now + timedelta(days=ends), decision=None))  # fmt: skip


def test_lead_and_deputy_of_the_team_decide_and_nobody_else(team):
    decision = team.raised(subject="staffing")
    assert (decision.body_id, decision.authority_until) == (team.team.id, team.given.ends_at)
    assert team.told("decision_yours", decision) == {team.coach.id, team.porter.id}
    for person in (team.manager, team.deputy, team.nurse, team.head, team.chief):
        with pytest.raises(NotYours, match="Response team"):
            team.decide(person, decision)
    assert team.decide(team.porter, decision).decided_as == "deputy"
    assert team.decide(team.coach, team.raised(subject="staffing")).decided_as == "lead"


def test_other_subjects_other_units_and_earlier_questions_stay_where_they_are(stage, team):
    assert team.raised(subject="estate").body_id is None
    assert team.raised(subject="staffing", unit=team.ward9, by=team.porter).body_id is None
    team.wait(4)
    before = team.raised(subject="staffing")
    give(team)
    assert team.kept(before).body_id is None
    assert team.may(team.manager, before)


def test_at_the_end_the_decision_is_the_managers_again_though_nothing_sweeps(team):
    decision = team.raised(subject="staffing")
    team.wait(3.001, sweep=False)
    assert not team.may(team.coach, decision)
    assert team.may(team.manager, decision)
    assert team.may(team.deputy, decision)
    assert team.raised(subject="staffing").body_id is None
    assert team.decide(team.manager, decision).decided_as == "unit_manager"


def test_taking_it_back_returns_what_is_open(team):
    decision = team.raised(subject="staffing")
    team.wait(1)
    assert team.do(team.chief, lambda by, at: modes.end_delegation(delegation=team.given, at=at)) == 1
    found = team.kept(decision)
    assert (found.body_id, found.decider_unit_id, found.authority_until) == (None, team.ward7.key, None)
    kept = team.one(Reevaluation, decision_id=decision.id)
    assert (kept.before["body"], kept.after["body"]) == (str(team.team.id), None)
    assert team.one(Event, kind="record.authority_returned").data["returned"] == 1


def test_authority_over_nothing_or_without_an_end_is_refused(team):
    with pytest.raises(Invalid) as caught:
        give(team, subjects=())
    assert caught.value.field == "subjects"
    with pytest.raises(Invalid) as caught:
        give(team, starts=2, ends=2)
    assert caught.value.field == "ends_at"


def test_the_database_lets_nobody_lengthen_or_widen_it(team):
    for change in ("ends_at = ends_at + interval '1 day'", "subjects = '[\"estate\"]'", "role = 'executive'"):
        team.refuses(f"update record_delegation set {change} where id = %s", team.given.id, match="can only be ended")
    assert team.kept(team.given).ends_at == team.given.ends_at
    assert team.all(Delegation).count() == 1


def test_a_team_within_a_shorter_mode_has_its_authority_no_longer_than_the_mode(stage):
    stage.in_force(DEVOLVED)
    mode = start(stage, ends=2)
    stage.team = stage.forum(stage.coach, chair=stage.coach)
    give(stage, subjects=("practice",), ends=6)
    decision = stage.raised()
    assert (decision.body_id, decision.authority_until) == (stage.team.id, mode.ends_at)
    stage.wait(to=mode.ends_at, sweep=False)
    assert not stage.may(stage.coach, decision)
    assert stage.may(stage.head, decision)
    assert mode.starts_at - AT < timedelta(minutes=1)
