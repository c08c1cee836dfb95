"""Reading the care for staff: who needs a rest (names for those who plan it), one's own check-ins, and one share of them all."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from goldthread.journal.clock import local_date
from goldthread.organisation import access, tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.organisation.roles import Permission
from goldthread.practices.crisis import measures
from goldthread.practices.crisis.models import Area, AreaDay, CheckIn
from goldthread.practices.crisis.runs import DAY, runs


@dataclass(frozen=True)
class AreaRest:
    """One area today: how many people are there, how many should be elsewhere tomorrow, and the longest run. `names` (with days
    running) only for those who plan it.
    """

    area: Area
    here: int
    at_limit: int
    longest: int
    names: tuple[tuple[str, int], ...] = ()


def areas(*, viewer: Viewer, unit: Unit) -> list[Area]:
    """High-intensity areas at a unit and below it that are open, by name."""
    rows = Area.objects.select_related("unit").filter(organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(unit),
                                                      ended_on__isnull=True)  # fmt: skip
    return list(rows.order_by("title", "id"))


def area(*, viewer: Viewer, area_id: UUID) -> Area:
    """One area of the viewer's organisation. Raises NotFound."""
    found = Area.objects.select_related("unit").filter(organisation_id=viewer.organisation_id, id=area_id).first()
    if found is None:
        raise NotFound("no such area")
    return found


def rest(*, viewer: Viewer, unit: Unit) -> list[AreaRest]:
    """Who needs a rest, area by area: people whose run reaches or passes the limit today. Two queries."""
    today = local_date(viewer.at)
    found = areas(viewer=viewer, unit=unit)
    rows = AreaDay.objects.select_related("person").filter(
        area__in=found, day__gt=today - timedelta(days=60), day__lte=today
    )
    days: dict[UUID, dict[UUID, set[date]]] = defaultdict(lambda: defaultdict(set))
    names: dict[UUID, str] = {}
    for row in rows:
        days[row.area_id][row.person_id].add(row.day)
        names[row.person_id] = row.person.name
    return [_rest(viewer, one, days[one.id], names, today) for one in found]


def _rest(viewer: Viewer, one: Area, days: dict[UUID, set[date]], names: dict[UUID, str], today: date) -> AreaRest:
    running = {}
    for person_id, worked in days.items():
        first, length = runs(worked)[-1]
        if first + (length - 1) * DAY == today:
            running[person_id] = length
    tired = sorted(((names[who], length) for who, length in running.items() if length >= one.most_days_running),
                   key=lambda row: (-row[1], row[0]))  # fmt: skip
    shown = tuple(tired) if access.may(viewer, Permission.DECIDE, one.unit) else ()
    return AreaRest(one, len(running), len(tired), max(running.values(), default=0), shown)


def roster(*, viewer: Viewer, area: Area, days: int = 14) -> list[tuple[Person, list[AreaDay]]]:
    """Who is down for an area from a week ago, by name: for those who plan it, and the viewer's own days for everybody else."""
    today = local_date(viewer.at)
    rows = AreaDay.objects.select_related("person").filter(
        organisation_id=viewer.organisation_id, area=area, day__gt=today - timedelta(days=7), day__lt=today + timedelta(days=days))  # fmt: skip
    if not access.may(viewer, Permission.DECIDE, area.unit):
        rows = rows.filter(person_id=viewer.person_id)
    found: dict[UUID, tuple[Person, list[AreaDay]]] = {}
    for row in rows.order_by("person__name", "person_id", "day"):
        found.setdefault(row.person_id, (row.person, []))[1].append(row)
    return list(found.values())


def my_check_ins(*, viewer: Viewer) -> list[CheckIn]:
    """The viewer's own check-ins, newest first. The database shows nobody else's, whatever is asked."""
    rows = CheckIn.objects.select_related("area__unit").filter(
        organisation_id=viewer.organisation_id, person_id=viewer.person_id
    )
    return list(rows.order_by("-offered_on", "-id")[:100])


def my_areas(*, viewer: Viewer) -> list[Area]:
    """Open areas in which the viewer has worked, or works, within a month."""
    today = local_date(viewer.at)
    near = AreaDay.objects.filter(
        organisation_id=viewer.organisation_id, person_id=viewer.person_id, day__gte=today - timedelta(days=31)
    )
    rows = Area.objects.select_related("unit").filter(id__in=near.values("area_id"), ended_on__isnull=True)
    return list(rows.order_by("title", "id"))


def coverage(*, viewer: Viewer, unit: Unit) -> tuple[int, int] | None:
    """(had a check-in, worked in a hard area) in the fourteen days up to this week; None under the floor."""
    return measures.check_ins(viewer, unit, local_date(viewer.at))
