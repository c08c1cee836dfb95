"""What a chart over time is given: points, target, changes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from goldthread.web.charts import words


@dataclass(frozen=True)
class Point:
    """One period of a measure.

    `at` is the first day of its period (its label is made from it unless `label` is given); `value` None is missing.
    `centre`, `lower`, `upper` None are not drawn. A new `segment` breaks every line. `type`: common, improvement,
    concern, neutral. `excluded` points are drawn hollow.
    """

    value: float | None = None
    at: date | None = None
    label: str = ""
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    segment: int = 0
    type: str = "common"
    excluded: bool = False


@dataclass(frozen=True)
class Target:
    """A target from `start` (a day, the index of a point, or None: the beginning) until the next one."""

    value: float
    start: date | int | None = None


@dataclass(frozen=True)
class Change:
    """Something that happened, marked by a letter at a day (or the index of a point). The page lists what it was."""

    at: date | int
    label: str
    letter: str = ""


@dataclass(frozen=True)
class SpcChart:
    """A chart over time. `title` is the finding in words; an empty `description` is written from the points.

    `percent`: values run from 0 to 100 and are shown with a percent sign. `decimals`: of values named in words.
    """

    title: str
    points: tuple[Point, ...]
    unit: str = ""
    percent: bool = False
    targets: tuple[Target, ...] = ()
    changes: tuple[Change, ...] = ()
    description: str = ""
    centre_name: str = "Average"
    target_name: str = "Target"
    decimals: int | None = None
    empty_message: str = "No values yet"


class Analysed(Protocol):
    """What `points_of` reads of an analysis (`methods.spc.Series` has it all)."""

    @property
    def values(self) -> Sequence[float | None]: ...
    @property
    def centre(self) -> Sequence[float | None]: ...
    @property
    def lower(self) -> Sequence[float | None]: ...
    @property
    def upper(self) -> Sequence[float | None]: ...
    @property
    def segment(self) -> Sequence[int]: ...
    @property
    def type(self) -> Sequence[str]: ...


def points_of(series: Analysed, when: Sequence[date | str], excluded: Collection[int] = ()) -> tuple[Point, ...]:
    """The points of an analysed series; `when` has a day or a label per point, `excluded` the indices left out of limits.

    Raises ValueError when there are not as many days as values.
    """
    rows = zip(when, series.values, series.centre, series.lower, series.upper, series.segment, series.type, strict=True)
    return tuple(
        Point(
            value=value,
            at=day if isinstance(day, date) else None,
            label="" if isinstance(day, date) else day,
            centre=centre,
            lower=lower,
            upper=upper,
            segment=segment,
            type=kind,
            excluded=index in excluded,
        )
        for index, (day, value, centre, lower, upper, segment, kind) in enumerate(rows)
    )


def lettered(changes: Sequence[Change]) -> list[tuple[str, Change]]:
    """Each change with its letter (its own, or A, B, … in order of time); the list under the chart uses the same."""
    order = sorted(changes, key=lambda change: (isinstance(change.at, int), str(change.at).zfill(12)))
    return [(change.letter or _letter(index), change) for index, change in enumerate(order)]


def _letter(index: int) -> str:
    return (_letter(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)


def place_of(when: date | int | None, points: Sequence[Point]) -> float:
    """Where a day lies among the points, as a fractional index from -0.5 to n - 0.5."""
    last = len(points) - 0.5
    if when is None:
        return -0.5
    if isinstance(when, int):
        return max(-0.5, min(last, float(when)))
    dated = [(index, point.at) for index, point in enumerate(points) if point.at is not None]
    before = [(index, at) for index, at in dated if at <= when]
    after = [(index, at) for index, at in dated if at > when]
    if not before:
        return -0.5
    index, at = before[-1]
    if not after:
        # Within the last period when the periods before it are as long; else at the edge.
        usual = (dated[-1][1] - dated[-2][1]).days if len(dated) > 1 else 0
        return min(last, index + (when - at).days / usual) if usual > 0 else float(index)
    following, then = after[0]
    return index + (following - index) * (when - at).days / (then - at).days


def is_monthly(points: Sequence[Point]) -> bool:
    """Whether every dated point starts a month."""
    return all(point.at is None or point.at.day == 1 for point in points)


def point_label(point: Point, monthly: bool) -> str:
    """Oct 2025, 6 Oct 2025, or what the caller calls it."""
    if point.label or point.at is None:
        return point.label
    return words.month(point.at) if monthly else words.day(point.at)
