"""What is asked of a chart, checked: segments, baseline, exclusions, fixed limits. Raises ValueError in plain words."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goldthread.methods.spc.charts import Chart, chart
from goldthread.methods.spc.rulesets import RuleSet, ruleset

FixedLimits = tuple[float, float, float]
"""centre, lower, upper."""


@dataclass(frozen=True)
class Layout:
    """Series of one length that share a chart, a rule set and every decision about limits."""

    n: int
    chart: Chart
    rules: RuleSet
    screen: bool
    baseline: int | None
    starts: tuple[int, ...]
    """The first point of each segment; always begins with 0."""
    exclude: tuple[int, ...]
    fixed: tuple[tuple[int, FixedLimits], ...]
    """(segment, limits) where limits are given instead of calculated."""

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """First and one-past-last point of each segment."""
        return list(zip(self.starts, (*self.starts[1:], self.n), strict=True))

    @property
    def segment(self) -> NDArray[np.intp]:
        """The segment of each point, counted from 0, shape (n,)."""
        return np.repeat(np.arange(len(self.starts)), np.diff((*self.starts, self.n)))


def layout(
    n: int,
    *,
    chart_name: str,
    ruleset_name: str,
    baseline: int | None,
    rebase: Iterable[int],
    exclude: Iterable[int],
    fixed: FixedLimits | Mapping[int, FixedLimits] | None,
    screen: bool | None,
) -> Layout:
    """Check and gather the options of `analyse` for series of n points. Raises ValueError."""
    rules = ruleset(ruleset_name)
    if baseline is not None and baseline < 2:
        raise ValueError(f"baseline must be at least 2 points, not {baseline}")
    starts = tuple(sorted({0, *_indexes(rebase, n, "rebase")}))
    if fixed is None:
        given: dict[int, FixedLimits] = {}
    elif isinstance(fixed, Mapping):
        given = dict(fixed)
    else:
        given = dict.fromkeys(range(len(starts)), fixed)
    for segment, limits in given.items():
        _check_fixed(segment, limits, len(starts))
    return Layout(
        n=n,
        chart=chart(chart_name),
        rules=rules,
        screen=rules.screens if screen is None else screen,
        baseline=baseline,
        starts=starts,
        exclude=tuple(sorted(set(_indexes(exclude, n, "exclude")))),
        fixed=tuple(sorted((k, (float(c), float(lo), float(up))) for k, (c, lo, up) in given.items())),
    )


def _indexes(wanted: Iterable[int], n: int, option: str) -> list[int]:
    out = []
    for index in wanted:
        if isinstance(index, bool) or not isinstance(index, int | np.integer) or not 0 <= index < max(n, 1):
            raise ValueError(f"{option}: {index!r} is not the index of a point; there are {n} points, from 0")
        out.append(int(index))
    return out


def _check_fixed(segment: int, limits: FixedLimits, segments: int) -> None:
    if not 0 <= segment < segments:
        raise ValueError(f"fixed: there is no segment {segment}; there are {segments}, from 0")
    if len(limits) != 3 or not all(math.isfinite(number) for number in limits):
        raise ValueError("fixed: three numbers are needed: centre, lower, upper")
    centre, lower, upper = limits
    if not lower <= centre <= upper or lower == upper:
        raise ValueError(f"fixed: lower ≤ centre ≤ upper is needed, with lower < upper, not {lower}, {centre}, {upper}")
