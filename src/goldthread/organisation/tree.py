"""Reading the tree: breadcrumb, subtree, holders of a role. Structure is public; people are read within the scope."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connections

from goldthread.organisation.models import Organisation, RoleHeld, Unit


def breadcrumb(unit: Unit, *, using: str = "default") -> list[Unit]:
    """The units from the root down to this one."""
    found = {row.key: row for row in Unit.objects.using(using).filter(key__in=unit.path)}
    return [found[key] for key in unit.path if key in found]


def children(unit: Unit, on: date) -> list[Unit]:
    """The units directly below that exist on a day, by name."""
    rows = Unit.objects.filter(parent=unit).exclude(valid_to__lte=on).exclude(valid_from__gt=on)
    return list(rows.order_by("name"))


def subtree_keys(unit: Unit, *, own_organisation: bool = True) -> list[int]:
    """The keys of this unit and all below it; by default only those of the same organisation. Filter rows by equality with them."""
    rows = Unit.objects.filter(path__contains=[unit.key])
    if own_organisation:
        rows = rows.filter(organisation_id=unit.organisation_id)
    return list(rows.values_list("key", flat=True))


def current(organisation: Organisation) -> Organisation:
    """The organisation that this one has become: itself, or the last of its successors."""
    seen = {organisation.id}
    while organisation.successor_id is not None and organisation.successor_id not in seen:
        seen.add(organisation.successor_id)
        organisation = Organisation.objects.get(id=organisation.successor_id)
    return organisation


def root_of(organisation_id: int, *, using: str = "default") -> Unit:
    """The organisation's own topmost unit."""
    rows = Unit.objects.using(using).filter(organisation_id=organisation_id).select_related("organisation")
    found: Unit = min(
        rows.exclude(parent__organisation_id=organisation_id), key=lambda unit: (len(unit.path), unit.key)
    )
    return found


def holders(unit: Unit, roles: Sequence[str], on: date, *, using: str | None = None) -> list[RoleHeld]:
    """Who holds one of these roles at this unit on a day, in the order of `roles`; read where the unit was read."""
    rows = (
        RoleHeld.objects.using(using or unit._state.db or "default")
        .filter(organisation_id=unit.organisation_id, unit_id=unit.key, role__in=roles, period__contains=on)
        .select_related("person")
    )
    return sorted(rows, key=lambda held: (roles.index(held.role), held.person.name))


def managed_from(unit: Unit, on: date) -> Unit | None:
    """The nearest unit, from this one upwards within its organisation, that has a manager on that day."""
    found: Unit | None = unit
    while found is not None and found.organisation_id == unit.organisation_id:
        if holders(found, ("unit_manager",), on):
            return found
        found = found.parent
    return None


def headcount(unit: Unit, *, using: str = "default") -> tuple[int, float]:
    """People and whole-time equivalents at and below a unit, within the scope of the transaction."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            """
            select count(*), coalesce(sum(p.fte), 0) from organisation_person p
            where p.unit_id = any(array(select key from organisation_unit where path @> array[%s]))
              and p.organisation_id = %s and p.left_on is null
            """,
            [unit.key, unit.organisation_id],
        )
        people, fte = cursor.fetchone()
    return int(people), float(fte)


def unit_by_code(organisation_id: int, code: str) -> Unit | None:
    """The organisation's unit with this code."""
    return Unit.objects.select_related("organisation").filter(organisation_id=organisation_id, code=code).first()


def units_by_id(ids: Sequence[UUID]) -> dict[UUID, Unit]:
    """Units by id, in one query."""
    return {unit.id: unit for unit in Unit.objects.filter(id__in=ids)}
