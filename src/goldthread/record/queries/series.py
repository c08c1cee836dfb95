"""A measure's points in order, ready for a chart: a unit's own, or added up from the units below it.

The database packs each series into bytes (network order), so that ten thousand of them are read in a fraction of a second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import numpy as np
from django.db import connections

from goldthread.organisation import tree
from goldthread.organisation.access import NotFound, Viewer
from goldthread.organisation.models import Unit
from goldthread.record.models import LimitDecision, Measure, MeasureVersion, PublishedMeasure
from goldthread.record.refs import Ref

_EPOCH = date(2000, 1, 1)


@dataclass(frozen=True)
class MeasureInfo:
    """A definition as pages show it. `key` is `own.<id>` or `published.<code>`."""

    key: str
    title: str
    kind: str
    direction: str
    period: str
    multiply: int
    measured_in: str
    numerator: str
    denominator: str
    targets: tuple[tuple[date, float], ...]
    source: str = ""
    owner: str = ""
    checked_by: str = ""
    next_review_on: date | None = None
    is_own: bool = False
    home_unit_key: int = 0

    @property
    def id(self) -> UUID | None:
        """The id of an organisation's measure; None for a published one."""
        return UUID(self.key.removeprefix("own.")) if self.key.startswith("own.") else None

    @property
    def ref(self) -> Ref | None:
        """The measure as links point at it."""
        return Ref("record", "measure", self.id) if self.id else None

    def target_on(self, day: date) -> float | None:
        """The target in force on a day: the latest step that began by then."""
        found = None
        for begins, value in self.targets:
            if begins <= day:
                found = value
        return found


@dataclass(frozen=True)
class Limit:
    """A decision about limits that is in force."""

    id: UUID
    kind: str
    from_period: date
    baseline: int | None
    reason: str
    by: str
    on: date


@dataclass(frozen=True)
class SeriesOfPoints:
    """One measure at one unit. Arrays have one entry per period, in order; NaN where there is no value.

    `units` says from how many units each value was added up (1: the unit's own).
    """

    info: MeasureInfo
    unit_key: int
    periods: tuple[date, ...]
    values: np.ndarray
    numerators: np.ndarray
    denominators: np.ndarray
    units: np.ndarray
    limits: tuple[Limit, ...] = field(default=())

    @property
    def added_up(self) -> bool:
        """Whether the values are sums over units below."""
        return bool(len(self.units)) and int(self.units.max()) > 1


def board_series(*, viewer: Viewer, unit: Unit, keys: Sequence[int] | None = None) -> list[SeriesOfPoints]:
    """Every measure that a unit has: its own points, else those of the units below added up. Constant number of queries.

    Published statistics are read for any unit; an organisation's own only by its own people. `keys` are those of the
    subtree, where the caller has them already.
    """
    keys = keys if keys is not None else tree.subtree_keys(unit, own_organisation=False)
    found = _packed("published", keys, unit.key, None, viewer.organisation_id)
    infos = _published_infos({row[0] for row in found})
    series = [_unpacked(row, infos[row[0]], unit.key) for row in found if row[0] in infos]
    if unit.organisation_id == viewer.organisation_id:
        own = _packed("own", keys, unit.key, None, viewer.organisation_id)
        own_infos = _own_infos({row[0] for row in own})
        series += [_unpacked(row, own_infos[row[0]], unit.key) for row in own if row[0] in own_infos]
    limits = _limits(viewer, [unit.key])
    made = [_with_limits(one, limits) for one in series if _fits(one, unit.key)]
    return sorted(made, key=lambda one: (one.info.key.startswith("published."), one.info.title))


def measure_series(*, viewer: Viewer, unit: Unit, key: str) -> SeriesOfPoints:
    """One measure at one unit; NotFound where there is none that the viewer may see. A new measure has no points yet."""
    source, _, name = key.partition(".")
    keys = tree.subtree_keys(unit, own_organisation=False)
    infos: dict[str, MeasureInfo]
    if source == "published":
        infos = _published_infos({name})
    elif source == "own" and unit.organisation_id == viewer.organisation_id:
        infos = _own_infos({name})
    else:
        infos = {}
    if name not in infos:
        raise NotFound("no such measure")
    rows = _packed(source, keys, unit.key, name, viewer.organisation_id)
    if rows:
        series = _unpacked(rows[0], infos[name], unit.key)
    else:
        empty = np.array([], dtype=float)
        series = SeriesOfPoints(infos[name], unit.key, (), empty, empty, empty, empty)
    return _with_limits(series, _limits(viewer, [unit.key]))


def series_of_units(*, viewer: Viewer, unit_keys: Sequence[int]) -> list[SeriesOfPoints]:
    """Every published measure of each of these units, separately: for reports over hundreds of organisations.

    Values only: numerators and denominators are read with one measure at a time.
    """
    rows = _packed_by_unit(unit_keys)
    infos = _published_infos({row[0] for row in rows})
    calendars: dict[bytes, tuple[date, ...]] = {}
    found = []
    for code, days, values, unit_key in rows:
        periods = calendars.get(days) or calendars.setdefault(days, _periods(days))
        absent, one = np.broadcast_to(np.nan, len(periods)), np.broadcast_to(1.0, len(periods))
        numbers = np.frombuffer(values, dtype=">f8").astype(float)
        found.append(SeriesOfPoints(infos[code], unit_key, periods, numbers, absent, absent, one))
    return found


def _periods(packed: bytes) -> tuple[date, ...]:
    return tuple(_EPOCH + timedelta(days=day) for day in np.frombuffer(packed, dtype=">i4").tolist())


_PACK = """
    string_agg(int4send(period_start - date '2000-01-01'), ''::bytea order by period_start),
    string_agg(float8send(coalesce(value, 'NaN')), ''::bytea order by period_start),
    string_agg(float8send(coalesce(numerator, 'NaN')), ''::bytea order by period_start),
    string_agg(float8send(coalesce(denominator, 'NaN')), ''::bytea order by period_start),
    string_agg(float8send(units), ''::bytea order by period_start)
"""


def _packed(source: str, keys: Sequence[int], own_key: int, only: str | None, organisation_id: int) -> list[tuple]:
    """(measure, packed periods, values, numerators, denominators, units) per measure. The newest known value of a period
    counts; a unit's own points go before the sum of those below.
    """
    table = "record_publishedpoint" if source == "published" else "record_point"
    conditions = "" if source == "published" else "and split = '' and organisation_id = %(organisation)s"
    if only is not None:
        conditions += " and measure_id = %(only)s"
    query = f"""
        with latest as (
            select distinct on (measure_id, unit_id, period_start) measure_id, unit_id, period_start, value, numerator, denominator
            from {table} where unit_id = any(%(keys)s) {conditions}
            order by measure_id, unit_id, period_start, known_at desc
        ), own as (
            select distinct measure_id from latest where unit_id = %(own)s
        ), added as (
            select measure_id, period_start, sum(value) as value, sum(numerator) as numerator, sum(denominator) as denominator,
                   count(value)::float8 as units
            from latest where unit_id = %(own)s or measure_id not in (select measure_id from own)
            group by measure_id, period_start
        )
        select measure_id::text, {_PACK} from added group by measure_id
    """  # noqa: S608  (only names chosen above are put into the text)
    values = {"keys": list(keys), "own": own_key, "only": only, "organisation": organisation_id}
    with connections["default"].cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def _packed_by_unit(keys: Sequence[int]) -> list[tuple]:
    query = """
        with latest as (
            select distinct on (measure_id, unit_id, period_start) measure_id, unit_id, period_start, value
            from record_publishedpoint where unit_id = any(%s) order by measure_id, unit_id, period_start, known_at desc
        )
        select measure_id,
               string_agg(int4send(period_start - date '2000-01-01'), ''::bytea order by period_start),
               string_agg(float8send(coalesce(value, 'NaN')), ''::bytea order by period_start), unit_id
        from latest group by measure_id, unit_id
    """
    with connections["default"].cursor() as cursor:
        cursor.execute(query, [list(keys)])
        return cursor.fetchall()


def _unpacked(row: tuple, info: MeasureInfo, unit_key: int) -> SeriesOfPoints:
    values, numerators, denominators, units = (np.frombuffer(part, dtype=">f8").astype(float) for part in row[2:6])
    if info.kind in ("proportion", "rate"):
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.where(denominators > 0, numerators / denominators * info.multiply, np.nan)
    return SeriesOfPoints(info, unit_key, _periods(row[1]), values, numerators, denominators, units)


def _fits(series: SeriesOfPoints, own_key: int) -> bool:
    """A plain value (an average, a score) cannot be added up; and a team's own measure stays on the team's page."""
    if series.info.is_own:
        return series.info.home_unit_key == own_key
    return not series.added_up or series.info.kind != "value"


def _published_infos(codes: Iterable[str]) -> dict[str, MeasureInfo]:
    return {
        row.code: MeasureInfo(
            key=f"published.{row.code}", title=row.title, kind=row.kind, direction=row.direction, period=row.period,
            multiply=row.multiply, measured_in=row.measured_in, numerator=row.numerator, denominator=row.denominator,
            targets=_targets(row.targets), source=row.source,
        )
        for row in PublishedMeasure.objects.filter(code__in=list(codes))
    }  # fmt: skip


def _own_infos(ids: Iterable[str]) -> dict[str, MeasureInfo]:
    rows = MeasureVersion.objects.filter(measure_id__in=_uuids(ids)).select_related("measure", "owner", "checked_by")
    return {
        str(row.measure_id): MeasureInfo(
            key=f"own.{row.measure_id}", title=row.title, kind=row.kind, direction=row.direction, period=row.period,
            multiply=row.multiply, measured_in=row.measured_in, numerator=row.numerator, denominator=row.denominator,
            targets=_targets(row.targets), owner=row.owner.name if row.owner else "",
            checked_by=row.checked_by.name if row.checked_by else "", next_review_on=row.next_review_on,
            is_own=row.measure.is_own, home_unit_key=row.measure.unit_id,
        )
        for row in rows.order_by("measure_id", "number")  # the last version wins
    }  # fmt: skip


def _uuids(ids: Iterable[str]) -> list[UUID]:
    found = []
    for text in ids:
        try:
            found.append(UUID(text))
        except ValueError:
            raise NotFound("no such measure") from None
    return found


def _targets(steps: list) -> tuple[tuple[date, float], ...]:
    return tuple((date.fromisoformat(day), float(value)) for day, value in steps)


def _limits(viewer: Viewer, unit_keys: Sequence[int]) -> dict[tuple[str, int], list[Limit]]:
    """Limit decisions in force, by measure key and unit: those of the viewer's organisation, the withdrawn ones left out."""
    rows = LimitDecision.objects.filter(organisation_id=viewer.organisation_id, unit_id__in=unit_keys).select_related(
        "decided_by"
    )
    ordered = list(rows.order_by("from_period", "decided_at"))
    withdrawn = {row.withdraws_id for row in ordered if row.kind == "withdraw"}
    found: dict[tuple[str, int], list[Limit]] = {}
    for row in ordered:
        if row.kind == "withdraw" or row.id in withdrawn:
            continue
        key = f"own.{row.measure_id}" if row.measure_id else f"published.{row.published_id}"
        limit = Limit(
            row.id, row.kind, row.from_period, row.baseline, row.reason, row.decided_by.name, row.decided_at.date()
        )
        found.setdefault((key, row.unit_id), []).append(limit)
    return found


def _with_limits(series: SeriesOfPoints, limits: dict[tuple[str, int], list[Limit]]) -> SeriesOfPoints:
    found = limits.get((series.info.key, series.unit_key))
    if not found:
        return series
    return SeriesOfPoints(series.info, series.unit_key, series.periods, series.values, series.numerators,
                          series.denominators, series.units, tuple(found))  # fmt: skip


def own_measures(*, viewer: Viewer, unit: Unit) -> list[Measure]:
    """The measures that this very unit keeps for itself, newest last."""
    rows = Measure.objects.filter(
        organisation_id=viewer.organisation_id, unit_id=unit.key, is_own=True, retired_on__isnull=True
    )
    return list(rows.order_by("id"))
