"""Limits, flags and labels of many series of one layout, in blocks small enough to stay in the processor's cache."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goldthread.methods.spc.labels import TREND, label_table
from goldthread.methods.spc.layout import Layout
from goldthread.methods.spc.limits import NOT_REFUSED, TOO_FEW, SegmentLimits, given_limits, refusals
from goldthread.methods.spc.signals import Bytes, Floats, Masks, all_flags, either_side

BLOCK = 65_536
"""Points worked on at a time: half a megabyte of values."""

_BOTH_TRENDS = 3 << TREND


@dataclass(frozen=True)
class Computed:
    """What was computed, rows being series: flags and labels (rows, n), limits and refusals one per segment."""

    flags: Bytes
    labels: Bytes
    centre: Floats
    lower: Floats
    upper: Floats
    refused: NDArray[np.uint8]
    """Codes of `limits.REASONS`, shape (rows, segments); also set where a peer's limits are given all the same."""


def compute(values: Floats, directions: NDArray[np.int8], layout: Layout, gaps: bool) -> Computed:
    """Compute every series. values: (rows, n), NaN missing or excluded; directions: (rows,) of −1, 0, +1.

    gaps: whether any value may be missing.
    """
    rows, n = values.shape
    segments = len(layout.starts)
    out = Computed(
        flags=np.zeros((rows, n), np.uint8),
        labels=np.zeros((rows, n), np.uint8),
        centre=np.full((rows, segments), np.nan),
        lower=np.full((rows, segments), np.nan),
        upper=np.full((rows, segments), np.nan),
        refused=np.full((rows, segments), TOO_FEW if layout.chart.has_limits else NOT_REFUSED, np.uint8),
    )
    if not n:
        return out
    height = max(1, min(rows, BLOCK // n))
    masks = Masks(layout.segment, layout.rules, height)
    values = np.ascontiguousarray(values)
    for start in range(0, rows, height):
        _block(values[start : start + height], directions, slice(start, start + height), layout, masks, gaps, out)
    return out


def _block(
    values: Floats, directions: NDArray[np.int8], at: slice, layout: Layout, masks: Masks, gaps: bool, out: Computed
) -> None:
    rows, n = values.shape
    flat = values.reshape(-1)
    moving = np.empty(rows * n)
    np.subtract(flat[1:], flat[:-1], out=moving[:-1])
    moving[-1] = 0.0
    step = either_side(moving[:-1], 0.0, 0.0)
    moving = np.abs(moving, out=moving).reshape(rows, n)
    side, outside, beyond = (np.zeros((rows, n), np.uint8) for _ in range(3))
    for number, (first, last) in enumerate(layout.bounds):
        part = values[:, first:last]
        found = _segment(part, moving[:, first : last - 1], step, number, layout, gaps, out, at)
        _mark(part, found, side[:, first:last], outside[:, first:last], beyond[:, first:last])
    flags = all_flags(layout.rules, masks, side, outside, beyond, step)
    if layout.rules.refuses and layout.chart.has_limits:
        for number, (first, last) in enumerate(layout.bounds):
            refused = out.refused[at, number] > 0
            if refused.any():
                flags[refused, first:last] = 0
                out.lower[at, number][refused] = np.nan
                out.upper[at, number][refused] = np.nan
    out.flags[at] = flags
    out.labels[at] = _labels(flags, step, directions[at], layout)


def _segment(
    values: Floats,
    moving: Floats,
    step: Bytes,
    number: int,
    layout: Layout,
    gaps: bool,
    out: Computed,
    at: slice,
) -> SegmentLimits:
    """Find and store the limits of one segment of the block."""
    fixed = dict(layout.fixed).get(number)
    if fixed is not None:
        found = given_limits(len(values), *fixed)
        out.refused[at, number] = NOT_REFUSED
    else:
        end = values.shape[1] if layout.baseline is None else min(layout.baseline, values.shape[1])
        found = layout.chart.limits(values[:, :end], moving[:, : max(end - 1, 0)], layout.rules, layout.screen, gaps)
        if layout.chart.has_limits:
            tied = _may_tie(step, moving, values, gaps)
            out.refused[at, number] = refusals(values, found, layout.screen, tied, gaps)
    out.centre[at, number] = found.centre[:, 0]
    out.lower[at, number] = found.lower[:, 0]
    out.upper[at, number] = found.upper[:, 0]
    return found


def _may_tie(step: Bytes, moving: Floats, values: Floats, gaps: bool) -> NDArray[np.bool_]:
    """Rows in which more than half the values may be equal.

    If so many are, two neighbours are equal, or else every other value from the first on; with gaps any row may.
    """
    if gaps or values.shape[1] < 3:
        return np.ones(len(values), np.bool_)
    alternate: NDArray[np.bool_] = values[:, 0] == values[:, 2]
    if step.min() > 0:  # no two neighbours anywhere in the block are equal
        return alternate
    return alternate | (moving == 0).any(axis=1)


def _mark(values: Floats, found: SegmentLimits, side: Bytes, outside: Bytes, beyond: Bytes) -> None:
    """Fill in, for one segment, beside the centre, outside the limits and beyond two sigma.

    Few points are far from the centre, so limits are compared exactly only where the distance comes close to them.
    """
    rest = values - found.centre
    side[...] = either_side(rest, 0.0, 0.0)
    near = np.minimum(found.near_upper - found.centre, found.centre - found.near_lower)
    far = np.abs(rest, out=rest) > near * (1 - 1e-9) - 1e-14 * np.abs(found.centre)
    at = np.flatnonzero(far)
    if at.size:
        row, column = np.divmod(at, values.shape[1])
        value = values[row, column]
        beyond[row, column] = either_side(value, found.near_upper[row, 0], found.near_lower[row, 0])
        outside[row, column] = either_side(value, found.upper[row, 0], found.lower[row, 0])


def _labels(flags: Bytes, step: Bytes, directions: NDArray[np.int8], layout: Layout) -> Bytes:
    """One label code per point: the first flag in order, improvement first where the rule set says so."""
    rules = layout.rules
    table = label_table(rules.improvement_wins)
    if (directions == directions[0]).all():
        row = int(directions[0]) + 1
        labels: Bytes = np.take(table[256 * row : 256 * (row + 1)], flags)
    else:
        labels = np.take(table, flags + (directions.astype(np.uint16) + np.uint16(1))[:, None] * np.uint16(256))
    if rules.trend:
        _turning_points(labels, flags, step, directions, layout)
    return labels


def _turning_points(labels: Bytes, flags: Bytes, step: Bytes, directions: NDArray[np.int8], layout: Layout) -> None:
    """A point where one trend ends and another begins is labelled by the one it enters.

    So does NHSRplotthedots, which looks at the next step wherever the next point is part of a trend (a level next step
    counts as down). In `mdc-2023` this decides only between two trends of which neither is an improvement.
    """
    all_labels, all_flags_ = labels.reshape(-1), flags.reshape(-1)
    at = np.flatnonzero((all_flags_ & _BOTH_TRENDS).astype(np.bool_))
    at = at[:-1][at[1:] == at[:-1] + 1]
    if not at.size:
        return
    row, column = np.divmod(at, layout.n)
    keep = ~np.isin(column, [last - 1 for _, last in layout.bounds])
    if layout.rules.improvement_wins:
        keep &= (all_flags_[at] & _BOTH_TRENDS == _BOTH_TRENDS) & (directions[row] == 0)
    keep &= (all_labels[at] == TREND + 1) | (all_labels[at] == TREND + 2)
    at = at[keep]
    all_labels[at] = np.where(step[at] == 1, TREND + 1, TREND + 2)
