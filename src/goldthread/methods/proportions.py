"""Intervals for a share: how far "14 of 19" may be from the truth. Standard library only."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

_SMALLEST = 1e-300


@dataclass(frozen=True)
class Proportion:
    """A share with its numerator, denominator and interval; all shares between 0 and 1."""

    k: int
    n: int
    lower: float
    upper: float
    level: float
    method: str

    @property
    def value(self) -> float:
        """The observed share, k / n."""
        return self.k / self.n


def normal_quantile(level: float) -> float:
    """How many standard errors either side hold `level` of a normal distribution: 1.96 for 0.95.

    Raises ValueError unless 0 < level < 1.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(k: int, n: int, level: float = 0.95) -> Proportion:
    """Say how far an observed share may be from the truth; good at every n, and never outside 0 to 1.

    `k` of `n` did; the result holds shares (0 to 1). The interval to show beside a percentage.
    Raises ValueError when n is not positive, k is not between 0 and n, or level is not between 0 and 1.
    Source: Wilson 1927; method 3 of Newcombe, Statistics in Medicine 17 (1998) 857-872.
    """
    _check(k, n)
    z = normal_quantile(level)
    share = k / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    lower = 0.0 if k == 0 else max(0.0, middle - half)
    upper = 1.0 if k == n else min(1.0, middle + half)
    return Proportion(k, n, lower, upper, level, "Wilson")


def clopper_pearson(k: int, n: int, level: float = 0.95) -> Proportion:
    """Bound a share so that the truth is inside at least `level` of the time, however few were asked.

    The exact interval: wider than Wilson's, for claims that must not be overstated ("0 of 10 moved: up to 31%").
    `k` of `n` did; shares are 0 to 1. Raises ValueError as `wilson` does.
    Source: Clopper and Pearson, Biometrika 26 (1934) 404-413; solved by bisection on the binomial tail.
    """
    _check(k, n)
    normal_quantile(level)
    tail = (1 - level) / 2
    lower = 0.0 if k == 0 else _bisect(lambda p: _at_least(k, n, p) - tail)
    upper = 1.0 if k == n else _bisect(lambda p: _at_least(k + 1, n, p) - (1 - tail))
    return Proportion(k, n, lower, upper, level, "Clopper-Pearson")


def _check(k: int, n: int) -> None:
    if n < 1:
        raise ValueError(f"a share needs at least one in the denominator, not {n}")
    if not 0 <= k <= n:
        raise ValueError(f"the numerator must lie between 0 and {n}, not {k}")


def _bisect(rising: Callable[[float], float]) -> float:
    """Where a rising function on 0..1 crosses zero, to the last bit that matters."""
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def _at_least(k: int, n: int, p: float) -> float:
    """P(X >= k) for X ~ Binomial(n, p), 1 <= k <= n: the regularised incomplete beta function I_p(k, n - k + 1)."""
    if p <= 0.0:
        return 0.0
    if p >= 1.0:
        return 1.0
    a, b = float(k), float(n - k + 1)
    weight = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(p) + b * math.log1p(-p)
    # The continued fraction converges quickly only on its own side of the mean; the other side is the complement.
    if p < (a + 1) / (a + b + 2):
        return math.exp(weight) * _fraction(a, b, p) / a
    return 1 - math.exp(weight) * _fraction(b, a, 1 - p) / b


def _fraction(a: float, b: float, x: float) -> float:
    """Lentz's evaluation of the continued fraction of the incomplete beta function (DLMF 8.17.22)."""
    c, d = 1.0, _inverse(1 - (a + b) * x / (a + 1))
    total = d
    for m in range(1, 20_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = _inverse(1 + even * d), _not_zero(1 + even / c)
        total *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = _inverse(1 + odd * d), _not_zero(1 + odd / c)
        total *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return total


def _not_zero(value: float) -> float:
    return value if abs(value) > _SMALLEST else _SMALLEST


def _inverse(value: float) -> float:
    return 1 / _not_zero(value)
