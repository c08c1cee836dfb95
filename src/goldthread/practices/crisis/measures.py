"""What crisis measures about itself: open and abandoned ones counted, never a person, never a group under the floor."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import connections
from django.db.models import Q

from goldthread.journal.clock import local_date
from goldthread.methods.survival import Outcomes, aalen_johansen
from goldthread.organisation import tree
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Person, Unit
from goldthread.practices.crisis.models import AreaDay, IncidentLevel, Reconfiguration, SituationUpdate, UpdateRead
from goldthread.practices.crisis.runs import within
from goldthread.record.days import end_of_day
from goldthread.record.practice import MeasureKind, Scope, YieldedPoint

KINDS = (
    MeasureKind("live_in_14", "Reconfigurations live within 14 days of the need (competing outcomes)", "value", "up",
                "Aalen–Johansen share live by day 14"),
    MeasureKind("days_within_limit", "Days in high-intensity areas within the limit", "proportion", "up",
                "Days no further into a run than the area's limit", "All days worked in high-intensity areas"),
    MeasureKind("check_ins", "People in high-intensity areas who had a check-in in 14 days", "proportion", "up",
                "Had a check-in", "Worked in a high-intensity area"),
    MeasureKind("updates_on_time", "Situation updates that came when they were promised", "proportion", "up",
                "The next came by its time", "Updates whose next time has passed"),
    MeasureKind("read_in_24h", "Situation updates read within 24 hours", "proportion", "up",
                "Read by a member of the unit within 24 hours", "Updates × members of the unit"),
)  # fmt: skip


def reconfigurations_of(viewer: Viewer, unit: Unit, start: date, end: date) -> list[Reconfiguration]:
    """Those whose need was recognised in a unit and below it, from `start` up to but not on `end`."""
    rows = Reconfiguration.objects.filter(organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(unit),
                                          need_on__gte=start, need_on__lt=end)  # fmt: skip
    return list(rows.order_by("need_on", "id"))


def time_to_live(rows: list[Reconfiguration], today: date) -> Outcomes | None:
    """Days from the need to live; abandoned before that competes, open ones are counted until today. None without any."""
    if not rows:
        return None
    times: list[float] = []
    causes: list[str | None] = []
    for one in rows:
        if one.live_on is not None:
            ended, cause = one.live_on, "live"
        elif one.abandoned_on is not None:
            ended, cause = one.abandoned_on, "abandoned"
        else:
            ended, cause = today, None
        times.append(float(max(0, (ended - one.need_on).days)))
        causes.append(cause)
    return aalen_johansen(times, causes, known=("live", "abandoned"))


def area_days(viewer: Viewer, unit: Unit, start: date, end: date) -> tuple[int, int]:
    """(within the limit, all) days worked in high-intensity areas. Runs that began before the period count from their beginning."""
    rows = AreaDay.objects.filter(organisation_id=viewer.organisation_id, area__unit_id__in=tree.subtree_keys(unit),
                                  day__gte=start - timedelta(days=60), day__lt=end)  # fmt: skip
    days: dict[tuple[object, object], set[date]] = {}
    most: dict[object, int] = {}
    for area, limit, person, day in rows.values_list("area_id", "area__most_days_running", "person_id", "day"):
        days.setdefault((area, person), set()).add(day)
        most[area] = limit
    worked = sum(day >= start for found in days.values() for day in found)
    kept = sum(day >= start for (area, _), found in days.items() for day in within(found, most[area]))
    return kept, worked


def check_ins(viewer: Viewer, unit: Unit, on: date) -> tuple[int, int] | None:
    """(had a check-in, worked in a hard area) in the fourteen days up to the Monday on or before `on`; None under the floor. The
    database counts: no check-in of anybody else can be read.
    """
    if unit.organisation_id != viewer.organisation_id:
        return None
    with connections["default"].cursor() as cursor:
        cursor.execute("select had, worked from goldthread_check_in_coverage(%s, %s, %s)",
                       [unit.key, on, settings.GOLDTHREAD_FLOOR])  # fmt: skip
        had, worked = cursor.fetchone()
    return None if worked is None else (had, worked)


def updates_on_time(viewer: Viewer, unit: Unit, start: date, end: date) -> tuple[int, int]:
    """(followed in time, whose next time has passed) among updates written in a period. Standing down ends the promise."""
    keys = tree.subtree_keys(unit)
    rows = SituationUpdate.objects.filter(organisation_id=viewer.organisation_id, unit_id__in=keys,
                                          at__gte=_start(start), at__lt=_start(end), next_at__lt=viewer.at)  # fmt: skip
    later = {(row.unit_id, row.number): row.at for row in
             SituationUpdate.objects.filter(organisation_id=viewer.organisation_id, unit_id__in=keys, at__gte=_start(start))}  # fmt: skip
    downs = list(
        IncidentLevel.objects.filter(organisation_id=viewer.organisation_id, unit_id__in={*keys, *unit.path}, level=0)
    )
    on_time = due = 0
    for row in rows.select_related("unit"):
        followed = later.get((row.unit_id, row.number + 1))
        stood_down = any(one.unit_id in row.unit.path and row.at <= one.since <= row.next_at for one in downs)
        due += 1
        on_time += stood_down or (followed is not None and followed <= row.next_at)
    return on_time, due


def read_in_24h(viewer: Viewer, unit: Unit, start: date, end: date) -> tuple[int, int] | None:
    """(reads within 24 hours, updates × members) of the updates for exactly this unit that are a day old; None under the floor."""
    rows = list(SituationUpdate.objects.filter(organisation_id=viewer.organisation_id, unit_id=unit.key, at__gte=_start(start),
                                               at__lt=min(_start(end), viewer.at - timedelta(hours=24))))  # fmt: skip
    members = Person.objects.filter(organisation_id=viewer.organisation_id, unit_id__in=tree.subtree_keys(unit))
    members = members.exclude(left_on__lte=local_date(viewer.at))
    count = members.count()
    if not rows or count < settings.GOLDTHREAD_FLOOR:
        return None
    soon = Q()
    for row in rows:
        soon |= Q(update=row, at__lte=row.at + timedelta(hours=24))
    reads = UpdateRead.objects.filter(soon, organisation_id=viewer.organisation_id, person__in=members).count()
    return reads, count * len(rows)


def points(viewer: Viewer, scope: Scope, start: date, end: date) -> Iterable[YieldedPoint]:
    """One point of each measure for the period, as known at the viewer's moment; nothing where there was nothing."""
    unit, today = scope.unit, local_date(viewer.at)
    outcomes = time_to_live(reconfigurations_of(viewer, unit, start, end), today)
    by_14 = outcomes.at("live", 14) if outcomes else None
    if by_14 is not None:
        yield YieldedPoint("crisis.live_in_14", unit.key, start, end, by_14.value)
    shares = {
        "days_within_limit": area_days(viewer, unit, start, min(end, today + timedelta(days=1))),
        "check_ins": check_ins(viewer, unit, min(end, today)),
        "updates_on_time": updates_on_time(viewer, unit, start, end),
        "read_in_24h": read_in_24h(viewer, unit, start, end),
    }
    for slug, found in shares.items():
        if found is not None and found[1]:
            yield YieldedPoint(f"crisis.{slug}", unit.key, start, end, found[0] / found[1], found[0], found[1])


def _start(day: date):  # type: ignore[no-untyped-def]
    return end_of_day(day - timedelta(days=1))
