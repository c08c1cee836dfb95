"""A wave that is over and one that is not: what the first trust declared, told, changed and looked after. Through the real actions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from goldthread.cli.demonstration.story import Story
from goldthread.cli.demonstration.structure import System
from goldthread.journal.clock import local_date
from goldthread.organisation.models import Person, Unit
from goldthread.practices.crisis import actions
from goldthread.practices.crisis.models import Declaration, Reconfiguration
from goldthread.record.actions import decisions
from goldthread.record.actions.decisions.common import deciders
from goldthread.record.models import Decision

#: What was set up differently in the last wave: days from the need to raised, decided, live and sustained; None: not yet, or never.
LAST_TIME = (
    ("Visitors' room becomes a changing room", 0, 0, 1, 30),
    ("Two bays for infected patients only", 0, 1, 3, 30),
    ("One porter for the three wards at night", 1, 2, 6, None),
    ("A tent for the waiting at the entrance", 1, None, None, None),
    ("Ward round by telephone for the side rooms", 2, 3, 19, 30),
)
ABANDONED = {"A tent for the waiting at the entrance": "The weather turned, and the corridor was enough."}


def play(system: System, now: datetime) -> None:
    """The department of Ward 7 in the first trust: a wave two months ago, ended and looked back on; and one since three days."""
    trust = system.trusts[0]
    with transaction.atomic():
        story = Story(system, trust, now)
        ward = system.wards[trust.id][6]
        department = ward.parent
        if department is None:
            return
        department.refresh_from_db()
        _last_wave(story, ward)
        _this_wave(story, ward, department)


def _decided(story: Story, decision: Decision, at: datetime, outcome: str, reason: str) -> None:
    """By whoever may take it: the scheme in force says who that is."""
    person_id, _ = deciders(decision.id)[0]
    person = Person.objects.get(id=person_id)
    decisions.decide(by=story.viewer(person, at), at=at, decision=decision, outcome=outcome, reason=reason)


def _declared(story: Story, unit: Unit, at: datetime, ends_at: datetime, why: str) -> Declaration:
    manager = story.system.managers[unit.key]
    made = actions.declare(by=story.viewer(manager, at), at=at, unit=unit, channel="Incident room, by bleep to all managers",
                           why=why, ends_at=ends_at)  # fmt: skip
    if made.decision is not None:
        _decided(
            story, made.decision, at + timedelta(minutes=20), "declare", "They see it first, and it can be put back."
        )
    made.refresh_from_db()
    return made


def _raised(
    story: Story, unit: Unit, person: Person, at: datetime, title: str, need: str, days: int
) -> Reconfiguration:
    return actions.raise_reconfiguration(by=story.viewer(person, at), at=at, unit=unit, title=title, need=need,
                                         need_on=local_date(at) - timedelta(days=days))  # fmt: skip


def _last_wave(story: Story, ward: Unit) -> None:
    """Level 3, authority for two weeks that ended early, five reconfigurations, and a look back that kept most of it."""
    system, began = story.system, 75
    manager, nurse = system.managers[ward.key], system.staff[ward.key][2]
    at = story.at(began)
    actions.set_level(
        by=story.viewer(manager, at),
        at=at,
        unit=ward,
        level=3,
        channel="Regional incident room",
        note="Winter infections",
    )
    declared = _declared(
        story,
        ward,
        story.at(began - 1),
        story.at(began - 15),
        "Twelve admissions in a night; decisions by committee come too late.",
    )
    for title, raised, decided, live, sustained in LAST_TIME:
        _through(story, ward, nurse, began - 2, (title, raised, decided, live, sustained))
    at = story.at(began - 21)
    actions.set_level(by=story.viewer(manager, at), at=at, unit=ward, level=0, channel="Regional incident room")
    declared.refresh_from_db()
    if declared.state == "in_force":
        actions.end_early(
            by=story.viewer(manager, at), at=at, declaration=declared, because="Admissions are back to where they were."
        )
        declared.refresh_from_db()
    if declared.look_back is not None and declared.look_back.state == "open":
        _decided(
            story,
            declared.look_back,
            story.at(began - 30),
            "keep",
            "Four of five made the ward calmer; nobody wants the old changing room back.",
        )


def _through(
    story: Story, ward: Unit, nurse: Person, need: int, plan: tuple[str, int, int | None, int | None, int | None]
) -> None:
    """One reconfiguration through its dates."""
    title, raised, decided, live, sustained = plan
    manager = story.system.managers[ward.key]
    at = story.at(need - raised)
    made = _raised(story, ward, nurse, at, title, "Fewer people must meet in the corridor.", raised)
    if decided is not None and made.decision is not None:
        _decided(story, made.decision, story.at(need - decided), "go", "Small, quick, and easily put back.")
    if live is not None:
        at = story.at(need - live)
        actions.go_live(by=story.viewer(manager, at), at=at, reconfiguration=made, on=local_date(at))
    if sustained is not None:
        at = story.at(need - sustained)
        actions.sustain(by=story.viewer(manager, at), at=at, reconfiguration=made, on=local_date(at))
    if title in ABANDONED:
        at = story.at(need - 4)
        actions.abandon(by=story.viewer(nurse, at), at=at, reconfiguration=made, because=ABANDONED[title])


def _this_wave(story: Story, ward: Unit, department: Unit) -> None:
    """Since three days: level 2, authority for the department, a team, two updates, an area with tired people, and check-ins."""
    system, now = story.system, story.now
    head, manager = system.managers[department.key], system.managers[ward.key]
    at = story.at(3)
    actions.set_level(by=story.viewer(head, at), at=at, unit=department, level=2, channel="Site incident room")
    declared = _declared(
        story, department, story.at(2.8), now + timedelta(days=11), "Beds move between three wards every hour."
    )
    people = _mixed(system.staff[ward.key])
    at = story.at(2.5)
    actions.form_team(by=story.viewer(head, at), at=at, unit=department, title="Beds and oxygen", lead=people[0], deputy=people[1],
                      purpose="A bed with oxygen for everybody who needs one, within the hour", members=people[2:5],
                      subjects=["practice", "estate"], until=declared.ends_at)  # fmt: skip
    _told(story, department, people)
    for days, title in (
        (2.2, "Bay 2 takes patients from the surgical ward"),
        (1.1, "Physiotherapy comes to the bay, not the gym"),
    ):
        at = story.at(days)
        made = _raised(story, ward, people[2], at, title, "The ward fills from two sides.", 0)
        if days > 2 and made.decision is not None:
            _decided(story, made.decision, story.at(2), "go", "Two nurses move with them.")
    _cared(story, ward, manager, people)


def _mixed(staff: Sequence[Person]) -> list[Person]:
    """The ward's people so that the first come from different staff groups."""
    first = staff[2]
    other = next((one for one in staff[3:] if one.staff_group != first.staff_group), staff[3])
    return [first, other, *(one for one in staff[3:] if one.id != other.id)]


def _told(story: Story, department: Unit, people: Sequence[Person]) -> None:
    system, now = story.system, story.now
    head = system.managers[department.key]
    texts: tuple[dict[str, Any], ...] = (
        {"known": "Nine people were admitted with the same infection; all are stable.", "not_known": "Where it came from, and how many more will come.",
         "doing": "Everybody in the three wards is tested; visits are by appointment."},
        {"known": "Fourteen people, two in intensive care. It spreads in shared rooms.", "not_known": "Whether the new swab finds it on the first day.",
         "doing": "One bay for infected patients in each ward; the beds team decides hour by hour.",
         "changed_course": "testing everybody twice a day took the nurses from the beds; we test on admission and on the third day.",
         "for_patients": "Some patients here have an infection. If you feel feverish, tell any nurse at once. Visits are by appointment: please ring the ward."},
    )  # fmt: skip
    for n, text in enumerate(texts):
        at = story.at(2.4) if n == 0 else now - timedelta(hours=5)
        due = at + timedelta(hours=22) if n == 0 else now + timedelta(hours=19)
        made = actions.write_update(by=story.viewer(head, at), at=at, unit=department, next_at=due, **text)
        for person in people[: 9 - 2 * n]:
            read = min(at + timedelta(hours=1 + story.rng.random() * 3), now)
            actions.mark_read(by=story.viewer(person, read), at=read, update=made)


def _cared(story: Story, ward: Unit, manager: Person, people: Sequence[Person]) -> None:
    """Twelve people in the red bay over ten days; one of them one day too long; seven had a check-in."""
    at = story.at(12)
    area = actions.open_area(by=story.viewer(manager, at), at=at, unit=ward, title="Red bay", most_days_running=3)
    by = story.viewer(manager, story.now)
    today = local_date(story.now)
    for n, person in enumerate(people[:12]):
        for back in range(10, -1, -1):
            if (back + n) % 4 in (0, 1):
                actions.assign(by=by, at=story.now, area=area, person=person, day=today - timedelta(days=back))
    for back in (3, 2, 1, 0):
        actions.assign(by=by, at=story.now, area=area, person=people[12], day=today - timedelta(days=back),
                       reason="" if back else "The only one who can run the second ventilator tonight")  # fmt: skip
    for n, person in enumerate(people[:8]):
        at = story.at(9 - n % 3)
        check_in = actions.ask_for_check_in(by=story.viewer(person, at), at=at, area=area)
        if n != 7:
            actions.hold_check_in(by=story.viewer(person, at), at=at, check_in=check_in)
