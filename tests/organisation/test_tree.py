"""The tree keeps its paths, whoever moves what, and nothing stands below itself or in two places at once."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from psycopg.types.range import DateRange

from goldthread.organisation import tree
from goldthread.organisation.models import GroupingMember, Unit, UnitPlace


@pytest.fixture
def unit(seeded):
    """A unit as the owner of the tables reads it now."""
    return lambda name: Unit.objects.using("owner").get(pk=seeded[name][2])


def move(unit, below):
    with transaction.atomic(using="owner"):
        Unit.objects.using("owner").filter(pk=unit.pk).update(parent=below)


as_owner = pytest.mark.django_db(databases=["owner"])


@as_owner
def test_the_path_runs_from_the_root_to_the_unit(unit):
    root, division, ward = unit("root"), unit("division"), unit("ward7")
    assert ward.path == [root.key, division.key, ward.key]
    assert root.path == [root.key]


@as_owner
def test_moving_a_division_takes_everything_below_it_along(unit):
    new = Unit.objects.using("owner").create(organisation_id=unit("root").organisation_id, parent=unit("root"), level="division", code="NEW", name="New")  # fmt: skip
    new.refresh_from_db()
    move(unit("division"), new)
    root = unit("root").key
    assert unit("division").path == [root, new.key, unit("division").key]
    for ward in ("ward7", "ward9"):
        assert unit(ward).path == [root, new.key, unit("division").key, unit(ward).key]
    assert unit("other_ward").path == [unit("other_root").key, unit("other_ward").key]
    move(unit("ward7"), unit("root"))
    assert unit("ward7").path == [root, unit("ward7").key]
    move(unit("ward7"), None)
    assert unit("ward7").path == [unit("ward7").key]


@as_owner
def test_nothing_stands_below_itself(unit):
    for moved, below in (("division", "ward7"), ("root", "ward9"), ("ward7", "ward7"), ("root", "division")):
        before = {name: unit(name).path for name in ("root", "division", "ward7", "ward9")}
        with pytest.raises(DatabaseError, match="cannot stand below itself"):
            move(unit(moved), unit(below))
        assert {name: unit(name).path for name in before} == before


@as_owner
def test_a_unit_is_in_one_place_at_a_time(unit):
    ward, division = unit("ward7"), unit("division")

    def place(start, end):
        with transaction.atomic(using="owner"):
            UnitPlace.objects.using("owner").create(unit_key=ward.key, parent_key=division.key, period=DateRange(start, end))  # fmt: skip

    place(date(2019, 1, 1), date(2019, 6, 1))
    place(date(2019, 6, 1), date(2019, 9, 1))  # the end is exclusive: one after the other is no overlap
    for start, end in ((date(2019, 5, 31), date(2019, 6, 1)), (date(2018, 1, 1), None), (None, None), (date(2019, 8, 31), date(2020, 1, 1))):  # fmt: skip
        with pytest.raises(IntegrityError, match="no_overlap"):
            place(start, end)


@as_owner
def test_a_unit_is_in_a_grouping_once_at_a_time(unit):
    def join(grouping, start, end):
        with transaction.atomic(using="owner"):
            GroupingMember.objects.using("owner").create(grouping_key=grouping, unit_key=unit("ward7").key, period=DateRange(start, end))  # fmt: skip

    join(900001, date(2024, 1, 1), None)
    join(900002, date(2024, 1, 1), None)
    with pytest.raises(IntegrityError, match="no_overlap"):
        join(900001, date(2025, 1, 1), date(2025, 2, 1))


def test_the_application_moves_nothing(small_system):
    for change in ({"parent": small_system.root}, {"path": []}, {"name": "Ward 8"}):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Unit.objects.filter(pk=small_system.ward7.pk).update(**change)


def test_reading_the_tree(small_system, at):
    day = at.date()
    assert [unit.name for unit in tree.breadcrumb(small_system.ward7)] == ["Northmoor Hospitals", "Medicine", "Ward 7"]
    assert [unit.name for unit in tree.children(small_system.division, day)] == ["Ward 7", "Ward 9"]
    assert tree.children(small_system.division, date(2019, 12, 31)) == []
    assert set(tree.subtree_keys(small_system.division)) == {small_system.division.key, small_system.ward7.key, small_system.ward9.key}  # fmt: skip
    assert tree.root_of(small_system.trust.id) == small_system.root
    assert tree.managed_from(small_system.ward9, day) == small_system.division
    assert [held.person for held in tree.holders(small_system.ward7, ("unit_manager", "deputy_manager"), day)] == [small_system.manager, small_system.deputy]  # fmt: skip
    assert tree.holders(small_system.ward7, ("unit_manager",), date(2023, 12, 31)) == []
    assert tree.headcount(small_system.division) == (5, 5.0)
    assert tree.unit_by_code(small_system.trust.id, "W9") == small_system.ward9
    assert tree.unit_by_code(small_system.other.id, "W9") is None
