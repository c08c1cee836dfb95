"""How long until something happens, counting what is still open: Kaplan-Meier and Aalen-Johansen.

A median of the answered cases makes a backlog look good, because the slow ones are missing from it. Here a case that
is still open counts for as long as it has been open. At equal times, events count before cases that were still open.
Source for both: Andersen, Borgan, Gill and Keiding, Statistical Models Based on Counting Processes (1993), ch. IV.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from goldthread.methods.proportions import clopper_pearson, normal_quantile

Cause = int | str
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Share:
    """The probability (0 to 1) that it has happened by `time`, its interval, and how many were still followed."""

    time: float
    value: float
    lower: float
    upper: float
    at_risk: int
    level: float


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve. Tuples are parallel: one entry per distinct time at which something happened, ascending.

    `survival` is the share still waiting just after each time; `variance` is Greenwood's; `lower` and `upper` bound
    survival. `durations` are all waiting times, sorted, in the unit given; `open_times` those of cases still open.
    """

    times: tuple[float, ...]
    survival: tuple[float, ...]
    variance: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    durations: tuple[float, ...]
    open_times: tuple[float, ...]
    level: float

    @property
    def n(self) -> int:
        """All cases, open ones included."""
        return len(self.durations)

    @property
    def n_open(self) -> int:
        """Cases still open: say this number beside every waiting time."""
        return len(self.open_times)

    @property
    def median(self) -> float | None:
        """The time by which half of all cases have been answered; None when the curve has not come that far."""
        return self.quantile(0.5)

    @property
    def median_interval(self) -> tuple[float | None, float | None]:
        """Interval for the median by inverting the bands (Brookmeyer and Crowley 1982); None at an end not reached."""
        return _first_below(self.times, self.lower, 0.5), _first_below(self.times, self.upper, 0.5)

    def quantile(self, share: float) -> float | None:
        """The first time by which at least `share` (0 to 1, exclusive) have been answered; None when not reached."""
        if not 0.0 < share < 1.0:
            raise ValueError(f"share must lie between 0 and 1, not {share}")
        return _first_below(self.times, self.survival, 1 - share)

    def still_followed(self, time: float) -> int:
        """How many cases were neither answered nor lost to view just before `time`."""
        return self.n - bisect_left(self.durations, time)

    def by(self, time: float) -> Share | None:
        """The probability that it has happened by `time`; None when nobody has been followed that long.

        Before the first event the estimate is 0, and its upper end the exact binomial bound for those still followed.
        Raises ValueError when `time` is negative or not a number.
        """
        _check_time(time)
        if time > self.durations[-1] and self.survival[-1:] != (0.0,):
            return None
        followed = self.still_followed(time)
        step = bisect_right(self.times, time) - 1
        if step < 0:
            return Share(time, 0.0, 0.0, clopper_pearson(0, followed, self.level).upper, followed, self.level)
        value, low, high = 1 - self.survival[step], 1 - self.upper[step], 1 - self.lower[step]
        return Share(time, value, low, high, followed, self.level)


@dataclass(frozen=True)
class Outcomes:
    """Aalen-Johansen curves of outcomes that exclude each other. Tuples are parallel to `times`; keys are causes.

    At every time the incidences of all causes and `survival` (still open) add up to 1.
    """

    times: tuple[float, ...]
    survival: tuple[float, ...]
    incidence: Mapping[Cause, tuple[float, ...]]
    variance: Mapping[Cause, tuple[float, ...]]
    lower: Mapping[Cause, tuple[float, ...]]
    upper: Mapping[Cause, tuple[float, ...]]
    at_risk: tuple[int, ...]
    durations: tuple[float, ...]
    n_open: int
    level: float

    @property
    def n(self) -> int:
        """All cases, open ones included."""
        return len(self.durations)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The outcomes, numbers before names, each ascending."""
        return tuple(self.incidence)

    def at(self, cause: Cause, time: float) -> Share | None:
        """The probability that a case has ended by `time` and in this way; None when nobody was followed that long.

        Raises KeyError for an unknown cause, ValueError when `time` is negative or not a number.
        """
        if cause not in self.incidence:
            raise KeyError(f"no such outcome: {cause!r}; there are {', '.join(map(str, self.causes)) or 'none'}")
        _check_time(time)
        if time > self.durations[-1] and self.survival[-1:] != (0.0,):
            return None
        followed = self.n - bisect_left(self.durations, time)
        step = bisect_right(self.times, time) - 1
        if step < 0:
            return Share(time, 0.0, 0.0, clopper_pearson(0, followed, self.level).upper, followed, self.level)
        value, low, high = (part[cause][step] for part in (self.incidence, self.lower, self.upper))
        return Share(time, value, low, high, followed, self.level)


def kaplan_meier(times: Sequence[float], observed: Sequence[bool], level: float = 0.95) -> Curve:
    """Say how long cases wait, counting the open ones for as long as they have waited.

    `times`: waiting times, n values >= 0 in any one unit; `observed`: n flags, False = still open.
    Greenwood variance; intervals on the log(-log) scale, which stay between 0 and 1. Where that scale has no value
    (everything answered) the upper end is carried on from the step before, or is the exact binomial one.
    Raises ValueError for no cases, unequal lengths, negative or non-finite times, a level outside 0 to 1.
    Source: Kaplan and Meier 1958; Greenwood 1926; Kalbfleisch and Prentice 1980.
    """
    waited = _durations(times, len(observed))
    happened = np.array([bool(flag) for flag in observed], dtype=bool)
    z = normal_quantile(level)
    at, counts = np.unique(waited[happened], return_counts=True)
    ordered = np.sort(waited)
    risk = len(ordered) - np.searchsorted(ordered, at, side="left")
    survival = _product(risk, counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard_variance = np.cumsum(counts / (risk * (risk - counts)))
        variance = np.where(survival > 0, survival**2 * hazard_variance, 0.0)
    lower, upper = _log_log(survival, variance, z)
    for step in np.flatnonzero(survival == 0):
        lower[step] = 0.0
        upper[step] = upper[step - 1] if step else clopper_pearson(0, int(risk[step]), level).upper
    return Curve(
        times=_floats(at),
        survival=_floats(survival),
        variance=_floats(variance),
        lower=_floats(lower),
        upper=_floats(upper),
        at_risk=tuple(int(r) for r in risk),
        events=tuple(int(c) for c in counts),
        durations=_floats(ordered),
        open_times=_floats(np.sort(waited[~happened])),
        level=level,
    )


def aalen_johansen(
    times: Sequence[float], causes: Sequence[Cause | None], *, known: Iterable[Cause] = (), level: float = 0.95
) -> Outcomes:
    """Say how likely each way of ending is by each time, when a case can end in one way only.

    `times`: n waiting times >= 0 in any one unit; `causes`: how each ended, 0 or None = still open; `known`: outcomes
    to report even if none happened. One minus Kaplan-Meier per cause would overstate every one of them.
    Variance by the delta method; intervals on the log(-log) scale. Ties between causes need no jitter.
    Raises ValueError for no cases, unequal lengths, negative or non-finite times, a level outside 0 to 1.
    Source: Aalen and Johansen 1978; variance as in Collett 2015, Modelling Survival Data, 3rd ed., p. 411.
    """
    waited = _durations(times, len(causes))
    z = normal_quantile(level)
    ended = [None if cause is None or cause == 0 else cause for cause in causes]
    names = sorted({*known, *(c for c in ended if c is not None)}, key=lambda c: (isinstance(c, str), c))
    at = np.unique(waited[[cause is not None for cause in ended]])
    ordered = np.sort(waited)
    risk = len(ordered) - np.searchsorted(ordered, at, side="left")
    counts = {name: _count_at(at, waited[[cause == name for cause in ended]]) for name in names}
    total = sum(counts.values(), start=np.zeros(len(at)))
    survival = _product(risk, total)
    before = np.concatenate(([1.0], survival[:-1])) if len(at) else survival
    incidence, variance, lower, upper = {}, {}, {}, {}
    for name in names:
        rise = np.cumsum(before * counts[name] / risk)
        rise[rise > 1 - 1e-12] = 1.0  # rounding must not leave a hair of doubt, nor more than everyone
        spread = _incidence_variance(rise, before, risk, counts[name], total)
        low, high = _incidence_bands(rise, spread, risk, z, level)
        incidence[name], variance[name] = _floats(rise), _floats(spread)
        lower[name], upper[name] = _floats(low), _floats(high)
    return Outcomes(
        times=_floats(at),
        survival=_floats(survival),
        incidence=MappingProxyType(incidence),
        variance=MappingProxyType(variance),
        lower=MappingProxyType(lower),
        upper=MappingProxyType(upper),
        at_risk=tuple(int(r) for r in risk),
        durations=_floats(ordered),
        n_open=sum(cause is None for cause in ended),
        level=level,
    )


def _durations(times: Sequence[float], expected: int) -> Floats:
    waited = np.asarray([float(time) for time in times], dtype=np.float64)
    if len(waited) != expected:
        raise ValueError(f"{len(waited)} waiting times but {expected} outcomes: one of each per case")
    if not len(waited):
        raise ValueError("no cases: a waiting time needs at least one")
    if not np.isfinite(waited).all():
        raise ValueError("a waiting time is missing or infinite: leave the case out, or mark it as still open")
    if (waited < 0).any():
        raise ValueError(f"a waiting time is negative ({waited.min():g}): the end lies before the start")
    return waited


def _check_time(time: float) -> None:
    if not time >= 0 or math.isinf(time):
        raise ValueError(f"the time must be a number from 0 upwards, not {time}")


def _product(risk: npt.NDArray, counts: npt.NDArray) -> Floats:
    """The product limit; exactly 0 once nobody is left."""
    return np.asarray(np.cumprod(np.where(risk == counts, 0.0, 1 - counts / np.maximum(risk, 1))), dtype=np.float64)


def _count_at(at: Floats, ended: Floats) -> Floats:
    return np.bincount(np.searchsorted(at, ended), minlength=len(at)).astype(np.float64)


def _log_log(share: Floats, variance: Floats, z: float) -> tuple[Floats, Floats]:
    """Bands of a share on the log(-log) scale; not a number where the share is 0 or 1."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        spread = z * np.sqrt(variance) / (share * np.abs(np.log(share)))
        return share ** np.exp(spread), share ** np.exp(-spread)


def _incidence_variance(rise: Floats, before: Floats, risk: npt.NDArray, own: Floats, total: Floats) -> Floats:
    """Var F(t) = sum of (F(t)-F(u))^2 d/(n(n-d)) + S(u-)^2 o(n-o)/n^3 - 2(F(t)-F(u)) S(u-) o/n^2, by running sums."""
    with np.errstate(divide="ignore", invalid="ignore"):
        # Where everyone left at once the first weight is infinite, but nothing rises afterwards: its term is 0.
        all_ways = np.where(risk > total, total / (risk * (risk - total)), 0.0)
    shared = before * own / risk**2
    first = rise**2 * np.cumsum(all_ways) - 2 * rise * np.cumsum(all_ways * rise) + np.cumsum(all_ways * rise**2)
    second = np.cumsum(before**2 * own * (risk - own) / risk.astype(np.float64) ** 3)
    third = rise * np.cumsum(shared) - np.cumsum(shared * rise)
    return np.maximum(first + second - 2 * third, 0.0)


def _incidence_bands(
    rise: Floats, variance: Floats, risk: npt.NDArray, z: float, level: float
) -> tuple[Floats, Floats]:
    lower, upper = _log_log(rise, variance, z)
    for step, value in enumerate(rise):
        if value == 0:
            lower[step], upper[step] = 0.0, clopper_pearson(0, int(risk[step]), level).upper
        elif value >= 1:
            lower[step] = lower[step - 1] if step else clopper_pearson(int(risk[0]), int(risk[0]), level).lower
            upper[step] = 1.0
    return lower, upper


def _first_below(times: tuple[float, ...], shares: tuple[float, ...], level: float) -> float | None:
    # The tolerance keeps a product such as 0.8 x 0.625 from missing an exact half.
    return next((time for time, share in zip(times, shares, strict=True) if share <= level + 1e-12), None)


def _floats(values: npt.NDArray) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
