"""Joint work: each party estimates, quick wins come first, and after ninety days somebody else looks."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from goldthread.organisation.access import NotAllowed, NotFound
from goldthread.practices.governance import actions, queries
from goldthread.practices.governance.models import Initiative
from goldthread.record.errors import AlreadyEnded, Invalid, NotYours
from goldthread.record.models import Clock, Notice


@pytest.fixture
def proposed(small_system, chief, practice_nurse, at):
    """One list for discharge medicines, with the practice as a party."""
    made = actions.propose_initiative(by=small_system.viewer(small_system.head), at=at, unit=small_system.division,
                                      title="One list of medicines", purpose="The same list on both sides")  # fmt: skip
    chief = small_system.viewer(small_system.chief)
    party = actions.join(by=chief, at=at, initiative=made, partner=practice_nurse)
    return made, party


@pytest.fixture
def under_way(small_system, proposed, chief, at):
    made, _ = proposed
    actions.estimate(by=chief, at=at, initiative=made, effort=2, benefit=4)
    actions.choose(by=chief, at=at, initiative=made)
    return actions.start_initiative(by=chief, at=at, initiative=made)


def test_each_partys_latest_estimate_counts_and_the_spread_is_shown(proposed, chief, practice_nurse, at):
    made, party = proposed
    actions.estimate(by=chief, at=at, initiative=made, effort=5, benefit=5)
    actions.estimate(by=chief, at=at + timedelta(hours=1), initiative=made, effort=2, benefit=5)
    actions.estimate_as_partner(by=practice_nurse, at=at, initiative=made, effort=3, benefit=2)
    found = queries.initiative(viewer=chief, initiative_id=made.id)
    assert (found.effort.median, found.effort.spread) == (2.5, 1)
    assert (found.benefit.median, found.benefit.lowest, found.benefit.highest) == (3.5, 2, 5)
    assert found.quick_win
    assert found.estimates[party.id].said_by_id is None  # its own word, not one written down for it


def test_quick_wins_come_first_on_the_board(small_system, proposed, chief, at):
    made, _ = proposed
    actions.estimate(by=chief, at=at, initiative=made, effort=1, benefit=4)
    big = actions.propose_initiative(by=chief, at=at, unit=small_system.root, title="A new building", purpose="Space")
    actions.estimate(by=chief, at=at, initiative=big, effort=5, benefit=5)
    small = actions.propose_initiative(by=chief, at=at, unit=small_system.root, title="A poster", purpose="Colour")
    actions.estimate(by=chief, at=at, initiative=small, effort=1, benefit=1)
    board = queries.board(viewer=chief)
    assert [(one.initiative.title, one.quick_win) for one in board] == [
        ("One list of medicines", True), ("A new building", False), ("A poster", False)]  # fmt: skip


@pytest.mark.parametrize(("effort", "benefit"), [(0, 3), (3, 6)])
def test_estimates_go_from_one_to_five(proposed, chief, at, effort, benefit):
    with pytest.raises(Invalid, match="from 1"):
        actions.estimate(by=chief, at=at, initiative=proposed[0], effort=effort, benefit=benefit)


def test_nothing_is_chosen_without_an_estimate_or_started_without_being_chosen(proposed, chief, at):
    made, _ = proposed
    with pytest.raises(Invalid, match="Nobody has estimated"):
        actions.choose(by=chief, at=at, initiative=made)
    with pytest.raises(AlreadyEnded):
        actions.start_initiative(by=chief, at=at, initiative=made)
    with pytest.raises(DatabaseError), transaction.atomic():
        Initiative.objects.filter(id=made.id).update(
            state="under_way", chosen_on=at.date(), started_on=at.date(), verify_on=at.date() + timedelta(days=90))  # fmt: skip


def test_it_is_looked_at_after_ninety_days_by_somebody_else(small_system, under_way, at):
    assert under_way.verify_on == at.date() + timedelta(days=90)
    assert Clock.objects.get(about_id=under_way.id).purpose == "verify_initiative"
    nurse, later = small_system.viewer(small_system.nurse), at + timedelta(days=90)
    with pytest.raises(Invalid, match="ninety days"):
        actions.verify(by=nurse, at=at + timedelta(days=89), initiative=under_way, worked=True, seen="Too early")
    with pytest.raises(NotYours, match="Somebody else"):
        actions.verify(
            by=small_system.viewer(small_system.head), at=later, initiative=under_way, worked=True, seen="Mine"
        )
    done = actions.verify(
        by=small_system.viewer(small_system.nurse),
        at=later,
        initiative=under_way,
        worked=False,
        seen="Two lists are still used",
    )
    assert (done.state, done.verified_by_id) == ("not_verified", small_system.nurse.id)
    assert Notice.objects.get(kind="initiative_looked_at").person_id == small_system.head.id
    with pytest.raises(AlreadyEnded):
        actions.verify(by=nurse, at=later, initiative=under_way, worked=True, seen="Changed my mind")


def test_the_ninety_days_cannot_be_moved(under_way, at):
    with pytest.raises(DatabaseError), transaction.atomic():
        Initiative.objects.filter(id=under_way.id).update(verify_on=at.date() + timedelta(days=200))
    with pytest.raises(DatabaseError), transaction.atomic():
        Initiative.objects.filter(id=under_way.id).update(
            started_on=at.date() + timedelta(days=9), verify_on=at.date() + timedelta(days=99))  # fmt: skip


def test_work_that_nobody_looked_at_counts_as_not_seen_to_work(small_system, under_way, at):
    from goldthread.practices.governance.measures import points
    from goldthread.record.practice import Scope

    def share(day):
        viewer = small_system.viewer(small_system.chief, at + timedelta(days=day))
        span = (at.date(), at.date() + timedelta(days=120))
        found = {one.measure: one for one in points(viewer, Scope(small_system.root), *span)}
        return found.get("governance.initiatives_verified")

    assert share(89) is None
    assert (share(95).numerator, share(95).denominator) == (0, 1)
    nurse = small_system.viewer(small_system.nurse)
    actions.verify(by=nurse, at=at + timedelta(days=95), initiative=under_way, worked=True, seen="One list everywhere")
    assert (share(96).numerator, share(96).denominator) == (1, 1)


def test_dropping_says_why_and_stops_the_clock(under_way, chief, at):
    with pytest.raises(Invalid):
        actions.drop(by=chief, at=at, initiative=under_way, because="")
    actions.drop(by=chief, at=at, initiative=under_way, because="The supplier left")
    assert Clock.objects.get(about_id=under_way.id).state == "stopped"


def test_who_does_not_govern_does_not_choose_and_who_does_not_lead_does_not_start(small_system, proposed, chief, at):
    made, _ = proposed
    actions.estimate(by=chief, at=at, initiative=made, effort=1, benefit=5)
    with pytest.raises(NotAllowed):
        actions.choose(by=small_system.viewer(small_system.nurse), at=at, initiative=made)
    actions.choose(by=small_system.viewer(small_system.head), at=at, initiative=made)
    with pytest.raises(NotYours):
        actions.start_initiative(by=small_system.viewer(small_system.nurse), at=at, initiative=made)


def test_a_partner_that_takes_no_part_does_not_estimate(small_system, proposed, chief, at):
    from goldthread.record.actions import bodies

    other = bodies.add_partner(by=chief, at=at, name="Elsewhere", kind="council")
    with pytest.raises(NotFound):
        actions.estimate_as_partner(by=other, at=at, initiative=proposed[0], effort=1, benefit=1)
    with pytest.raises(Invalid, match="already"):
        actions.join(by=chief, at=at, initiative=proposed[0], partner=proposed[1].partner)
    with pytest.raises(Invalid, match="another unit"):
        actions.join(by=chief, at=at, initiative=proposed[0], unit=small_system.division)
