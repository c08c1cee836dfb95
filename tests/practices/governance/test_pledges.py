"""Promises between organisations: each side has its own row, neither can write the other's, and the receiver has the last word."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from goldthread.journal import scope
from goldthread.journal.models import Event
from goldthread.organisation.access import NotAllowed, NotFound
from goldthread.practices.governance import actions, queries
from goldthread.practices.governance.models import Pledge, PledgeReceived
from goldthread.record.errors import AlreadyEnded, Invalid
from goldthread.record.models import Clock, Notice


@pytest.fixture
def pledged(small_system, chief, at):
    """The trust promises Southvale Care a discharge letter within a day."""
    due = at.date() + timedelta(days=30)
    made = actions.pledge(by=chief, at=at, unit=small_system.root, text="Letters within one day", due_on=due,
                          to_organisation=small_system.other)  # fmt: skip
    return made


@pytest.fixture
def receiver(small_system, seeded):
    """Looks as whoever speaks for the whole of the other organisation: its ward manager is given its root for this test."""
    from datetime import date

    from psycopg.types.range import DateRange

    from goldthread.organisation.models import RoleHeld

    def look(at=None):
        scope.enter(small_system.other.id)
        RoleHeld.objects.get_or_create(
            organisation=small_system.other, person=small_system.stranger, unit=small_system.other_root, role="unit_manager",
            defaults={"period": DateRange(date(2024, 1, 1), None)},
        )  # fmt: skip
        return small_system.viewer(small_system.stranger, *([at] if at else []))

    return look


def refused_by_the_database(change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()
    return True


def theirs(viewer):
    return queries.received(viewer=viewer)[0]


def test_the_receiver_has_its_own_row_and_is_told(small_system, receiver, chief, at):
    receiver()
    small_system.viewer(small_system.chief)
    made = actions.pledge(by=chief, at=at, unit=small_system.root, text="Letters within one day", due_on=at.date(),
                          to_organisation=small_system.other)  # fmt: skip
    assert PledgeReceived.objects.count() == 0  # not in the promiser's scope
    viewer = receiver()
    row = theirs(viewer)
    assert (row.pledge_id, row.text, row.state, row.from_organisation) == (
        made.id,
        made.text,
        "promised",
        small_system.trust,
    )
    assert Pledge.objects.count() == 0  # nor the other way round
    assert Notice.objects.get(kind="pledge_made_to_you").person_id == small_system.stranger.id
    assert Event.objects.filter(kind="governance.pledge_received", organisation_id=small_system.other.id).count() == 1


def test_kept_then_confirmed_by_the_receiver_is_seen_on_both_sides(small_system, pledged, receiver, chief, at):
    ended = actions.say_ended(by=chief, at=at, pledge=pledged, state="kept", note="Since Monday")
    assert (ended.state, ended.kept_on, ended.confirmed) == ("kept", at.date(), None)
    assert Clock.objects.get(about_id=pledged.id).state == "stopped"
    viewer = receiver()
    assert (theirs(viewer).state, theirs(viewer).said) == ("kept", "Since Monday")
    row = actions.confirm_received(by=viewer, at=at, received=theirs(viewer), kept=True)
    assert (row.confirmed, row.confirmed_by_id) == (True, small_system.stranger.id)
    small_system.viewer(small_system.chief)
    pledged.refresh_from_db()
    assert (pledged.confirmed, pledged.confirmed_as) == (True, "organisation")
    assert Notice.objects.filter(kind="pledge_confirmed", person_id=small_system.chief.id).exists()


def test_the_receiver_may_say_that_it_was_not_kept_and_what_is_missing(small_system, pledged, receiver, chief, at):
    actions.say_ended(by=chief, at=at, pledge=pledged, state="kept")
    viewer = receiver()
    with pytest.raises(Invalid, match="Write something"):
        actions.confirm_received(by=viewer, at=at, received=theirs(viewer), kept=False)
    actions.confirm_received(by=viewer, at=at, received=theirs(viewer), kept=False, note="Half of them take three days")
    with pytest.raises(AlreadyEnded):
        actions.confirm_received(by=viewer, at=at, received=theirs(viewer), kept=True)
    small_system.viewer(small_system.chief)
    pledged.refresh_from_db()
    assert (pledged.state, pledged.kept_on, pledged.confirmed_note) == (
        "not_kept",
        None,
        "Half of them take three days",
    )


def test_the_promiser_cannot_confirm_its_own_promise(small_system, pledged, chief, receiver, at):
    actions.say_ended(by=chief, at=at, pledge=pledged, state="kept")
    row = theirs(receiver())
    chief = small_system.viewer(small_system.chief)
    with pytest.raises(NotFound):
        actions.confirm_received(by=chief, at=at, received=row, kept=True)
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute(
            "select goldthread_pledge_confirm(%s, true, %s, %s, '', %s)", [row.id, chief.person_id, at.date(), at]
        )
    assert refused_by_the_database(
        lambda: Pledge.objects.filter(id=pledged.id).update(
            confirmed=True, confirmed_at=at, confirmed_as="organisation"
        )
    )


def test_neither_side_can_be_written_alone(small_system, pledged, receiver, at):
    assert refused_by_the_database(lambda: Pledge.objects.filter(id=pledged.id).update(state="kept", kept_on=at.date()))
    assert refused_by_the_database(lambda: Pledge.objects.filter(id=pledged.id).update(text="Something easier"))
    viewer = receiver()
    assert refused_by_the_database(lambda: PledgeReceived.objects.filter(id=theirs(viewer).id).update(confirmed=None))


def test_another_organisation_cannot_end_a_promise(pledged, receiver, at):
    viewer = receiver()
    with pytest.raises(NotFound):
        actions.say_ended(by=viewer, at=at, pledge=pledged, state="kept")
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("select goldthread_pledge_kept(%s, 'kept', %s, '')", [pledged.id, at.date()])


def test_only_who_speaks_for_an_organisation_promises_or_confirms(small_system, pledged, at):
    nurse = small_system.viewer(small_system.nurse)
    with pytest.raises(NotAllowed):
        actions.pledge(
            by=nurse, at=at, unit=small_system.root, text="Mine", due_on=at.date(), to_organisation=small_system.other
        )
    stranger = small_system.viewer(small_system.stranger)  # manages a ward there, not the whole
    with pytest.raises(NotAllowed):
        actions.confirm_received(by=stranger, at=at, received=theirs(stranger), kept=True)


def test_a_promise_goes_to_exactly_one_other_and_not_into_the_past(small_system, chief, practice_nurse, at):
    root, other, day = small_system.root, small_system.other, at.date()
    for wrong in (
        {},
        {"to_organisation": other, "to_partner": practice_nurse},
        {"to_organisation": small_system.trust},
    ):
        with pytest.raises(Invalid):
            actions.pledge(by=chief, at=at, unit=root, text="Mine", due_on=day, **wrong)
    with pytest.raises(Invalid, match="today or later"):
        actions.pledge(by=chief, at=at, unit=root, text="Mine", due_on=day - timedelta(days=1), to_organisation=other)


def test_taking_a_promise_back_needs_a_reason_and_ends_it(pledged, chief, at):
    with pytest.raises(Invalid, match="Write something"):
        actions.say_ended(by=chief, at=at, pledge=pledged, state="withdrawn")
    actions.say_ended(by=chief, at=at, pledge=pledged, state="withdrawn", note="The system is not bought")
    with pytest.raises(AlreadyEnded):
        actions.say_ended(by=chief, at=at, pledge=pledged, state="kept")


def test_a_partner_confirms_once_and_only_what_was_promised_to_it(small_system, chief, practice_nurse, at):
    from goldthread.record.actions import bodies

    made = actions.pledge(
        by=chief, at=at, unit=small_system.root, text="A line for calls", due_on=at.date(), to_partner=practice_nurse
    )
    stranger = bodies.add_partner(by=chief, at=at, name="Elsewhere", kind="council")
    with pytest.raises(NotFound):
        actions.confirm_as_partner(by=stranger, at=at, pledge=made, kept=True)
    done = actions.confirm_as_partner(by=practice_nurse, at=at, pledge=made, kept=True)
    assert (done.state, done.confirmed_as, done.kept_on) == ("kept", "partner", at.date())
    with pytest.raises(AlreadyEnded, match="already confirmed"):
        actions.confirm_as_partner(by=practice_nurse, at=at, pledge=made, kept=False, note="No")
    assert refused_by_the_database(lambda: Pledge.objects.filter(id=made.id).update(confirmed=None))
    assert Event.objects.get(kind="governance.pledge_confirmed").actor_id == practice_nurse.id


def test_promises_are_measured_by_the_receivers_word(small_system, pledged, receiver, chief, practice_nurse, at):
    from goldthread.practices.governance.evidence import claims
    from goldthread.practices.governance.measures import points
    from goldthread.record.practice import Scope

    actions.pledge(by=chief, at=at, unit=small_system.root, text="Late", due_on=at.date(), to_partner=practice_nurse)
    actions.say_ended(by=chief, at=at, pledge=pledged, state="kept")
    later = at + timedelta(days=40)
    span = (at.date(), at.date() + timedelta(days=60))

    def share():
        viewer = small_system.viewer(small_system.chief, later)
        found = {one.measure: one for one in points(viewer, Scope(small_system.root), *span)}["governance.pledges_kept"]
        return found.numerator, found.denominator

    assert share() == (0, 2)  # said to be kept is not kept and confirmed
    viewer = receiver()
    actions.confirm_received(by=viewer, at=at, received=theirs(viewer), kept=True)
    assert share() == (1, 2)
    claim = next(iter(claims(small_system.viewer(small_system.chief, later), Scope(small_system.root), *span)))
    assert claim.sentence.startswith("1 of 2 promises")
    assert claim.result["numerator"] == 1
    assert len(claim.rows) == 2


def test_the_public_page_is_off_until_it_is_switched_on_with_a_reason(small_system, pledged, chief, at):
    actions.show_pledge(by=chief, at=at, pledge=pledged)
    assert queries.public_page(viewer=chief) is None
    with pytest.raises(Invalid):
        actions.switch_public_page(by=chief, at=at, on=True, because="")
    with pytest.raises(AlreadyEnded):
        actions.switch_public_page(by=chief, at=at, on=False, because="To be sure")
    actions.switch_public_page(by=chief, at=at, on=True, because="The board agreed")
    assert [row.id for row in queries.public_page(viewer=chief).pledges] == [pledged.id]
    actions.switch_public_page(by=chief, at=at + timedelta(days=1), on=False, because="Purdah")
    assert queries.public_page(viewer=chief) is None


def test_only_what_is_marked_is_public(small_system, pledged, chief, at):
    actions.switch_public_page(by=chief, at=at, on=True, because="The board agreed")
    assert queries.public_page(viewer=chief).pledges == ()
    with pytest.raises(NotAllowed):
        actions.switch_public_page(by=small_system.viewer(small_system.manager), at=at, on=False, because="Mine")
