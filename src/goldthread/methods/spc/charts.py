"""The kinds of chart: how each finds its centre and limits. A new kind is one entry here."""

from collections.abc import Callable
from dataclasses import dataclass

from goldthread.methods.spc.limits import Floats, SegmentLimits, run_limits, xmr_limits
from goldthread.methods.spc.rulesets import RuleSet


@dataclass(frozen=True)
class Chart:
    """One kind of chart."""

    name: str
    title: str
    limits: Callable[[Floats, Floats, RuleSet, bool, bool], SegmentLimits]
    """Baseline values (rows, n; NaN missing), their moving ranges (rows, n − 1), rule set, screen?, any missing? → centre and limits."""
    has_limits: bool
    """Without limits there is nothing to refuse, and the rules that need limits do not apply."""


_CHARTS = {
    chart.name: chart
    for chart in (
        Chart("xmr", "XmR chart of single values", xmr_limits, has_limits=True),
        Chart("run", "run chart about the median", run_limits, has_limits=False),
    )
}


def chart_names() -> tuple[str, ...]:
    """The names of the charts that can be asked for."""
    return tuple(_CHARTS)


def chart(name: str) -> Chart:
    """The chart of that name. Raises ValueError naming those there are."""
    try:
        return _CHARTS[name]
    except KeyError:
        raise ValueError(f"no chart {name!r}; there are: {', '.join(_CHARTS)}") from None
