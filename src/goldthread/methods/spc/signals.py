"""The rules: which points of many series at once are outside, shifting, trending, or two of three far from the centre.

Everything here works on bytes with bit 0 for "up" and bit 1 for "down", so that one pass serves both directions, and
on series laid end to end, so that every pass is one straight line through memory. A window that would reach over the
end of a series or over a change of limits is masked out.
"""

import numpy as np
from numpy.typing import NDArray

from goldthread.methods.spc.labels import OUTSIDE, SHIFT, TREND, TWO_OF_THREE
from goldthread.methods.spc.rulesets import RuleSet

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]


def either_side(values: Floats, upper: Floats | float, lower: Floats | float) -> Bytes:
    """Bit 0 where values lie strictly above `upper`, bit 1 where strictly below `lower`; missing values give 0."""
    above = np.greater(values, upper).view(np.uint8)
    below = np.less(values, lower).view(np.uint8)
    np.left_shift(below, 1, out=below)
    return np.bitwise_or(above, below, out=above)


def full_windows(marks: Bytes, length: int) -> Bytes:
    """For each start, the bits that stand in all of `length` neighbours. Shape (n − length + 1,)."""
    done = 1
    out = marks
    while done < length:
        step = min(done, length - done)
        out = out[:-step] & out[step:]
        done += step
    return out


def spread(starts: Bytes, length: int) -> Bytes:
    """Marks every member of the windows of `length` that begin at `starts`. Shape (n + length − 1,)."""
    out = np.zeros(starts.size + length - 1, np.uint8)
    out[: starts.size] = starts
    done = 1
    while done < length:
        step = min(done, length - done)
        wider = out.copy()
        wider[step:] |= out[:-step]
        out = wider
        done += step
    return out


def inside_one_segment(segment: NDArray[np.intp], length: int, rows: int) -> Bytes:
    """Which starts of windows of `length` stay in one series and one segment: 3 or 0, flat over `rows` series."""
    n = segment.size
    allowed = np.zeros(n, np.uint8)
    if n >= length:
        allowed[: n - length + 1] = np.where(segment[length - 1 :] == segment[: n - length + 1], 3, 0)
    return np.tile(allowed, rows)


class Masks:
    """The window masks of one layout of series, made once and cut to the number of rows asked for."""

    def __init__(self, segment: NDArray[np.intp], rules: RuleSet, rows: int) -> None:
        self.n = segment.size
        lengths = {rules.shift, rules.trend, 0 if rules.two_of_three == "off" else 3} - {0}
        self._masks = {length: inside_one_segment(segment, length, rows) for length in lengths}

    def starts(self, length: int, rows: int) -> Bytes:
        """The mask for windows of `length` over the first `rows` series."""
        return self._masks[length][: rows * self.n - length + 1]


def run_flags(marks: Bytes, masks: Masks, length: int, rows: int) -> Bytes:
    """Marks whole windows of `length` points that share a side, inside one segment."""
    if marks.size < length:
        return np.zeros(marks.size, np.uint8)
    hit = full_windows(marks, length) & masks.starts(length, rows)
    return spread(hit, length) if hit.any() else np.zeros(marks.size, np.uint8)


def trend_flags(step: Bytes, masks: Masks, length: int, rows: int) -> Bytes:
    """Marks `length` points that follow one another strictly up, or strictly down, inside one segment."""
    n = step.size + 1
    if n < length:
        return np.zeros(n, np.uint8)
    hit = full_windows(step, length - 1) & masks.starts(length, rows)
    return spread(hit, length) if hit.any() else np.zeros(n, np.uint8)


def two_of_three_flags(side: Bytes, far: Bytes, masks: Masks, rows: int) -> Bytes:
    """Marks the far points of any three in a row that all lie on one side, at least two of them far."""
    if side.size < 3 or not far.any():
        return np.zeros(side.size, np.uint8)
    hit = full_windows(side, 3)
    pairs = far[:-1] & far[1:]
    hit &= pairs[:-1] | pairs[1:] | (far[:-2] & far[2:])
    hit &= masks.starts(3, rows)
    return spread(hit, 3) & far


def all_flags(rules: RuleSet, masks: Masks, side: Bytes, outside: Bytes, beyond: Bytes, step: Bytes) -> Bytes:
    """One byte per point with every flag that applies (see `labels.FLAGS`).

    side, outside, beyond: shape (rows, n), beside the centre, the three-sigma and the two-sigma limits; step: flat.
    """
    rows, n = side.shape
    if n == 0:
        return np.zeros((rows, 0), np.uint8)
    side, outside, beyond = side.reshape(-1), outside.reshape(-1), beyond.reshape(-1)
    flags = np.zeros(rows * n, np.uint8)
    if rules.outside:
        flags |= outside << OUTSIDE
    if rules.trend:
        flags |= trend_flags(step, masks, rules.trend, rows) << TREND
    if rules.two_of_three != "off":
        far = beyond if rules.two_of_three == "far" else beyond & ~outside
        flags |= two_of_three_flags(side, far, masks, rows) << TWO_OF_THREE
    if rules.shift:
        flags |= run_flags(side, masks, rules.shift, rows) << SHIFT
    return flags.reshape(rows, n)
