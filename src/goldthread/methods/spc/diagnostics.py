"""How far a series is from what the rules assume: independent values with few ties and no season."""

import math

import numpy as np
from numpy.typing import NDArray

from goldthread.methods.spc.limits import Floats, mean_rows


def level(values: Floats, starts: tuple[int, ...]) -> Floats:
    """Values minus the mean of their segment, shape (rows, n); missing stays NaN."""
    out = np.empty_like(values)
    for first, last in zip(starts, (*starts[1:], values.shape[1]), strict=True):
        part = values[:, first:last]
        out[:, first:last] = part - mean_rows(part, gaps=True)[:, None] if last > first else part
    return out


@np.errstate(over="ignore", invalid="ignore")
def lag1(values: Floats, starts: tuple[int, ...] = (0,)) -> Floats:
    """Lag-1 autocorrelation of each row about the means of its segments, shape (rows,); NaN where nothing varies.

    Pairs that touch a missing value or cross into another segment are left out of the numerator (Box & Jenkins r1).
    """
    rest = level(values, starts)
    pairs = rest[:, :-1] * rest[:, 1:]
    for start in starts[1:]:
        pairs[:, start - 1] = np.nan
    spread = np.nansum(rest * rest, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 0, np.nansum(pairs, axis=1) / spread, np.nan)


def lag1_band(n: int) -> float | None:
    """How large |lag-1| gets by chance in 95 % of independent series of n values: 2/√n."""
    return 2 / math.sqrt(n) if n else None


def process_lag1(r1: Floats, n: NDArray[np.intp]) -> Floats:
    """The autocorrelation of the process that a sample's lag-1 of n values points to, between 0 and 1.

    A short series understates it by about (1 + 4φ)/n (Marriott & Pope, Biometrika 1954;41:390), which is undone here.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        phi = np.where(n > 4, (n * r1 + 1) / np.maximum(n - 4, 1), 0.0)
    return np.clip(np.nan_to_num(phi), 0.0, 1.0)


@np.errstate(over="ignore", invalid="ignore")
def ties(values: Floats, starts: tuple[int, ...] = (0,)) -> Floats:
    """Share of neighbouring pairs that are equal, shape (rows,); NaN without pairs. Ties break runs and trends."""
    step = values[:, 1:] - values[:, :-1]
    for start in starts[1:]:
        step[:, start - 1] = np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        return (step == 0).sum(axis=1) / (~np.isnan(step)).sum(axis=1)


@np.errstate(over="ignore", invalid="ignore")
def seasonal_strength(values: Floats, season: int) -> float | None:
    """Share of the variance of one series that its season explains, adjusted for chance, 0 to 1.

    values: shape (n,); season: points in a cycle (12 for months). None below two full cycles or without variation.
    """
    n = values.size
    if season < 2 or n < 2 * season:
        return None
    position = np.arange(n) % season
    there = ~np.isnan(values)
    count = np.bincount(position[there], minlength=season)
    if (count < 2).any():
        return None
    kept, at = values[there], position[there]
    means = np.bincount(at, weights=kept, minlength=season) / count
    total = ((kept - kept.mean()) ** 2).sum() / (kept.size - 1)
    left = ((kept - means[at]) ** 2).sum() / (kept.size - season)
    return max(0.0, float(1 - left / total)) if total > 0 else None
