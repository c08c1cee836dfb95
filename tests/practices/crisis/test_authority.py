"""Temporary delegated authority: declared by a decision, ended by the clock, looked back on."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from goldthread.organisation.access import NotAllowed
from goldthread.practices.crisis import actions, queries
from goldthread.practices.crisis.models import Declaration, IncidentLevel, Reconfiguration
from goldthread.record.actions import decisions
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours, Refused
from goldthread.record.models import Change, Decision, Mode, Notice, Reevaluation
from tests.practices.crisis.conftest import AT


def decide(stage, person, decision, outcome, reason="Because"):
    return stage.do(person, decisions.decide, decision=decision, outcome=outcome, reason=reason)


def deciders(stage, decision):
    with transaction.atomic():
        stage.viewer(stage.chief, stage.now())
        with connection.cursor() as cursor:
            cursor.execute("select person from goldthread_deciders(%s)", [decision.id])
            return [row[0] for row in cursor.fetchall()]


def test_declaring_is_a_decision_with_issuer_channel_start_and_end(governed):
    made = governed.do(governed.manager, actions.declare, unit=governed.ward7, channel="Incident room", why="A wave",
                       ends_at=AT + timedelta(days=7))  # fmt: skip
    assert (made.state, made.decision.decider_role, made.decision.decider_unit_id) == (
        "proposed",
        "unit_manager",
        governed.root.key,
    )
    assert not governed.all(Mode).exists()
    decide(governed, governed.chief, made.decision, "declare")
    mode = governed.all(Mode).get()
    assert governed.kept(made).state == "in_force"
    assert (mode.issuer_id, mode.channel, mode.mode, mode.ends_at) == (
        governed.chief.id,
        "Incident room",
        "devolved",
        made.ends_at,
    )
    assert mode.starts_at == governed.kept(made).starts_at > made.starts_at  # not before it was decided


def test_whoever_decides_may_declare_in_one_act_and_nobody_else(governed):
    with pytest.raises(NotYours, match="Northmoor Hospitals"):
        governed.do(governed.manager, actions.declare, unit=governed.ward7, channel="Phone", why="A wave",
                    ends_at=AT + timedelta(days=7), decide_now=True)  # fmt: skip
    assert not governed.all(Declaration).exists()
    assert not governed.all(Decision).exists()
    assert governed.declared().state == "in_force"


def test_level_and_mode_are_separate(governed):
    governed.do(governed.manager, actions.set_level, unit=governed.ward7, level=4, channel="Region")
    assert governed.read(governed.nurse, queries.level, unit=governed.ward7).level == 4
    assert governed.read(governed.nurse, queries.authority, unit=governed.ward7).in_force is None
    raised = governed.raised(governed.nurse)
    assert raised.decision.decider_unit_id == governed.division.key  # level 4 alone gives nobody authority
    governed.declared()
    assert governed.all(Mode).get().incident_level == 4
    governed.do(governed.manager, actions.set_level, unit=governed.ward7, level=0, channel="Region", note="Over")
    assert governed.read(governed.nurse, queries.level, unit=governed.ward7) is None
    assert governed.read(governed.nurse, queries.authority, unit=governed.ward7).in_force is not None
    assert governed.all(IncidentLevel).count() == 2  # nothing was overwritten


def test_the_highest_level_at_or_above_a_unit_counts(stage):
    stage.do(stage.chief, actions.set_level, unit=stage.root, level=3, channel="Region")
    stage.do(stage.manager, actions.set_level, unit=stage.ward7, level=2, channel="Site")
    assert stage.read(stage.nurse, queries.level, unit=stage.ward7).level == 3
    stage.do(stage.chief, actions.set_level, unit=stage.root, level=0, channel="Region")
    assert stage.read(stage.nurse, queries.level, unit=stage.ward7).level == 2
    assert stage.read(stage.porter, queries.level, unit=stage.ward9) is None


@pytest.mark.parametrize("level", [-1, 5])
def test_there_is_no_other_level(stage, level):
    with pytest.raises(Invalid):
        stage.do(stage.manager, actions.set_level, unit=stage.ward7, level=level, channel="Region")


def test_members_of_staff_do_not_set_levels_or_propose_authority(stage):
    with pytest.raises(NotAllowed):
        stage.do(stage.nurse, actions.set_level, unit=stage.ward7, level=1, channel="Hearsay")
    with pytest.raises(NotAllowed):
        stage.do(
            stage.nurse,
            actions.declare,
            unit=stage.ward7,
            channel="Hearsay",
            why="A wave",
            ends_at=AT + timedelta(days=1),
        )


def test_while_it_lasts_its_rules_take_precedence(governed):
    before = governed.raised(governed.nurse, title="Before")
    governed.declared()
    during = governed.raised(governed.nurse, title="During")
    other = governed.raised(governed.nurse, title="Elsewhere", attributes={"subject": "staffing"})
    assert before.decision.decider_unit_id == governed.division.key
    assert during.decision.decider_unit_id == governed.ward7.key
    assert (during.decision.rule, other.decision.rule) == ("devolved", "staffing")
    assert during.decision.authority_until == AT + timedelta(days=7)
    assert governed.manager.id in deciders(governed, during.decision)


def test_at_its_end_authority_returns_by_itself_and_a_look_back_falls_due(governed):
    declared = governed.declared()
    during = governed.raised(governed.nurse)
    governed.wait_until(AT + timedelta(days=7, seconds=1), sweep=False)  # nothing has run
    assert deciders(governed, during.decision) == [governed.head.id]
    assert governed.read(governed.nurse, queries.authority, unit=governed.ward7).in_force is None
    with pytest.raises(NotYours):
        decide(governed, governed.manager, during.decision, "go")
    governed.wait_until(AT + timedelta(days=7, seconds=2))
    ended = governed.kept(declared)
    assert (ended.state, ended.ended_early_because) == ("ended", "")
    assert governed.all(Mode).get().ended_at is not None
    assert governed.kept(during.decision).decider_unit_id == governed.division.key
    assert governed.all(Reevaluation, decision=during.decision).get().because == "authority_ended"
    look_back = governed.all(Decision, id=ended.look_back_id).get()
    assert (look_back.kind, look_back.state, look_back.decider_unit_id) == ("look_back", "open", governed.root.key)
    assert (look_back.due_at - look_back.opened_at).days >= 13  # not the day that the scheme gives for declaring
    assert governed.chief.id in governed.all(Notice, about_id=look_back.id).values_list("person_id", flat=True)
    assert governed.all(Notice, kind="authority_ended", person_id=governed.manager.id).count() == 1


def test_a_look_back_that_ends_takes_back_what_is_not_yet_sustained(governed):
    declared = governed.declared()
    live = governed.raised(governed.manager, title="Live", decide_now=True, reason="Now")
    held = governed.raised(governed.manager, title="Held", decide_now=True, reason="Now")
    for one in (live, held):
        governed.do(governed.manager, actions.go_live, reconfiguration=one, on=date(2026, 6, 15))
    governed.wait_until(AT + timedelta(days=7, hours=1))
    governed.do(governed.manager, actions.sustain, reconfiguration=held, on=date(2026, 6, 20))
    look_back = governed.all(Decision, kind="look_back").get()
    decide(governed, governed.chief, look_back, "end", "It was for the wave only")
    assert governed.kept(declared).look_back_outcome == "end"
    assert governed.kept(live).abandoned_because == "It was for the wave only"
    assert governed.all(Change, id=governed.kept(live).change_id).get().withdrawn_on == date(2026, 6, 22)
    assert governed.kept(held).abandoned_on is None
    with pytest.raises(AlreadyEnded):
        decide(governed, governed.chief, look_back, "keep")


@pytest.mark.parametrize("outcome", ["keep", "adapt"])
def test_a_look_back_that_keeps_takes_nothing_back(governed, outcome):
    governed.declared()
    live = governed.raised(governed.manager, decide_now=True, reason="Now")
    governed.do(governed.manager, actions.go_live, reconfiguration=live, on=date(2026, 6, 15))
    governed.wait_until(AT + timedelta(days=7, hours=1))
    decide(governed, governed.chief, governed.all(Decision, kind="look_back").get(), outcome)
    assert governed.kept(live).abandoned_on is None
    assert governed.all(Notice, kind=f"looked_back_{outcome}", person_id=governed.manager.id).count() == 1


def test_going_on_is_a_new_decision_that_begins_where_the_first_ends(governed):
    first = governed.declared()
    during = governed.raised(governed.nurse)
    second = governed.do(governed.chief, actions.extend, declaration=first, ends_at=AT + timedelta(days=10), why="It goes on",
                         decide_now=True)  # fmt: skip
    assert governed.kept(first).ends_at == AT + timedelta(days=7)
    assert (second.state, second.starts_at) == ("in_force", governed.kept(first).ends_at)
    assert governed.kept(second).decision.kind == "extend"
    assert governed.read(governed.nurse, queries.authority, unit=governed.ward7).in_force.id == first.id
    governed.wait_until(AT + timedelta(days=7, seconds=5))
    assert governed.kept(first).state == "ended"
    assert governed.read(governed.nurse, queries.authority, unit=governed.ward7).in_force.id == second.id
    assert governed.kept(during.decision).decider_unit_id == governed.ward7.key  # it did not lose its decision-maker
    assert not governed.all(Decision, kind="look_back").exists()  # one look-back, at the end of all of it
    governed.wait_until(AT + timedelta(days=10, seconds=5))
    assert governed.kept(during.decision).decider_unit_id == governed.division.key
    assert governed.all(Decision, kind="look_back").get().about_id == second.id


def test_an_extension_that_is_refused_may_be_asked_for_again(governed):
    first = governed.declared()
    asked = governed.do(
        governed.manager, actions.extend, declaration=first, ends_at=AT + timedelta(days=10), why="It goes on"
    )
    with pytest.raises(Refused, match="already"):
        governed.do(governed.manager, actions.extend, declaration=first, ends_at=AT + timedelta(days=11), why="Again")
    decide(governed, governed.chief, asked.decision, "refuse", "Not needed")
    assert governed.kept(asked).state == "refused"
    again = governed.do(
        governed.manager, actions.extend, declaration=first, ends_at=AT + timedelta(days=9), why="Now it is"
    )
    assert again.state == "proposed"
    governed.wait_until(AT + timedelta(days=7, seconds=5))
    assert governed.kept(first).state == "ended"
    assert governed.all(Decision, kind="look_back").count() == 1


def test_ending_early_returns_authority_and_drops_an_extension_that_has_not_begun(governed):
    first = governed.declared()
    during = governed.raised(governed.nurse)
    second = governed.do(
        governed.chief, actions.extend, declaration=first, ends_at=AT + timedelta(days=10), why="On", decide_now=True
    )
    with pytest.raises(NotYours):
        governed.do(governed.nurse, actions.end_early, declaration=first, because="Enough")
    governed.wait_until(AT + timedelta(days=2))
    governed.do(governed.manager, actions.end_early, declaration=first, because="The wave is over")
    assert {governed.kept(one).state for one in (first, second)} == {"ended"}
    assert governed.kept(during.decision).decider_unit_id == governed.division.key
    governed.wait_until(AT + timedelta(days=8))
    assert governed.raised(governed.nurse, title="Later").decision.decider_unit_id == governed.division.key
    assert governed.all(Decision, kind="look_back").count() == 1
    with pytest.raises(AlreadyEnded):
        governed.do(governed.chief, actions.end_early, declaration=first, because="Again")


def test_at_most_one_is_proposed_or_in_force(governed):
    governed.do(
        governed.manager,
        actions.declare,
        unit=governed.ward7,
        channel="Phone",
        why="One",
        ends_at=AT + timedelta(days=3),
    )
    with pytest.raises(Refused, match="proposed already"):
        governed.declared()
    row = governed.all(Declaration).get()
    row.id, row.state = None, "proposed"
    with pytest.raises(IntegrityError), transaction.atomic(using="owner"):
        row.save(using="owner", force_insert=True)
    governed.do(governed.manager, actions.withdraw_declaration, declaration=governed.all(Declaration).get())
    governed.declared()
    with pytest.raises(Refused, match="until 10:00 on 22 June 2026 already"):
        governed.declared()


def test_nothing_comes_into_force_without_a_decision_whoever_writes_it(governed):
    made = governed.do(
        governed.manager,
        actions.declare,
        unit=governed.ward7,
        channel="Phone",
        why="One",
        ends_at=AT + timedelta(days=3),
    )
    governed.do(governed.chief, actions.declare, unit=governed.ward9, channel="Phone", why="Two", ends_at=AT + timedelta(days=3),
                decide_now=True)  # fmt: skip
    mode = governed.all(Mode).get()

    def force(sql):
        with transaction.atomic():
            governed.viewer(governed.chief, governed.now())
            with connection.cursor() as cursor:
                cursor.execute(sql, [mode.id, made.id])

    with pytest.raises(DatabaseError, match="nobody has decided"):
        force("update crisis_declaration set state = 'in_force', record_mode_id = %s where id = %s")
    with pytest.raises(DatabaseError, match="not altered"):
        force(
            "update crisis_declaration set ends_at = ends_at + interval '1 year', record_mode_id = null where %s::uuid is not null and id = %s"
        )
    for channel in ("", "  "):
        with pytest.raises(Invalid):
            governed.do(
                governed.chief,
                actions.declare,
                unit=governed.division,
                channel=channel,
                why="x",
                ends_at=AT + timedelta(days=1),
            )


def test_an_end_lies_after_the_start_and_in_the_future(stage):
    for ends in (AT - timedelta(days=1), AT):
        with pytest.raises(Invalid, match="end after the start"):
            stage.do(stage.chief, actions.declare, unit=stage.ward7, channel="Phone", why="x", ends_at=ends)


def test_a_proposal_answered_too_late_cannot_come_into_force(governed):
    made = governed.do(
        governed.manager,
        actions.declare,
        unit=governed.ward7,
        channel="Phone",
        why="One",
        ends_at=AT + timedelta(hours=3),
    )
    governed.wait_until(AT + timedelta(hours=4))
    with pytest.raises(Refused, match="is over"):
        decide(governed, governed.chief, made.decision, "declare")
    decide(governed, governed.chief, made.decision, "refuse")
    assert governed.kept(made).state == "refused"
    assert not governed.all(Mode).exists()


def test_reconfigurations_know_under_which_declaration_they_were_raised(governed):
    declared = governed.declared()
    assert governed.raised(governed.nurse).declaration_id == declared.id
    governed.do(governed.chief, actions.end_early, declaration=declared, because="Over")
    assert governed.raised(governed.nurse, title="After").declaration_id is None
    assert governed.all(Reconfiguration).count() == 2
