"""Situation updates: three things said apart, a promise of the next, and who has read them as a number."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from goldthread.organisation.access import NotFound
from goldthread.organisation.models import Person
from goldthread.practices.crisis import actions, measures, queries
from goldthread.practices.crisis.models import SituationUpdate, UpdateRead
from goldthread.record.errors import Invalid, NotYours
from goldthread.record.models import Clock, Notice
from tests.practices.crisis.conftest import AT

WORDS = {"known": "Twelve cases", "not_known": "Where it came from", "doing": "Testing everybody"}


def write(stage, by=None, hours=24, **more):
    how = {"unit": stage.ward7, "next_at": stage.now() + timedelta(hours=hours), **WORDS}
    return stage.do(by or stage.manager, actions.write_update, **{**how, **more})


def colleagues(stage, count):
    """More people on Ward 7; gone again when the test ends, with all seeded people."""
    with transaction.atomic(using="owner"):
        for n in range(count):
            Person.objects.using("owner").create(organisation_id=stage.trust.id, code=f"X{n}", name=f"Colleague {n}",
                                                 staff_group="Allied health professionals", unit_id=stage.ward7.key)  # fmt: skip
    return list(stage.all(Person, code__startswith="X").order_by("code"))


def test_updates_are_numbered_and_stay_as_they_were_said(stage):
    assert [write(stage).number, write(stage).number] == [1, 2]

    def soften():
        with transaction.atomic():
            stage.viewer(stage.manager, stage.now())
            with connection.cursor() as cursor:
                cursor.execute("update crisis_situationupdate set known = 'All is well'")

    with pytest.raises(DatabaseError, match="permission denied"):
        soften()
    assert set(stage.all(SituationUpdate).values_list("known", flat=True)) == {"Twelve cases"}


@pytest.mark.parametrize("field", ["known", "not_known", "doing"])
def test_what_we_do_not_know_is_said_too(stage, field):
    with pytest.raises(Invalid) as refused:
        write(stage, **{field: "  "})
    assert refused.value.field == field


def test_the_next_update_lies_in_the_future(stage):
    with pytest.raises(Invalid, match="a moment in the future"):
        write(stage, hours=-1)


def test_when_the_next_update_does_not_come_writer_and_managers_are_told(stage):
    write(stage, by=stage.head)
    stage.wait_until(AT + timedelta(hours=23))
    assert not stage.all(Notice, kind="update_due").exists()
    stage.wait_until(AT + timedelta(hours=24, seconds=5))
    told = set(stage.all(Notice, kind="update_due").values_list("person_id", flat=True))
    assert told == {stage.head.id, stage.manager.id, stage.deputy.id}


def test_an_update_in_time_keeps_everybody_quiet(stage):
    first = write(stage)
    stage.wait_until(AT + timedelta(hours=20))
    write(stage, hours=48)
    assert stage.all(Clock, about_id=first.id).get().state == "stopped"
    stage.wait_until(AT + timedelta(hours=30))
    assert not stage.all(Notice, kind="update_due").exists()


def test_a_team_at_work_may_write_and_others_may_not(governed):
    with pytest.raises(NotYours, match="response team at work"):
        write(governed, by=governed.nurse)
    governed.do(governed.manager, actions.form_team, unit=governed.ward7, title="Oxygen", purpose="Oxygen", lead=governed.nurse,
                members=[governed.porter], subjects=["staffing"], until=AT + timedelta(days=5))  # fmt: skip
    assert write(governed, by=governed.nurse).number == 1
    assert write(governed, by=governed.porter).number == 2
    governed.wait_until(AT + timedelta(days=6))
    with pytest.raises(NotYours):
        write(governed, by=governed.nurse)


def test_the_newest_update_that_speaks_to_a_unit_is_found(stage):
    write(stage, by=stage.chief, unit=stage.root, known="For all")
    assert stage.read(stage.porter, queries.latest, unit=stage.ward9).known == "For all"
    stage.wait_until(AT + timedelta(hours=1))
    own = write(stage)
    assert stage.read(stage.nurse, queries.latest, unit=stage.ward7).id == own.id
    assert stage.read(stage.porter, queries.latest, unit=stage.ward9).known == "For all"
    with pytest.raises(NotFound):
        stage.read(stage.stranger, queries.update, update_id=own.id)


def test_reading_counts_once_and_only_above_the_floor(stage):
    update = write(stage)
    for _ in range(2):
        stage.do(stage.nurse, actions.mark_read, update=update)
    assert stage.all(UpdateRead).count() == 1
    assert stage.read(stage.manager, queries.readers, update=update) is None  # three people work here
    people = colleagues(stage, 8)
    stage.do(people[0], actions.mark_read, update=update)
    stage.wait_until(AT + timedelta(hours=25))
    stage.do(people[1], actions.mark_read, update=update)
    stage.do(stage.porter, actions.mark_read, update=update)  # works elsewhere
    found = stage.read(stage.manager, queries.readers, update=update)
    assert (found.read, found.in_a_day, found.members) == (3, 2, 11)
    assert stage.read(
        stage.manager, measures.read_in_24h, unit=stage.ward7, start=AT.date(), end=AT.date() + timedelta(days=2)
    ) == (2, 11)


def test_on_time_counts_what_came_and_what_was_stood_down(stage):
    def share():
        return stage.read(
            stage.manager,
            measures.updates_on_time,
            unit=stage.ward7,
            start=AT.date(),
            end=AT.date() + timedelta(days=30),
        )

    write(stage)
    assert share() == (0, 0)  # not due yet
    stage.wait_until(AT + timedelta(hours=23))
    write(stage)
    stage.wait_until(AT + timedelta(hours=24, minutes=1))
    assert share() == (1, 1)
    stage.wait_until(AT + timedelta(hours=72))
    assert share() == (1, 2)
    write(stage)
    stage.do(stage.manager, actions.set_level, unit=stage.ward7, level=0, channel="Site")
    stage.wait_until(AT + timedelta(hours=120))
    assert share() == (2, 3)  # the last promised one was not needed
