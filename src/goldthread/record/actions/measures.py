"""Defining measures, recording their points, and deciding about limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isfinite
from uuid import UUID

from django.db import IntegrityError, connections, transaction
from django.db.models import Max

from goldthread.journal.clock import local_date
from goldthread.journal.events import leave
from goldthread.journal.ids import uuid7
from goldthread.organisation import access
from goldthread.organisation.access import Viewer
from goldthread.organisation.models import Unit
from goldthread.organisation.roles import Permission
from goldthread.record.errors import AlreadyEnded, Invalid
from goldthread.record.models import LimitDecision, Measure, MeasureVersion, Point, PublishedMeasure
from goldthread.record.models.measures import DIRECTIONS, KINDS, PERIODS
from goldthread.record.refs import Ref
from goldthread.record.text import clean_text


@dataclass(frozen=True)
class Definition:
    """How something is counted. `targets` are steps: from that day on, that value."""

    title: str
    kind: str
    direction: str
    period: str = "month"
    numerator: str = ""
    denominator: str = ""
    multiply: int = 1
    measured_in: str = ""
    targets: tuple[tuple[date, float], ...] = ()
    split_by: tuple[str, ...] = ()
    owner_id: UUID | None = None
    checked_by_id: UUID | None = None
    next_review_on: date | None = None


@dataclass(frozen=True)
class NewPoint:
    """One value to record. Either `value`, or numerator and denominator from which it is computed; all None: known missing."""

    period_start: date
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    split: str = ""
    split_value: str = ""


@transaction.atomic
def define_measure(
    *, by: Viewer, at: datetime, unit: Unit, code: str, definition: Definition, is_own: bool = False
) -> Measure:
    """Start a measure with its first definition. A team may keep one of its own (`is_own`)."""
    access.require(by, Permission.RECORD_POINTS if is_own else Permission.DEFINE_MEASURES, unit)
    code = clean_text(code, field="code", limit=60)
    try:
        with transaction.atomic():
            measure = Measure.objects.create(
                organisation_id=by.organisation_id, code=code, unit_id=unit.key, is_own=is_own
            )
    except IntegrityError as error:
        raise Invalid("code", f"There is already a measure with the code {code}.") from error
    _add_version(measure, 1, definition, local_date(at))
    leave("record.measure_defined", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="measure", object_id=measure.id, unit=unit.key)  # fmt: skip
    return measure


@transaction.atomic
def revise_measure(*, by: Viewer, at: datetime, measure: Measure, definition: Definition) -> MeasureVersion:
    """Count it differently from now on: a new version. Points keep the version they were counted under."""
    measure = Measure.objects.select_for_update(of=("self",)).select_related("unit").get(id=measure.id)
    access.require(by, Permission.RECORD_POINTS if measure.is_own else Permission.DEFINE_MEASURES, measure.unit)
    version = _add_version(measure, latest_version(measure).number + 1, definition, local_date(at))
    leave("record.measure_revised", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="measure", object_id=measure.id, version=version.number)  # fmt: skip
    return version


def latest_version(measure: Measure, *, using: str = "default") -> MeasureVersion:
    """The definition in use."""
    return MeasureVersion.objects.using(using).filter(measure_id=measure.id).order_by("-number")[0]


def _add_version(measure: Measure, number: int, definition: Definition, on: date) -> MeasureVersion:
    for field, value, known in (
        ("kind", definition.kind, KINDS), ("direction", definition.direction, DIRECTIONS), ("period", definition.period, PERIODS),
    ):  # fmt: skip
        if value not in known:
            raise Invalid(field, f"{value!r} is not one of: {', '.join(known)}.")
    return MeasureVersion.objects.create(
        organisation_id=measure.organisation_id,
        measure=measure,
        number=number,
        title=clean_text(definition.title, field="title", limit=200),
        numerator=clean_text(definition.numerator, field="numerator", limit=2000, required=False),
        denominator=clean_text(definition.denominator, field="denominator", limit=2000, required=False),
        kind=definition.kind,
        period=definition.period,
        direction=definition.direction,
        multiply=definition.multiply,
        measured_in=definition.measured_in,
        targets=[[day.isoformat(), value] for day, value in sorted(definition.targets)],
        split_by=list(definition.split_by),
        owner_id=definition.owner_id,
        checked_by_id=definition.checked_by_id,
        next_review_on=definition.next_review_on,
        valid_from=on,
    )


def period_end(period: str, start: date) -> date:
    """The exclusive end of the period that begins on `start`."""
    if period == "day":
        return start + timedelta(days=1)
    if period == "week":
        return start + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    total = start.year * 12 + start.month - 1 + months
    return date(total // 12, total % 12 + 1, 1 if start.day == 1 else min(start.day, 28))


def check_point(version: MeasureVersion, point: NewPoint) -> None:
    """Invalid if a point cannot be: a percentage over 100, a negative count, both or neither of value and counts."""
    numbers = (point.value, point.numerator, point.denominator)
    if any(number is not None and not isfinite(number) for number in numbers):
        raise Invalid("value", "This is not a number. Write digits, with a point for decimals.")
    counted = version.kind in ("proportion", "rate")
    if counted and point.value is not None:
        raise Invalid("value", "Give the numerator and the denominator: the percentage is worked out from them.")
    if (point.numerator is None) != (point.denominator is None) and counted:
        raise Invalid("denominator", "Give both the numerator and the denominator.")
    if any(number is not None and number < 0 for number in numbers) and version.kind != "value":
        raise Invalid("value", "A count cannot be negative.")
    if point.denominator == 0:
        raise Invalid("denominator", "The denominator is 0. Leave both empty where there was nothing to count.")
    if version.kind == "proportion" and point.numerator is not None and point.numerator > (point.denominator or 0):
        raise Invalid("numerator", f"{point.numerator:g} of {point.denominator:g} is over 100%.")


def value_of(version: MeasureVersion, point: NewPoint) -> float | None:
    """What is drawn: the value, or numerator / denominator × multiply."""
    if point.numerator is not None and point.denominator:
        return point.numerator / point.denominator * version.multiply
    return point.value if point.value is not None else point.numerator


@transaction.atomic
def record_points(
    *, by: Viewer, at: datetime, measure: Measure, unit: Unit, points: Sequence[NewPoint], source: str = "typed"
) -> list[Point]:
    """Record points; one for a period that has one already is a correction, kept beside it as a new row.

    Unchanged values leave nothing. One bad point refuses them all (Invalid says which), so nothing is half recorded.
    """
    access.require(by, Permission.RECORD_POINTS, unit)
    version = latest_version(measure)
    seen: set[tuple[date, str, str]] = set()
    for point in points:
        key = (point.period_start, point.split, point.split_value)
        if key in seen:
            raise Invalid("period_start", f"{point.period_start:%-d %B %Y} is there twice.")
        seen.add(key)
        check_point(version, point)
    known = _known(measure, unit)
    made = []
    for point in points:
        value = value_of(version, point)
        if known.get((point.period_start, point.split, point.split_value), "absent") == (
            value,
            point.numerator,
            point.denominator,
        ):
            continue
        made.append(
            Point(
                id=uuid7(at),  # bulk_create does not bring back a key that the database made
                organisation_id=by.organisation_id,
                measure=measure,
                version=version.number,
                unit_id=unit.key,
                period_start=point.period_start,
                period_end=period_end(version.period, point.period_start),
                split=point.split,
                split_value=point.split_value,
                value=value,
                numerator=point.numerator,
                denominator=point.denominator,
                known_at=at,
                source=source[:80],
            )
        )
    try:
        with transaction.atomic():
            made = Point.objects.bulk_create(made)
    except IntegrityError as error:
        raise Invalid(
            "period_start", "Somebody recorded this at the very same moment. Look at the newest value first."
        ) from error
    if made:
        leave("record.points_recorded", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
              object_kind="measure", object_id=measure.id, unit=unit.key, points=len(made))  # fmt: skip
    return made


@transaction.atomic
def tally(*, by: Viewer, at: datetime, measure: Measure, unit: Unit, step: int = 1) -> Point | None:
    """One tap: the count of the present day or week goes up (or down) by `step`, never below nothing."""
    version = latest_version(measure)
    if version.kind != "count" or version.period not in ("day", "week"):
        raise Invalid("measure", "Only a count by day or week can be tallied.")
    Measure.objects.select_for_update().get(id=measure.id)  # two taps at once both count
    today = local_date(at)
    start = today if version.period == "day" else today - timedelta(days=today.weekday())
    current = _known(measure, unit).get((start, "", ""))
    newest = Point.objects.filter(
        organisation_id=by.organisation_id, measure=measure, unit_id=unit.key, period_start=start, split=""
    ).aggregate(at=Max("known_at"))["at"]
    if newest is not None:  # who waited for the lock asked for the time before the one who had it
        at = max(at, newest + timedelta(microseconds=1))
    count = max(0, int((current[0] if current else 0) or 0) + step)
    made = record_points(
        by=by, at=at, measure=measure, unit=unit, points=[NewPoint(start, value=count)], source="tally"
    )
    return made[0] if made else None


def _known(
    measure: Measure, unit: Unit
) -> dict[tuple[date, str, str], tuple[float | None, float | None, float | None]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            """
            select distinct on (split, split_value, period_start) period_start, split, split_value, value, numerator, denominator
            from record_point where organisation_id = %s and measure_id = %s and unit_id = %s
            order by split, split_value, period_start, known_at desc
            """,
            [measure.organisation_id, measure.id, unit.key],
        )
        return {(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in cursor.fetchall()}


@transaction.atomic
def decide_limits(
    *, by: Viewer, at: datetime, measure: Measure | PublishedMeasure, unit: Unit, kind: str, from_period: date, reason: str,
    baseline: int | None = None, withdraws: LimitDecision | None = None,
) -> LimitDecision:  # fmt: skip
    """Recalculate limits from a period on, fix them on the first `baseline` points from it, or leave a point out: with a reason.

    `kind`: recalculate, fix, exclude, withdraw. Limits change in no other way.
    """
    access.require(by, Permission.SET_LIMITS, unit)
    if kind not in ("recalculate", "fix", "exclude", "withdraw"):
        raise Invalid("kind", "Choose: recalculate, fix, exclude or withdraw.")
    if kind == "fix" and (baseline is None or baseline < 2):
        raise Invalid("baseline", "Say on how many points the limits rest: 2 or more, better 12 or more.")
    if (kind == "withdraw") != (withdraws is not None):
        raise Invalid("withdraws", "Say which decision about limits is withdrawn, and withdraw nothing otherwise.")
    if withdraws is not None and LimitDecision.objects.filter(withdraws=withdraws).exists():
        raise AlreadyEnded("This decision about limits is already withdrawn.")
    own = isinstance(measure, Measure)
    decision = LimitDecision.objects.create(
        organisation_id=by.organisation_id,
        measure=measure if own else None,
        published=None if own else measure,
        unit_id=unit.key,
        kind=kind,
        from_period=from_period,
        baseline=baseline if kind == "fix" else None,
        reason=clean_text(reason, field="reason", limit=2000),
        decided_by_id=by.person_id,
        decided_at=at,
        withdraws=withdraws,
    )
    leave("record.limits_decided", by=by.acting_as(), at=at, organisation_id=by.organisation_id, practice="record",
          object_kind="limit_decision", object_id=decision.id, what=kind, measure=measure.pk, unit=unit.key)  # fmt: skip
    return decision


def measure_ref(measure: Measure) -> Ref:
    """The measure as other objects point at it."""
    return Ref("record", "measure", measure.id)
