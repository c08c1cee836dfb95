"""What an analysis returns: frozen, in plain Python values, missing numbers as None."""

from dataclasses import dataclass

from goldthread.methods.spc.runs import Runs


@dataclass(frozen=True)
class Diagnostics:
    """How far the series is from what the rules assume.

    n: values that are neither missing nor excluded; lag1: autocorrelation of neighbours about their segments' means,
    with the band ±lag1_band that chance gives; sigma_z: overdispersion (None on charts without denominators); ties:
    share of equal neighbours; false_icon_probability: how often the latest point would be coloured though nothing
    changed; seasonal: share of variance explained by the season (None when not asked for, or under two cycles).
    """

    n: int
    lag1: float | None
    lag1_band: float | None
    sigma_z: float | None
    ties: float | None
    false_icon_probability: float
    seasonal: float | None = None


@dataclass(frozen=True)
class Series:
    """One analysed series: a tuple per point, then what the whole series says.

    Tuples have one entry per point, in the order given. centre, lower and upper are None where there are none (a run
    chart, refused limits). segment counts from 0. flags holds every rule that applies, label the one shown, type what
    it means. `limits`, `refused_because`, `variation` and `assurance` speak of the last segment. `icon_at` is the index
    of the point that the variation icon is about: the last that is neither missing nor excluded.
    """

    n: int
    values: tuple[float | None, ...]
    centre: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    segment: tuple[int, ...]
    label: tuple[str, ...]
    flags: tuple[tuple[str, ...], ...]
    type: tuple[str, ...]
    limits: str
    refused_because: str | None
    variation: str
    assurance: str
    diagnostics: Diagnostics
    run: Runs
    warnings: tuple[str, ...]
    ruleset: str
    chart: str
    improve: str
    target: float | None
    screened: bool
    icon_at: int | None
