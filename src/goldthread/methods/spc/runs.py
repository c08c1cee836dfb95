"""Anhøj rules: is the longest run about the median unusually long, or are there unusually few crossings?

Source: Anhøj & Olesen, PLoS ONE 2014;9:e113825. Critical values: longest run round(log2 n) + 3; crossings the lower
5 % quantile of the binomial distribution of n − 1 trials at one half; n counts the values not on the median.
"""

import functools
import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Runs:
    """The run tests of one series. `signal` says that at least one of the two found more than chance."""

    useful: int
    longest: int
    longest_max: int | None
    crossings: int
    crossings_min: int | None
    signal: bool
    last_side: int = 0
    """+1 if the last useful value lies above the centre, −1 below, 0 if there is none."""


@functools.cache
def longest_run_limit(useful: int) -> int:
    """The longest run that chance still explains among `useful` ≥ 1 values."""
    if useful < 1:
        raise ValueError("at least one useful value is needed")
    return round(math.log2(useful)) + 3


@functools.cache
def fewest_crossings(useful: int) -> int:
    """The fewest crossings that chance still explains: smallest k with P(crossings ≤ k) ≥ 0.05, in whole numbers."""
    if useful < 1:
        raise ValueError("at least one useful value is needed")
    trials = useful - 1
    term = total = 1
    k = 0
    while total * 20 < 1 << trials:
        k += 1
        term = term * (trials - k + 1) // k
        total += term
    return k


def runs(values: Iterable[float], centre: float) -> Runs:
    """Test a series about `centre`. values: in order, without the missing; those equal to the centre are set aside."""
    sides = [1 if value > centre else -1 for value in values if value != centre]
    lengths = [sum(1 for _ in group) for _, group in itertools.groupby(sides)]
    useful = len(sides)
    if not useful:
        return Runs(0, 0, None, 0, None, signal=False)
    longest, crossings = max(lengths), len(lengths) - 1
    most, fewest = longest_run_limit(useful), fewest_crossings(useful)
    return Runs(useful, longest, most, crossings, fewest, longest > most or crossings < fewest, sides[-1])
