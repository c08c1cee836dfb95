"""Who may see or do what."""

import pytest

from goldthread.organisation import access
from goldthread.organisation.roles import Permission


def test_a_manager_decides_on_her_ward_and_not_next_door(small_system):
    viewer = small_system.viewer(small_system.manager)
    assert access.may(viewer, Permission.DECIDE, small_system.ward7)
    assert not access.may(viewer, Permission.DECIDE, small_system.ward9)
    assert not access.may(viewer, Permission.DECIDE, small_system.division)


def test_a_role_reaches_the_units_below_unless_it_says_otherwise(small_system):
    assert access.may(small_system.viewer(small_system.head), Permission.DECIDE, small_system.ward9)
    recorder = small_system.viewer(small_system.nurse)
    assert access.may(recorder, Permission.RECORD_POINTS, small_system.ward7)
    assert not access.may(recorder, Permission.RECORD_POINTS, small_system.division)


def test_another_organisation_is_not_found_rather_than_forbidden(small_system):
    viewer = small_system.viewer(small_system.chief)
    with pytest.raises(access.NotFound):
        access.require(viewer, Permission.SEE_UNIT, small_system.other_ward)
    with pytest.raises(access.NotFound):
        access.own_unit(viewer, small_system.other_ward.id)


def test_a_refusal_says_who_may(small_system):
    with pytest.raises(access.NotAllowed, match=r"manager.*Ward 9"):
        access.require(small_system.viewer(small_system.nurse), Permission.DECIDE, small_system.ward9)
