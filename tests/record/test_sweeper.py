"""The sweeper beside people at work, and at the edges of the day."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.types.range import DateRange

from goldthread.journal.database import APP, parameters
from goldthread.practices.voice.actions.ideas import raise_idea
from goldthread.record import sweeper
from goldthread.record.actions import decisions

AT = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


@pytest.fixture
def opened(committed):
    """A decision of Ward 7's manager, open, its clock due on 29 June."""
    committed.jump(AT)
    with transaction.atomic():
        at = committed.now()
        return raise_idea(
            by=committed.viewer(committed.nurse, at), at=at, unit=committed.ward7, text="A hoist"
        ).idea.decision


def clock_of(committed, decision):
    return committed.owner("select state, attempts from record_clock where about_id = %s order by due_at", decision.id)


def test_the_clock_ends_with_its_day(committed, opened):
    """Due in fourteen days: until midnight in London at the end of 29 June."""
    committed.jump(datetime(2026, 6, 29, 22, 59, tzinfo=UTC))
    assert sweeper.sweep() == 0
    committed.jump(datetime(2026, 6, 29, 23, 0, 1, tzinfo=UTC))
    assert sweeper.sweep() == 1
    assert clock_of(committed, opened) == [("fired", 0), ("pending", 0)]
    assert sweeper.sweep() == 0


def test_somebody_deciding_just_now_is_not_waited_for(committed, opened):
    """Whoever decides holds the decision and then wants its clock; the sweeper holds the clock. Neither may wait for the other."""
    committed.jump(AT + timedelta(days=20))
    name = connection.settings_dict["NAME"]
    with psycopg.connect(**parameters(APP, database=name)) as deciding:
        deciding.execute("select set_config('goldthread.organisation', %s, true)", [str(committed.trust.id)])
        deciding.execute("select 1 from record_decision where id = %s for update", [opened.id])
        assert sweeper.sweep() == 0
        assert clock_of(committed, opened) == [("pending", 0)]  # no failed try, only later
        deciding.rollback()
    committed.jump(AT + timedelta(days=20, seconds=3))
    assert sweeper.sweep() == 1


def test_an_answer_in_time_stops_the_clock(committed, opened):
    with transaction.atomic():
        at = committed.now()
        decisions.decide(
            by=committed.viewer(committed.manager, at), at=at, decision=opened, outcome="declined", reason="No"
        )
    committed.jump(AT + timedelta(days=20))
    assert sweeper.sweep() == 0
    assert clock_of(committed, opened) == [("stopped", 0)]


def test_a_clock_cannot_be_stopped_under_an_open_decision(committed, opened):
    def stop():
        with transaction.atomic(), connection.cursor() as cursor:
            committed.viewer(committed.manager)
            cursor.execute("update record_clock set state = 'stopped' where about_id = %s", [opened.id])
            assert cursor.rowcount == 1

    with pytest.raises(IntegrityError, match="would stay open without a clock"):
        stop()
    assert clock_of(committed, opened) == [("pending", 0)]


def test_sweeping_ends_when_it_is_asked_to(committed, opened):
    committed.jump(AT + timedelta(days=20))
    assert sweeper.sweep(stopping=lambda: True) == 0
    assert clock_of(committed, opened) == [("pending", 0)]


def test_a_role_begins_at_midnight_where_people_are(committed, opened):
    """At half past midnight in London it is still yesterday in UTC; whoever takes over today may decide."""
    committed.owner(
        "insert into organisation_roleheld (organisation_id, person_id, unit_id, role, period) values (%s, %s, %s, 'unit_manager', %s)",
        committed.trust.id, committed.porter.id, committed.ward7.key, DateRange(date(2026, 6, 20), None),
    )  # fmt: skip
    for moment, may in (
        (datetime(2026, 6, 19, 22, 30, tzinfo=UTC), False),
        (datetime(2026, 6, 19, 23, 30, tzinfo=UTC), True),
    ):
        committed.jump(moment)
        with transaction.atomic():
            assert decisions.may_decide(committed.viewer(committed.porter, committed.now()), opened) is may
