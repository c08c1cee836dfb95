"""Care for staff: runs with a limit, and check-ins that are nobody else's business."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from goldthread.journal.models import Event
from goldthread.organisation.access import NotAllowed, NotFound
from goldthread.organisation.models import Person
from goldthread.practices.crisis import actions, measures, queries
from goldthread.practices.crisis.models import AreaDay, CheckIn
from goldthread.practices.crisis.runs import DAY, run_with, runs, within
from goldthread.record.errors import AlreadyEnded, Invalid
from tests.practices.crisis.conftest import AT

TODAY = AT.date()
DAYS = st.sets(st.integers(0, 30).map(lambda n: date(2026, 6, 1) + timedelta(days=n)), max_size=25)


@given(DAYS)
def test_runs_are_the_days_themselves(days):
    found = runs(days)
    assert {first + n * DAY for first, length in found for n in range(length)} == days
    assert all(first - DAY not in days and first + length * DAY not in days for first, length in found)


@given(DAYS, st.integers(1, 5))
def test_within_a_limit_no_day_follows_more_than_the_limit(days, most):
    kept = within(days, most)
    assert kept <= days
    assert all(all(day - n * DAY in days for n in range(most)) for day in days - kept)
    assert all(length <= most for _, length in runs(kept))


@given(DAYS, st.integers(0, 30))
def test_a_run_with_a_day_is_the_run_it_would_make(days, n):
    day = date(2026, 6, 1) + timedelta(days=n)
    assert run_with(days, day) == next(
        length for first, length in runs(days | {day}) if first <= day < first + length * DAY
    )


@pytest.fixture
def area(stage):
    return stage.do(stage.manager, actions.open_area, unit=stage.ward7, title="Red bay", most_days_running=3)


def put(stage, area, person, day, reason="", by=None):
    return stage.do(by or stage.manager, actions.assign, area=area, person=person, day=day, reason=reason)


def colleagues(stage, area, count, day=TODAY):
    with transaction.atomic(using="owner"):
        for n in range(count):
            Person.objects.using("owner").create(organisation_id=stage.trust.id, code=f"X{n:02}", name=f"Colleague {n}",
                                                 staff_group="Allied health professionals", unit_id=stage.ward7.key)  # fmt: skip
    people = list(stage.all(Person, code__startswith="X").order_by("code"))
    for person in people:
        put(stage, area, person, day)
    return people


def as_person(stage, person, sql, *values):
    with transaction.atomic():
        stage.viewer(person, stage.now())
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else cursor.rowcount


def test_a_day_past_the_limit_needs_a_reason_and_is_kept_as_such(stage, area):
    for n in range(3):
        assert not put(stage, area, stage.nurse, TODAY + n * DAY).over_limit
    with pytest.raises(Invalid, match="4 days running for Amina Yusuf; the limit here is 3"):
        put(stage, area, stage.nurse, TODAY + 3 * DAY)
    assert stage.all(AreaDay).count() == 3
    assert put(stage, area, stage.nurse, TODAY + 3 * DAY, "Nobody else can run the ventilator").over_limit
    assert not put(stage, area, stage.nurse, TODAY + 5 * DAY).over_limit
    with pytest.raises(Invalid, match="6 days running"):  # a day that joins two runs
        put(stage, area, stage.nurse, TODAY + 4 * DAY)


def test_the_database_keeps_no_day_past_the_limit_without_a_reason(stage, area):
    put(stage, area, stage.nurse, TODAY)
    with pytest.raises(DatabaseError):
        stage.owner("update crisis_areaday set over_limit = true")


def test_who_plans_sees_names_and_the_longest_run_others_only_counts(stage, area):
    for n in range(3):
        put(stage, area, stage.nurse, TODAY + n * DAY)
    put(stage, area, stage.porter, TODAY + 2 * DAY)
    stage.wait_until(AT + timedelta(days=2))
    planner = stage.read(stage.manager, queries.rest, unit=stage.ward7)[0]
    assert (planner.here, planner.at_limit, planner.longest, planner.names) == (2, 1, 3, (("Amina Yusuf", 3),))
    other = stage.read(stage.porter, queries.rest, unit=stage.ward7)[0]
    assert (other.here, other.at_limit, other.names) == (2, 1, ())
    assert [person.name for person, _ in stage.read(stage.porter, queries.roster, area=area)] == ["Farid Aziz"]
    assert len(stage.read(stage.manager, queries.roster, area=area)) == 2


def test_only_those_who_lead_plan_and_only_people_who_work_here_are_planned(stage, area):
    with pytest.raises(NotAllowed):
        put(stage, area, stage.porter, TODAY, by=stage.nurse)
    with pytest.raises(Invalid, match="works in this organisation"):
        put(stage, area, stage.stranger, TODAY)
    with pytest.raises(NotFound):
        put(stage, area, stage.nurse, TODAY, by=stage.stranger)
    put(stage, area, stage.nurse, TODAY)
    with pytest.raises(AlreadyEnded):
        put(stage, area, stage.nurse, TODAY)
    stage.do(stage.manager, actions.unassign, area=area, person=stage.nurse, day=TODAY)
    assert not stage.all(AreaDay).exists()
    stage.do(stage.manager, actions.close_area, area=area)
    with pytest.raises(AlreadyEnded):
        put(stage, area, stage.nurse, TODAY)


def test_the_share_within_the_limit_is_worked_out_from_the_days(stage, area):
    for n in range(5):
        put(stage, area, stage.nurse, TODAY + n * DAY, "Nobody else")
    put(stage, area, stage.porter, TODAY)
    found = stage.read(stage.manager, measures.area_days, unit=stage.ward7, start=TODAY, end=TODAY + 30 * DAY)
    assert found == (4, 6)
    later = stage.read(stage.manager, measures.area_days, unit=stage.ward7, start=TODAY + 2 * DAY, end=TODAY + 30 * DAY)
    assert later == (1, 3)  # the run began before the period


def test_check_ins_are_offered_every_week_to_those_who_worked_there(stage, area):
    put(stage, area, stage.nurse, TODAY)
    put(stage, area, stage.porter, TODAY + 30 * DAY)
    stage.wait_until(AT + timedelta(days=7))
    assert [one.person_id for one in stage.all(CheckIn)] == [stage.nurse.id]
    assert len(stage.read(stage.nurse, queries.my_check_ins)) == 1
    stage.wait_until(AT + timedelta(days=14))
    assert stage.all(CheckIn).count() == 1  # she has not worked there since
    stage.do(stage.manager, actions.close_area, area=area)
    stage.wait_until(AT + timedelta(days=40))
    assert stage.all(CheckIn).count() == 1


def test_a_check_in_is_answered_once_by_its_own_person(stage, area):
    first = stage.do(stage.nurse, actions.ask_for_check_in, area=area)
    assert stage.do(stage.nurse, actions.ask_for_check_in, area=area).id == first.id
    for somebody in (stage.manager, stage.chief, stage.porter, stage.stranger):
        with pytest.raises(NotFound):
            stage.do(somebody, actions.hold_check_in, check_in=CheckIn(id=first.id))
    with pytest.raises(Invalid):
        stage.do(stage.nurse, actions.hold_check_in, check_in=first, on=TODAY + DAY)
    stage.do(stage.nurse, actions.hold_check_in, check_in=first)
    with pytest.raises(AlreadyEnded):
        stage.do(stage.nurse, actions.decline_check_in, check_in=first)
    with pytest.raises(DatabaseError, match="has been answered"):
        as_person(
            stage, stage.nurse, "update crisis_checkin set held_on = null, declined = true where id = %s", first.id
        )


def test_nobody_else_can_read_a_check_in_by_any_query(stage, area):
    mine = stage.do(stage.nurse, actions.ask_for_check_in, area=area)
    stage.do(stage.nurse, actions.hold_check_in, check_in=mine)
    other = stage.do(stage.porter, actions.ask_for_check_in, area=area)
    stage.do(stage.porter, actions.decline_check_in, check_in=other)
    assert as_person(stage, stage.nurse, "select count(*) from crisis_checkin") == [(1,)]
    for somebody in (stage.manager, stage.head, stage.chief, stage.coach, stage.stranger):
        assert as_person(stage, somebody, "select * from crisis_checkin") == []
        assert as_person(stage, somebody, "update crisis_checkin set declined = true") == 0
        with pytest.raises(DatabaseError, match="row-level security"):
            as_person(stage, somebody, "insert into crisis_checkin (organisation_id, person_id, area_id, offered_on) values (%s, %s, %s, %s)",
                      stage.trust.id, stage.nurse.id, area.id, TODAY + 9 * DAY)  # fmt: skip
    with pytest.raises(DatabaseError, match="permission denied"):
        as_person(stage, stage.nurse, "delete from crisis_checkin")


def test_the_journal_names_nobody_who_had_or_declined_a_check_in(stage, area):
    mine = stage.do(stage.nurse, actions.ask_for_check_in, area=area)
    stage.do(stage.nurse, actions.hold_check_in, check_in=mine)
    events = list(stage.all(Event, kind__startswith="crisis.check_in_"))
    assert {one.kind for one in events} == {"crisis.check_in_asked", "crisis.check_in_held"}
    for one in events:
        assert (one.actor_kind, one.actor_id, one.at, one.object_id, one.data) == ("anonymous", None, None, None, {})
        assert one.id.version == 4  # version 7 would tell the time


def test_no_words_of_a_check_in_can_be_stored():
    kinds = {field.name: field.get_internal_type() for field in CheckIn._meta.get_fields()}
    assert not {"CharField", "TextField", "JSONField"} & set(kinds.values())


def test_coverage_is_one_share_above_the_floor_and_nothing_under_it(stage, area):
    people = colleagues(stage, area, 10)
    monday = AT + timedelta(days=7)
    offered = [stage.do(one, actions.ask_for_check_in, area=area) for one in people[:4]]
    for one, person in zip(offered[:3], people, strict=False):
        stage.do(person, actions.hold_check_in, check_in=one)
    stage.do(people[3], actions.decline_check_in, check_in=offered[3])
    stage.wait_until(monday)
    assert stage.read(stage.chief, queries.coverage, unit=stage.root) is None  # ten people
    put(stage, area, stage.nurse, TODAY)
    assert stage.read(stage.chief, queries.coverage, unit=stage.root) == (3, 11)
    assert stage.read(stage.nurse, queries.coverage, unit=stage.ward7) == (3, 11)
    assert stage.read(stage.chief, queries.coverage, unit=stage.ward9) is None
    assert stage.read(stage.stranger, queries.coverage, unit=stage.ward7) is None
    assert as_person(stage, stage.stranger, "select had, worked from goldthread_check_in_coverage(%s, %s, 0)", stage.ward7.key, monday.date()) == [(None, None)]  # fmt: skip


def test_asking_for_a_lower_floor_or_another_day_of_the_week_tells_nothing_more(stage, area):
    people = colleagues(stage, area, 11)
    stage.do(people[0], actions.hold_check_in, check_in=stage.do(people[0], actions.ask_for_check_in, area=area))
    stage.wait_until(AT + timedelta(days=8))
    asked = "select had, worked from goldthread_check_in_coverage(%s, %s, %s)"
    week = {as_person(stage, stage.chief, asked, stage.ward7.key, TODAY + (7 + n) * DAY, 11)[0] for n in range(7)}
    assert week == {(1, 11)}
    assert as_person(stage, stage.chief, asked, stage.ward7.key, TODAY + 7 * DAY, 12) == [(None, None)]
    stage.do(stage.manager, actions.unassign, area=area, person=people[5], day=TODAY)
    assert as_person(stage, stage.chief, asked, stage.ward7.key, TODAY + 7 * DAY, 0) == [(None, None)]
