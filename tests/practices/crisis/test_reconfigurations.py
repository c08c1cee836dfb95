"""Reconfigurations: five dates in their order, and an honest end."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from goldthread.organisation.access import NotFound
from goldthread.practices.crisis import actions, queries
from goldthread.practices.crisis.models import Reconfiguration
from goldthread.record.actions import decisions
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Change, Clock, Decision, Link, Notice
from tests.practices.crisis.conftest import AT

DAY = date(2026, 6, 15)


def decided(stage, outcome="go", **more):
    made = stage.raised(stage.nurse, **more)
    stage.do(stage.manager, decisions.decide, decision=stage.kept(made).decision, outcome=outcome, reason="We agreed")
    return stage.kept(made)


def sql(stage, statement, *values):
    with transaction.atomic():
        stage.viewer(stage.manager, stage.now())
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


def test_a_decision_to_go_makes_a_change_with_the_same_day(stage):
    one = decided(stage)
    change = stage.all(Change).get()
    assert (one.decided_on, one.change_id, change.owner_id, change.decided_on) == (DAY, change.id, stage.nurse.id, DAY)
    assert stage.all(Link, meaning="implements", target_id=change.id).count() == 1
    assert stage.all(Notice, kind="reconfiguration_go", person_id=stage.nurse.id).count() == 1


def test_live_and_sustained_follow_and_the_change_follows_them(stage):
    one = decided(stage)
    stage.wait_until(AT + timedelta(days=3))
    stage.do(stage.nurse, actions.go_live, reconfiguration=one, on=date(2026, 6, 17))
    assert stage.all(Clock, purpose="look_back", state="pending").count() == 1
    stage.wait_until(AT + timedelta(days=20))
    stage.do(stage.nurse, actions.sustain, reconfiguration=one, on=date(2026, 7, 4))
    found, change = stage.kept(one), stage.all(Change).get()
    assert (
        (found.live_on, found.sustained_on)
        == (change.live_on, change.sustained_on)
        == (date(2026, 6, 17), date(2026, 7, 4))
    )
    with pytest.raises(AlreadyEnded):
        stage.do(stage.nurse, actions.abandon, reconfiguration=one, because="No")


@pytest.mark.parametrize("days", [0, 3])
def test_a_date_given_soon_is_not_marked(stage, days):
    assert not stage.raised(stage.nurse, need_on=DAY - timedelta(days=days)).late_entry


def test_a_date_given_more_than_three_days_later_is_marked_not_refused(stage):
    assert stage.raised(stage.nurse, need_on=DAY - timedelta(days=4)).late_entry
    one = decided(stage, title="Soon")
    stage.wait_until(AT + timedelta(days=9))
    stage.do(stage.nurse, actions.go_live, reconfiguration=one, on=date(2026, 6, 20))
    assert stage.kept(one).late_entry
    with pytest.raises(DatabaseError, match="stays marked"):
        sql(stage, "update crisis_reconfiguration set late_entry = false where id = %s", one.id)


def test_not_now_waits_and_can_be_put_again(stage):
    one = decided(stage, "not_now")
    assert (one.decided_on, one.abandoned_on) == (None, None)
    stage.wait_until(AT + timedelta(days=2))
    again = stage.do(stage.nurse, actions.put_again, reconfiguration=one)
    assert (again.raised_on, stage.all(Decision, state="open").count()) == (DAY, 1)
    with pytest.raises(AlreadyEnded):
        stage.do(stage.nurse, actions.put_again, reconfiguration=one)


def test_no_is_an_end_with_the_reason_that_was_given(stage):
    one = decided(stage, "no")
    assert (one.abandoned_on, one.abandoned_because) == (DAY, "We agreed")
    assert not stage.all(Change).exists()


def test_abandoning_before_a_decision_takes_the_question_back(stage):
    one = stage.raised(stage.nurse)
    stage.do(stage.nurse, actions.abandon, reconfiguration=one, because="Not needed any more")
    assert stage.all(Decision).get().state == "withdrawn"
    with pytest.raises(AlreadyEnded):
        stage.do(stage.nurse, actions.abandon, reconfiguration=one, because="Again")


def test_abandoning_after_live_withdraws_the_change(stage):
    one = decided(stage)
    stage.do(stage.nurse, actions.go_live, reconfiguration=one, on=DAY)
    stage.wait_until(AT + timedelta(days=1))
    with pytest.raises(Invalid, match="15 June 2026"):
        stage.do(stage.nurse, actions.abandon, reconfiguration=one, because="No", on=date(2026, 6, 14))
    stage.do(stage.nurse, actions.abandon, reconfiguration=one, because="It did not help")
    assert stage.all(Change).get().withdrawn_because == "It did not help"
    with pytest.raises(Invalid):
        stage.do(stage.nurse, actions.sustain, reconfiguration=one, on=date(2026, 6, 16))


@pytest.mark.parametrize("bad", [
    {"need_on": date(2026, 6, 16)}, {"title": ""}, {"need": " "},
])  # fmt: skip
def test_what_cannot_be_is_refused(stage, bad):
    with pytest.raises(Invalid):
        stage.raised(stage.nurse, **bad)
    assert not stage.all(Reconfiguration).exists()


def test_it_cannot_be_live_before_it_is_decided(stage):
    one = stage.raised(stage.nurse)
    with pytest.raises(Invalid, match="once it has been decided"):
        stage.do(stage.nurse, actions.go_live, reconfiguration=one, on=DAY)


@pytest.mark.parametrize("change", [
    "live_on = '2026-06-15'", "sustained_on = '2026-06-15'", "decided_on = '2026-06-15'",
    "abandoned_on = '2026-06-01', abandoned_because = 'x'", "abandoned_on = '2026-06-16'",
])  # fmt: skip
def test_the_database_keeps_the_order_of_dates(stage, change):
    one = stage.raised(stage.nurse)
    with pytest.raises(IntegrityError):
        sql(stage, f"update crisis_reconfiguration set {change} where id = %s", one.id)


def test_a_date_that_was_given_stays(stage):
    one = decided(stage)
    stage.do(stage.nurse, actions.go_live, reconfiguration=one, on=DAY)
    for change in ("live_on = null", "live_on = '2026-06-16'", "need_on = '2026-06-01'"):
        with pytest.raises(DatabaseError, match="stays as it was given"):
            sql(stage, f"update crisis_reconfiguration set {change} where id = %s", one.id)


def test_whose_it_is_and_whose_it_is_not(stage):
    one = decided(stage)
    with pytest.raises(NotYours, match="Amina Yusuf raised this"):
        stage.do(stage.porter, actions.abandon, reconfiguration=one, because="No")
    with pytest.raises(NotFound):
        stage.do(stage.stranger, actions.abandon, reconfiguration=one, because="No")
    with pytest.raises(NotFound):
        stage.read(stage.stranger, queries.reconfiguration, reconfiguration_id=one.id)
    assert stage.read(stage.porter, queries.reconfiguration, reconfiguration_id=one.id).title == one.title
