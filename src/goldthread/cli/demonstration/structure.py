"""The invented system's units, people, roles and accounts. Written as the database's owner, in one transaction."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from psycopg.types.range import DateRange

from goldthread.cli.demonstration.words import name_maker
from goldthread.organisation.models import Account, Membership, Organisation, Person, RoleHeld, Unit, UnitPlace

DOMAIN = "demo.goldthread.example"
OWNER = "owner"


@dataclass
class System:
    """What was made, for the next steps."""

    today: date
    words: dict[str, Any]
    rng: random.Random
    trusts: list[Organisation] = field(default_factory=list)
    roots: dict[int, Unit] = field(default_factory=dict)
    wards: dict[int, list[Unit]] = field(default_factory=dict)
    middle: dict[int, list[Unit]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)  # by code within the whole demonstration
    managers: dict[int, Person] = field(default_factory=dict)  # by unit key
    staff: dict[int, list[Person]] = field(default_factory=dict)  # by unit key
    accounts: list[tuple[str, str, str]] = field(default_factory=list)  # e-mail, name, who


def build(system: System) -> None:
    """Organisations, places, trusts, sites, divisions, departments, wards, and who works there."""
    words = system.words
    began = system.today - timedelta(days=8 * 365)
    code, name, kind = words["system"]
    board = Organisation.objects.using(OWNER).create(code=code, name=name, kind=kind, valid_from=began)
    top = _unit(system, board, None, "system", code, name)
    places = [_unit(system, board, top, "place", f"{code}-P{n}", title) for n, title in enumerate(words["places"], 1)]
    for number, (trust_code, trust_name) in enumerate(words["trusts"]):
        _trust(system, number, trust_code, trust_name, places[min(number, len(places) - 1)])
    director = _person(system, board, "ICB1", top, words["staff_groups"][-1])
    _role(system, director, "unit_manager", top)
    _role(system, director, "leader", top)
    _account(system, director, "system", f"director, {name}")


def _trust(system: System, number: int, code: str, name: str, place: Unit) -> None:
    words, rng = system.words, system.rng
    trust = Organisation.objects.using(OWNER).create(
        code=code, name=name, kind="trust", valid_from=system.today - timedelta(days=3000)
    )
    system.trusts.append(trust)
    root = system.roots[trust.id] = _unit(system, trust, place, "organisation", code, name)
    system.wards[trust.id], system.middle[trust.id] = [], []
    sites = [
        _unit(system, trust, root, "site", f"{code}-S{n}", title) for n, title in enumerate(words["sites"][number], 1)
    ]
    ward_number = 0
    for at, title in enumerate(words["divisions"]):
        division = _unit(system, trust, sites[at % len(sites)], "division", f"{code}-D{at + 1}", title)
        system.middle[trust.id].append(division)
        _managers(system, trust, division, f"{code}-D{at + 1}")
        lead = _person(system, trust, f"{code}-L{at + 1}", division, words["staff_groups"][2])
        _role(system, lead, "clinical_lead", division)
        if (number, at) == (0, 0):
            _account(system, lead, "lead", f"{words['expert']}, {title.lower()}, {name}")
        for place_at, department_title in enumerate(words["departments"][at]):
            department = _unit(
                system, trust, division, "department", f"{code}-D{at + 1}{place_at + 1}", department_title
            )
            system.middle[trust.id].append(department)
            _managers(system, trust, department, f"{code}-D{at + 1}{place_at + 1}")
            for _ in range(4 if (at, place_at) in ((0, 0), (1, 0)) else 3):
                ward_number += 1
                ward = _unit(
                    system, trust, department, "team", f"{code}-W{ward_number}", f"{words['team']} {ward_number}"
                )
                system.wards[trust.id].append(ward)
                _managers(system, trust, ward, f"{code}-W{ward_number}")
                for n in range(rng.randint(14, 22)):
                    group = words["staff_groups"][min(int(rng.expovariate(0.9)), len(words["staff_groups"]) - 1)]
                    _person(system, trust, f"{code}-W{ward_number}-{n + 1}", ward, group)
    _executives(system, trust, root, code)
    _demo_people(system, trust, code)


def _executives(system: System, trust: Organisation, root: Unit, code: str) -> None:
    for n, title in enumerate(system.words["executive_titles"], 1):
        person = _person(system, trust, f"{code}-X{n}", root, system.words["staff_groups"][-1])
        _role(system, person, "leader", root)
        if n == 1:
            _role(system, person, "unit_manager", root)
            system.managers[root.key] = person
            _account(system, person, f"chief.{code.lower()}", f"{title.lower()}, {trust.name}")
        elif n in (2, 3):
            _role(system, person, "executive", root)
        if n == 3:
            _role(system, person, "clinical_lead", root)
        if n == 2:
            _role(system, person, "deputy_manager", root)
            if code == system.words["trusts"][0][0]:
                _account(system, person, "director", f"{title.lower()}, {trust.name}")
    secretary = _person(system, trust, f"{code}-G1", root, system.words["staff_groups"][-1])
    _role(system, secretary, "governance_lead", root)
    if code == system.words["trusts"][0][0]:
        _account(system, secretary, "secretary", f"{system.words['secretary']}, {trust.name}")
    coach = _person(system, trust, f"{code}-C1", root, system.words["staff_groups"][-1])
    _role(system, coach, "improvement_coach", root)
    if code == system.words["trusts"][0][0]:
        _account(system, coach, "coach", f"improvement coach, {trust.name}")


def _demo_people(system: System, trust: Organisation, code: str) -> None:
    """The people of the first trust's Ward 7 to sign in as, and one manager of another trust."""
    wards = system.wards[trust.id]
    if code == system.words["trusts"][0][0]:
        ward = wards[6]
        nurse, colleague = system.staff[ward.key][2], system.staff[ward.key][3]
        _role(system, nurse, "recorder", ward)
        _account(system, nurse, "nurse", f"member of staff, {ward.name}, {trust.name}")
        _account(system, colleague, "colleague", f"member of staff, {ward.name}, {trust.name}")
        _account(system, system.managers[ward.key], "manager", f"manager, {ward.name}, {trust.name}")
        _account(system, system.staff[ward.key][1], "deputy", f"deputy, {ward.name}, {trust.name}")
        parent = ward.parent
        assert parent is not None  # noqa: S101  (a ward stands in a department)
        _account(system, system.managers[parent.key], "head", f"head of {parent.name.lower()}, {trust.name}")
    elif code == system.words["trusts"][1][0]:
        _account(system, system.managers[wards[0].key], "neighbour", f"manager, {wards[0].name}, {trust.name}")


def _managers(system: System, trust: Organisation, unit: Unit, code: str) -> None:
    for suffix, role in (("M", "unit_manager"), ("N", "deputy_manager")):
        person = _person(system, trust, f"{code}-{suffix}", unit, system.words["staff_groups"][0])
        _role(system, person, role, unit)
        if role == "unit_manager":
            system.managers[unit.key] = person


def _unit(system: System, organisation: Organisation, parent: Unit | None, level: str, code: str, name: str) -> Unit:
    began = system.today - timedelta(days=2900)
    unit = Unit.objects.using(OWNER).create(
        organisation=organisation, parent=parent, level=level, code=code, name=name, valid_from=began
    )
    unit.refresh_from_db()
    UnitPlace.objects.using(OWNER).create(
        unit_key=unit.key, parent_key=parent.key if parent else None, period=DateRange(began, None)
    )
    return unit


def _person(system: System, organisation: Organisation, code: str, unit: Unit, group: str) -> Person:
    maker = system.words.setdefault("_names", name_maker(system.rng))
    person = Person.objects.using(OWNER).create(
        organisation=organisation, code=code, name=maker(), email=f"{code.lower()}@{DOMAIN}", staff_group=group, unit_id=unit.key,
        fte=system.rng.choice((1, 1, 1, 0.8, 0.6)),
    )  # fmt: skip
    system.people[code] = person
    system.staff.setdefault(unit.key, []).append(person)
    return person


def _role(system: System, person: Person, role: str, unit: Unit) -> None:
    RoleHeld.objects.using(OWNER).create(organisation_id=person.organisation_id, person=person, unit_id=unit.key, role=role,
                                         period=DateRange(system.today - timedelta(days=1200), None))  # fmt: skip


def _account(system: System, person: Person, name: str, who: str) -> None:
    account = Account.objects.using(OWNER).create(email=f"{name}@{DOMAIN}", password="!")  # noqa: S106  (no password fits)
    Membership.objects.using(OWNER).create(account=account, organisation_id=person.organisation_id, person_id=person.id)
    system.accounts.append((account.email, person.name, who))
