"""The small system that most tests act in."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import transaction
from psycopg.types.range import DateRange

AT = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)


def seed_small_system(using: str = "owner") -> dict[str, tuple[int, str, Any]]:
    """Commit the small system; returns name -> (organisation, model, primary key)."""
    from goldthread.organisation.models import Account, Membership, Organisation, Person, RoleHeld, Unit

    made: dict[str, Any] = {}
    period = DateRange(date(2024, 1, 1), None)

    def unit(name: str, org: Organisation, parent: Unit | None, level: str, code: str, title: str) -> Unit:
        made[name] = Unit.objects.using(using).create(
            organisation=org, parent=parent, level=level, code=code, name=title, valid_from=date(2020, 1, 1)
        )
        made[name].refresh_from_db()
        return made[name]

    def person(name: str, org: Organisation, code: str, title: str, where: Unit, *roles: tuple[str, Unit],
               group: str = "Nursing and midwifery registered") -> None:  # fmt: skip
        email = f"{name}@example.org"
        made[name] = Person.objects.using(using).create(
            organisation=org, code=code, name=title, email=email, staff_group=group, unit=where
        )
        for role, at_unit in roles:
            RoleHeld.objects.using(using).create(
                organisation=org, person=made[name], unit=at_unit, role=role, period=period
            )
        account = Account.objects.using(using).create(email=email, password="!")
        Membership.objects.using(using).create(account=account, organisation=org, person_id=made[name].id)

    with transaction.atomic(using=using):
        trust = made["trust"] = Organisation.objects.using(using).create(
            code="NM1", name="Northmoor Hospitals", kind="trust"
        )
        other = made["other"] = Organisation.objects.using(using).create(
            code="SV1", name="Southvale Care", kind="trust"
        )
        root = unit("root", trust, None, "organisation", "NM1", "Northmoor Hospitals")
        division = unit("division", trust, root, "division", "MED", "Medicine")
        ward7 = unit("ward7", trust, division, "team", "W7", "Ward 7")
        ward9 = unit("ward9", trust, division, "team", "W9", "Ward 9")
        other_root = unit("other_root", other, None, "organisation", "SV1", "Southvale Care")
        other_ward = unit("other_ward", other, other_root, "team", "A1", "Ashdown ward")
        person("nurse", trust, "P1", "Amina Yusuf", ward7, ("recorder", ward7))
        person("manager", trust, "P2", "Beth Okafor", ward7, ("unit_manager", ward7))
        person("deputy", trust, "P3", "Carl Reyes", ward7, ("deputy_manager", ward7))
        person("head", trust, "P4", "Dilys Morgan", division, ("unit_manager", division))
        person("chief", trust, "P5", "Ewan Grant", root, ("unit_manager", root), ("leader", root), group="Managers")
        person("porter", trust, "P6", "Farid Aziz", ward9, group="Estates and ancillary")
        person("coach", trust, "P7", "Gwen Hill", root, ("improvement_coach", root), group="Managers")
        person("stranger", other, "P1", "Hugh Lane", other_ward, ("unit_manager", other_ward))
    return {
        name: (getattr(row, "organisation_id", None) or row.pk, row._meta.label, row.pk) for name, row in made.items()
    }


def read_small_system(seeded: dict[str, tuple[int, str, Any]], using: str = "default") -> SimpleNamespace:
    """The same rows as the application role reads them; ends in the first trust's scope. `viewer(person)` looks as them."""
    from goldthread.journal import scope
    from goldthread.organisation import access

    found = SimpleNamespace()
    for name, (organisation_id, label, key) in sorted(seeded.items(), key=lambda item: item[1][0]):
        scope.enter(organisation_id, using=using)
        setattr(found, name, apps.get_model(label).objects.using(using).get(pk=key))

    def viewer(person: Any, at: datetime = AT) -> access.Viewer:
        looking = access.viewer_of(person.organisation_id, person.id, at, using=using)
        assert looking is not None
        return looking

    found.viewer = viewer
    viewer(found.manager)
    return found
