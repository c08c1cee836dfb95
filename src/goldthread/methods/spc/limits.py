"""Centre and limits of one segment of many series at once, and when limits must be refused.

Rows are series of equal length. Missing and excluded values are NaN: they leave the centre and remove the two moving
ranges that touch them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goldthread.methods.spc.rulesets import RuleSet

Floats = NDArray[np.float64]

NOT_REFUSED, TOO_FEW, CONSTANT, MOSTLY_EQUAL, NO_MOVEMENT, NO_MOVEMENT_SCREENED, NO_NEIGHBOURS = range(7)

REASONS = (
    None,
    "fewer than 6 values",
    "no variation: all the values are equal",
    "too little variation: more than half the values are equal; consider a chart for rare events",
    "too little variation: the mean moving range is zero",
    "too little variation: after screening the mean moving range is zero; consider a chart for rare events",
    "no two neighbouring values, so there is no moving range",
)

MINIMUM, SETTLED = 6, 13
"""Fewer values than MINIMUM: limits are refused; fewer than SETTLED: provisional."""


@dataclass(frozen=True)
class SegmentLimits:
    """Centre and limits of one segment, shape (rows, 1); NaN where there are none."""

    centre: Floats
    lower: Floats
    upper: Floats
    near_lower: Floats
    near_upper: Floats
    moving: Floats
    """Mean moving range before screening, shape (rows,)."""
    screened: Floats
    """Mean moving range after screening, whether or not it was used, shape (rows,); NaN where all were screened out."""


def mean_rows(values: Floats, gaps: bool) -> Floats:
    """Row means without the missing, shape (rows,); NaN where a row has no value.

    Summed twice, the second time over the residuals, so that the mean of equal values is exactly that value.
    """
    if not gaps:
        n = values.shape[1]
        mean = np.add.reduce(values, axis=1) / n
        return mean + np.add.reduce(values - mean[:, None], axis=1) / n
    there = ~np.isnan(values)
    n = there.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, values, 0.0).sum(axis=1) / n
        return mean + np.where(there, values - mean[:, None], 0.0).sum(axis=1) / n


def mean_moving_ranges(moving: Floats, factor: float, gaps: bool, need_screened: bool) -> tuple[Floats, Floats]:
    """Mean moving range per row, before and after one pass of screening (Nelson 1982), each shape (rows,).

    moving: absolute differences of neighbours, NaN where one is missing. Screening keeps those strictly below
    `factor` × their mean.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        if gaps:
            mean = np.nansum(moving, axis=1) / (~np.isnan(moving)).sum(axis=1)
        else:
            mean = np.add.reduce(moving, axis=1) / np.float64(moving.shape[1])
        if not need_screened:
            return mean, mean
        kept = moving < factor * mean[:, None]
        screened = mean.copy()
        every = moving.shape[1]
        count = np.count_nonzero(kept, axis=1)
        some = np.flatnonzero(count < every)
        screened[some] = np.where(kept[some], moving[some], 0.0).sum(axis=1) / count[some]
    return mean, screened


def xmr_limits(values: Floats, moving_ranges: Floats, rules: RuleSet, screen: bool, gaps: bool) -> SegmentLimits:
    """Mean ± 2.66 mean moving ranges of the baseline `values`, shape (rows, baseline)."""
    centre = mean_rows(values, gaps)[:, None]
    moving, screened = mean_moving_ranges(moving_ranges, rules.screen_factor, gaps, screen)
    used = (screened if screen else moving)[:, None]
    reach = rules.limit_factor * used
    near = 2 * (rules.limit_factor / 3) * used
    return SegmentLimits(centre, centre - reach, centre + reach, centre - near, centre + near, moving, screened)


def run_limits(values: Floats, moving_ranges: Floats, rules: RuleSet, screen: bool, gaps: bool) -> SegmentLimits:
    """The median of the baseline `values`, shape (rows, baseline), and no limits."""
    centre = medians(values)[:, None]
    nothing = np.full_like(centre, np.nan)
    moving = np.full(len(values), np.nan)
    return SegmentLimits(centre, nothing, nothing, nothing, nothing, moving, moving)


def given_limits(rows: int, centre: float, lower: float, upper: float) -> SegmentLimits:
    """Limits fixed beforehand, the same for every row; two-sigma limits at two thirds of each side."""
    numbers = (centre, lower, upper, centre - (centre - lower) * 2 / 3, centre + (upper - centre) * 2 / 3)
    made = [np.full((rows, 1), number) for number in numbers]
    moving = np.full(rows, np.nan)
    return SegmentLimits(made[0], made[1], made[2], made[3], made[4], moving, moving)


def medians(values: Floats) -> Floats:
    """Row medians without the missing, shape (rows,); NaN where a row has no value."""
    if values.shape[1] == 0:
        return np.full(len(values), np.nan)
    ordered = np.sort(values, axis=1)
    n = values.shape[1] - np.isnan(ordered).sum(axis=1)
    row = np.arange(len(values))
    low = ordered[row, np.maximum(n - 1, 0) // 2]
    high = ordered[row, np.minimum(n // 2, values.shape[1] - 1)]
    return np.where(low == high, low, low / 2 + high / 2)


def refusals(
    values: Floats, found: SegmentLimits, screen: bool, tied: NDArray[np.bool_], gaps: bool
) -> NDArray[np.uint8]:
    """Why limits of each row must be refused (a code of REASONS), shape (rows,).

    values: the whole segment, shape (rows, n); tied: rows where two values may be equal, the others are not looked at.
    """
    count = np.full(len(values), values.shape[1])
    if gaps:
        count -= np.isnan(values).sum(axis=1)
    why = np.zeros(len(values), np.uint8)
    if screen:
        why[~(found.screened > 0)] = NO_MOVEMENT_SCREENED
    why[found.moving == 0] = NO_MOVEMENT
    why[np.isnan(found.moving)] = NO_NEIGHBOURS
    look = np.flatnonzero(tied & (count > 0))
    if look.size:
        ordered = np.sort(values[look], axis=1)
        middle = ordered[np.arange(look.size), (count[look] - 1) // 2]
        equal = (ordered == middle[:, None]).sum(axis=1)
        why[look[2 * equal > count[look]]] = MOSTLY_EQUAL
        why[look[equal == count[look]]] = CONSTANT
    why[count < MINIMUM] = TOO_FEW
    return why
