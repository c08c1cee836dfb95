"""What is change and what is chance: the record's series, with the decisions about their limits, read by methods.spc."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from goldthread.methods import spc
from goldthread.record.queries.series import MeasureInfo, SeriesOfPoints

RULESET = "mdc-2023"


@dataclass(frozen=True)
class Reading:
    """A series with what methods.spc says of it; `target` is the one in force at the latest value.

    `result` is put together when it is first asked for: a report over thousands of series needs only their icons.
    """

    series: SeriesOfPoints
    variation: str
    target: float | None
    latest: int | None  # index of the latest value; None where there is none
    _batch: spc.Batch
    _place: int

    @cached_property
    def result(self) -> spc.Series:
        """Limits, labels and diagnostics of every point."""
        found: spc.Series = self._batch[self._place]
        return found

    @property
    def info(self) -> MeasureInfo:
        """The measure's definition."""
        return self.series.info

    @property
    def latest_period(self) -> date | None:
        """The period of the latest value."""
        return None if self.latest is None else self.series.periods[self.latest]

    @property
    def latest_value(self) -> float | None:
        """The latest value."""
        return None if self.latest is None else float(self.series.values[self.latest])

    @property
    def signals(self) -> bool:
        """Whether the icon says special cause."""
        return self.variation != "common_cause"


def read_all(series: Sequence[SeriesOfPoints]) -> list[Reading]:
    """Read many series at once; a team's own measure that is counted by day or week gets a run chart first."""
    targets = [_target(one) for one in series]
    batch = spc.analyse_many(
        [one.values for one in series],  # type: ignore[misc]
        chart=["run" if one.info.is_own and one.info.period in ("day", "week") else "xmr" for one in series],
        ruleset=RULESET,
        improve=[one.info.direction for one in series],
        target=targets,
        baseline=[_baseline(one) for one in series],
        rebase=[_indexes(one, ("recalculate", "fix")) for one in series],
        exclude=[_indexes(one, ("exclude",)) for one in series],
    )
    icons = batch.variation()
    return [Reading(one, icons[place], targets[place], _latest(one), batch, place) for place, one in enumerate(series)]


def expected_and_observed(readings: Sequence[Reading]) -> tuple[float, int]:
    """How many of these icons would signal by chance alone, and how many do."""
    return spc.expected_icons([one.result for one in readings])


def _latest(series: SeriesOfPoints) -> int | None:
    values = series.values
    for index in range(len(values) - 1, -1, -1):
        if values[index] == values[index]:
            return index
    return None


def _target(series: SeriesOfPoints) -> float | None:
    latest = _latest(series)
    return None if latest is None else series.info.target_on(series.periods[latest])


def _baseline(series: SeriesOfPoints) -> int | None:
    fixed = [limit.baseline for limit in series.limits if limit.kind == "fix"]
    return fixed[-1] if fixed else None


def _indexes(series: SeriesOfPoints, kinds: tuple[str, ...]) -> tuple[int, ...]:
    """Positions of the periods that limit decisions of these kinds name; a decision before the first point moves nothing."""
    found = set()
    for limit in series.limits:
        if limit.kind in kinds:
            index = bisect_left(series.periods, limit.from_period)
            exact = index < len(series.periods) and series.periods[index] == limit.from_period
            if (
                index < len(series.periods)
                and (limit.kind != "exclude" or exact)
                and (index > 0 or limit.kind == "exclude")
            ):
                found.add(index)
    return tuple(sorted(found))
