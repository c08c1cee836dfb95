"""Three years of monthly figures: mostly chance, some change, and the awkward series that real life has."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.db import connections

from goldthread.cli.demonstration.structure import OWNER, System
from goldthread.journal import scope
from goldthread.journal.events import OPERATOR, leave
from goldthread.organisation.models import Organisation, Unit
from goldthread.record.models import Measure, MeasureVersion, Point, PublishedMeasure, PublishedPoint

MONTHS = 36
#: Months ago at which the first trust's Ward 7 changed something, and its falls went down.
CHANGED = 7


def months(today: date) -> list[date]:
    """The first days of the last 36 complete months."""
    total = today.year * 12 + today.month - 1 - MONTHS
    return [date((total + n) // 12, (total + n) % 12 + 1, 1) for n in range(MONTHS)]


def following(day: date) -> date:
    """The first day of the next month."""
    return (day.replace(day=28) + timedelta(days=5)).replace(day=1)


def known(day: date) -> datetime:
    """Figures are known twelve days after their month."""
    return datetime.combine(following(day) + timedelta(days=12), datetime.min.time(), tzinfo=UTC)


def own_figures(system: System, rng: np.random.Generator) -> None:
    """Every trust's measures at every ward, as numerators and denominators that add up."""
    calendar = months(system.today)
    for number, trust in enumerate(system.trusts):
        with scope_of(trust):
            for at, row in enumerate(system.words["measures"]):
                measure = _define(system, trust, at, row)
                points = []
                for place, ward in enumerate(system.wards[trust.id]):
                    points += _series(system, rng, trust, number, place, ward, at, row, measure, calendar)
                Point.objects.using(OWNER).bulk_create(points, batch_size=2000)
            leave("record.points_loaded", by=OPERATOR, at=known(calendar[-1]), organisation_id=trust.id, practice="record",
                  object_kind="measure", using=OWNER, measures=len(system.words["measures"]))  # fmt: skip


class scope_of:
    """The owner writes for one organisation; events need its scope for their trigger."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation

    def __enter__(self) -> None:
        scope.enter(self.organisation.id, using=OWNER)

    def __exit__(self, *error: object) -> None:
        return None


def _define(system: System, trust: Organisation, at: int, row: list) -> Measure:
    title, kind, direction, numerator, denominator, multiply, _, _, target = row
    root = system.roots[trust.id]
    measure = Measure.objects.using(OWNER).create(organisation=trust, code=f"m{at + 1}", unit_id=root.key)
    began = months(system.today)[0]
    targets = [[began.isoformat(), float(target)]]
    if at == 2:  # a target that was raised on the way
        targets = [[began.isoformat(), 50.0], [months(system.today)[24].isoformat(), float(target)]]
    MeasureVersion.objects.using(OWNER).create(
        organisation=trust, measure=measure, number=1, title=title, kind=kind, direction=direction, numerator=numerator, denominator=denominator,
        multiply=multiply, period="month", targets=targets, owner_id=system.managers[root.key].id,
        checked_by_id=system.people[f"{trust.code}-C1"].id, next_review_on=system.today + timedelta(days=120), valid_from=began,
    )  # fmt: skip
    return measure


def _series(system: System, rng: np.random.Generator, trust: Organisation, number: int, place: int, ward: Unit, at: int, row: list,
            measure: Measure, calendar: list[date]) -> list[Point]:  # fmt: skip
    _, kind, _, _, _, multiply, mean, spread, _ = row
    level = mean * (1 + rng.normal(0, 0.08))
    noise = rng.normal(0, spread, MONTHS)
    if at in (9, 10):  # drifts: neighbours are alike
        for n in range(1, MONTHS):
            noise[n] = 0.85 * noise[n - 1] + 0.5 * noise[n]
    values = level + noise
    hero = number == 0 and place == 6
    if hero and at == 0:
        values = mean + 1.2 + 0.5 * noise
        values[-CHANGED:] = mean - 1.6 + 0.4 * noise[-CHANGED:]
    if hero and at == 3:
        values[:] = 1.0 if kind == "proportion" else level  # always 100%: nothing varies
    if hero and at == 9:
        values[-7:] += 2.2 * spread
    skip = set(rng.choice(MONTHS, 2, replace=False)) if place % 7 == 3 and at == 8 else set()
    first = MONTHS - 5 if place % 9 == 5 and at == 11 else 0  # a measure that began five months ago
    found = []
    for n, day in enumerate(calendar):
        if n < first or n in skip:
            continue
        base = int(rng.integers(620, 820)) if kind == "rate" else int(rng.integers(60, 240))
        rate = max(values[n], 0) / multiply if kind == "rate" else min(max(values[n], 0), 1)
        count = float(rng.poisson(rate * base)) if kind == "rate" and not hero else float(round(rate * base))
        found.append(_point(trust, measure, ward, day, min(count, base), base, multiply, known(day)))
        if hero and at == 2 and n == MONTHS - 6:  # a figure that was corrected: both rows stay
            found.append(
                _point(trust, measure, ward, day, max(0.0, count - 9), base, multiply, known(day) + timedelta(days=40))
            )
    return found


def _point(
    trust: Organisation, measure: Measure, unit: Unit, day: date, count: float, base: float, multiply: int, at: datetime
) -> Point:
    return Point(organisation=trust, measure=measure, version=1, unit_id=unit.key, period_start=day, period_end=following(day),
                 numerator=count, denominator=base, value=count / base * multiply, known_at=at, source="demonstration")  # fmt: skip


def published_figures(system: System, rng: np.random.Generator) -> None:
    """Published statistics of every trust, as an importer would have loaded them."""
    calendar = months(system.today)
    for at, (title, kind, direction, multiply, mean, spread, target, base) in enumerate(system.words["published"]):
        measure = PublishedMeasure.objects.using(OWNER).create(
            code=f"demo.{at + 1}", title=title, kind=kind, period="month", direction=direction, multiply=multiply,
            numerator=title if kind == "count" else f"{title}: numerator", denominator="" if kind == "count" else "All",
            targets=[[calendar[0].isoformat(), float(target)]] if target else [], source="Invented for the demonstration",
        )  # fmt: skip
        points = []
        for trust in system.trusts:
            noise = rng.normal(0, spread, MONTHS)
            for n in range(1, MONTHS):
                noise[n] = 0.5 * noise[n - 1] + 0.8 * noise[n]
            values = mean * (1 + rng.normal(0, 0.04)) + noise
            for n, day in enumerate(calendar):
                if kind == "count":
                    numbers = {"value": float(max(0, round(values[n])))}
                else:
                    top = float(round(min(max(values[n], 0), 1) * base))
                    numbers = {"value": top / base * multiply, "numerator": top, "denominator": float(base)}
                points.append(PublishedPoint(measure=measure, unit_id=system.roots[trust.id].key, period_start=day,
                                             period_end=following(day), known_at=known(day), source="demonstration", **numbers))  # fmt: skip
        PublishedPoint.objects.using(OWNER).bulk_create(points, batch_size=2000)


def analyse() -> None:
    """Let PostgreSQL know its tables before the first page asks for them."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("analyze")
