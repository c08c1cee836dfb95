"""What happens when a day passes and nobody has said anything. The sweeper runs as it does in production."""

from datetime import timedelta

import pytest
from django.db import transaction

from goldthread.practices.governance import actions
from goldthread.record import sweeper
from tests.record.conftest import committed, committed_database  # noqa: F401  (fixtures)
from tests.system import AT


def swept(system, moment):
    system.jump(moment)
    while sweeper.sweep():
        pass
    assert system.owner("select purpose, last_error from record_clock where attempts > 0") == []


def told(system, kind):
    return {row[0] for row in system.owner("select person_id from record_notice where kind = %s", kind)}


@pytest.fixture
def system(committed):  # noqa: F811
    committed.jump(AT)
    return committed


def promised(system, **to):
    with transaction.atomic():
        chief = system.viewer(system.chief, system.now())
        return actions.pledge(
            by=chief,
            at=system.now(),
            unit=system.root,
            text="Letters in a day",
            due_on=AT.date() + timedelta(days=3),
            **to,
        )


def test_a_promise_past_its_day_tells_whoever_promised_and_stays_open(system):
    made = promised(system, to_organisation=system.other)
    swept(system, AT + timedelta(days=3))
    assert told(system, "pledge_overdue") == set()  # the day itself still counts
    swept(system, AT + timedelta(days=4))
    assert told(system, "pledge_overdue") == {system.chief.id}
    assert system.owner("select state from governance_pledge where id = %s", made.id) == [("promised",)]


def test_a_promise_kept_in_time_tells_nobody_that_it_is_late(system):
    made = promised(system, to_organisation=system.other)
    with transaction.atomic():
        actions.say_ended(by=system.viewer(system.chief, system.now()), at=system.now(), pledge=made, state="kept")
    swept(system, AT + timedelta(days=9))
    assert told(system, "pledge_overdue") == set()


def test_after_ninety_days_the_lead_and_the_manager_are_told_to_have_it_looked_at(system):
    with transaction.atomic():
        at = system.now()
        nurse = system.viewer(system.nurse, at)
        work = actions.propose_initiative(
            by=nurse, at=at, unit=system.ward7, title="One list", purpose="The same on both sides"
        )
        manager = system.viewer(system.manager, at)
        actions.estimate(by=manager, at=at, initiative=work, effort=1, benefit=5)
        actions.choose(by=manager, at=at, initiative=work)
        actions.start_initiative(by=manager, at=at, initiative=work)
    swept(system, AT + timedelta(days=90))
    assert told(system, "initiative_due") == set()
    swept(system, AT + timedelta(days=91))
    assert told(system, "initiative_due") == {system.nurse.id, system.manager.id, system.deputy.id}
