"""What has happened stays as it was written, whoever asks; and an anonymous event tells nothing of who or when."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from goldthread.journal.events import ANONYMOUS, OPERATOR, SYSTEM, Actor, leave
from goldthread.journal.models import Event
from goldthread.organisation.models import Person
from goldthread.record.models import LimitDecision, Link, Measure, MeasureVersion, Point


def execute(using, sql, *values):
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(sql, values)


def fill(using, seeded, at):
    """One row in each append-only table that can be written by hand."""
    trust, ward = seeded["trust"][0], seeded["ward7"]
    from goldthread.organisation.models import Unit

    unit, person = Unit.objects.using(using).get(pk=ward[2]), Person.objects.using(using).get(pk=seeded["coach"][2])
    leave("test.happened", by=SYSTEM, at=at, organisation_id=trust, practice="test", object_kind="thing", using=using)
    measure = Measure.objects.using(using).create(organisation_id=trust, code="falls", unit_id=unit.key)
    MeasureVersion.objects.using(using).create(
        organisation_id=trust, measure=measure, number=1, title="Falls", kind="count", period="month", direction="down", valid_from=date(2026, 1, 1)
    )  # fmt: skip
    Point.objects.using(using).create(
        organisation_id=trust, measure=measure, version=1, unit_id=unit.key, period_start=date(2026, 1, 1), period_end=date(2026, 2, 1),
        value=3, known_at=at,
    )  # fmt: skip
    LimitDecision.objects.using(using).create(
        organisation_id=trust, measure=measure, unit_id=unit.key, kind="recalculate", from_period=date(2026, 1, 1), reason="New ward",
        decided_by=person, decided_at=at,
    )  # fmt: skip
    _link(using, trust, at)
    with connections[using].cursor() as cursor:
        cursor.execute("set constraints all immediate")  # else TRUNCATE stumbles over what is still to be checked


def _link(using, trust, at):
    Link.objects.using(using).create(
        organisation_id=trust, source_practice="a", source_kind="b", source_id=uuid4(), meaning="raised", target_practice="c",
        target_kind="d", target_id=uuid4(), on=at.date(),
    )  # fmt: skip


CHANGES = [
    "update journal_event set kind = 'x'",
    "update journal_event set data = '{}'",
    "delete from journal_event",
    "truncate journal_event cascade",
    "update record_point set value = 1",
    "delete from record_point",
    "truncate record_point",
    "update record_measureversion set title = 'x'",
    "delete from record_measureversion",
    "truncate record_measureversion",
    "update record_limitdecision set reason = 'x'",
    "delete from record_limitdecision",
    "truncate record_limitdecision cascade",
    "update record_link set meaning = 'joins'",
    "delete from record_link",
    "truncate record_link",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_application_cannot_change_what_has_happened(statement, small_system, seeded, at):
    fill("default", seeded, at)
    with pytest.raises(DatabaseError, match="permission denied"):
        execute("default", statement)


@pytest.mark.django_db(databases=["owner"])
@pytest.mark.parametrize("statement", CHANGES)
def test_the_owner_cannot_change_what_has_happened_either(statement, seeded, at):
    fill("owner", seeded, at)
    with pytest.raises(DatabaseError, match=r"append-only: (UPDATE|DELETE|TRUNCATE) refused"):
        execute("owner", statement)


@pytest.mark.django_db(databases=["owner"])
def test_seals_cannot_be_changed_by_their_owner(seeded, at):
    fill("owner", seeded, at)
    execute("owner", "select goldthread_seal(%s, 10)", seeded["trust"][0])
    for statement in (
        "update journal_eventseal set seq = seq + 10",
        "delete from journal_eventseal",
        "truncate journal_eventseal",
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            execute("owner", statement)


def test_the_application_cannot_seal(small_system, at):
    leave(
        "test.happened", by=SYSTEM, at=at, organisation_id=small_system.trust.id, practice="test", object_kind="thing"
    )
    with pytest.raises(DatabaseError, match="permission denied"):
        execute("default", "select goldthread_seal(%s, 10)", small_system.trust.id)


def event(small_system, moment, **changed):
    given = {"organisation_id": small_system.trust.id, "at": moment, "on": moment.date(), "actor_kind": "system", "kind": "test.happened",
             "practice": "test", "object_kind": "thing"} | changed  # fmt: skip
    with transaction.atomic():
        return Event.objects.create(**given)


def test_an_anonymous_event_has_no_person_and_no_time(small_system, at):
    event(small_system, at, actor_kind="anonymous", at=None)
    for changed in ({"at": at}, {"at": None, "actor_id": small_system.nurse.id}, {"at": None, "role": "recorder"}):
        with pytest.raises(IntegrityError, match="event_anonymous_has_no_person_and_no_time"):
            event(small_system, at, actor_kind="anonymous", **{"at": None, **changed})


def test_any_other_event_has_a_time_and_a_person_is_named(small_system, at):
    with pytest.raises(IntegrityError, match="event_anonymous_has_no_person_and_no_time"):
        event(small_system, at, at=None)
    with pytest.raises(IntegrityError, match="event_person_is_named"):
        event(small_system, at, actor_kind="person")
    with pytest.raises(IntegrityError, match="event_actor_kind"):
        event(small_system, at, actor_kind="ghost")


def test_leave_forgets_who_and_when_for_an_anonymous_actor(small_system, at):
    made = leave("test.happened", by=Actor("anonymous", small_system.nurse.id, "recorder"), at=at, organisation_id=small_system.trust.id,
                 practice="test", object_kind="thing")  # fmt: skip
    made.refresh_from_db()
    assert (made.at, made.actor_id, made.role) == (None, None, "")
    assert made.id.version == 4
    assert made.on == date(2026, 6, 15)


def test_leave_keeps_the_local_day(small_system, at):
    late = at.replace(hour=23, minute=30)  # half past midnight in London
    made = leave("test.happened", by=OPERATOR, at=late, organisation_id=small_system.trust.id, practice="test", object_kind="thing",
                 unit=3, about=uuid4(), nothing=None)  # fmt: skip
    made.refresh_from_db()
    assert made.on == date(2026, 6, 16)
    assert made.id.version == 7
    assert made.data["unit"] == 3
    assert made.data["nothing"] is None
    assert isinstance(made.data["about"], str)


def test_the_application_cannot_take_an_event_out_of_the_queue(small_system, at):
    leave("test.happened", by=ANONYMOUS, at=at, organisation_id=small_system.trust.id, practice="test", object_kind="thing")  # fmt: skip
    for statement in ("delete from journal_unsealedevent", "update journal_unsealedevent set since = now()", "select * from journal_unsealedevent"):  # fmt: skip
        with pytest.raises(DatabaseError, match="permission denied"):
            execute("default", statement)
