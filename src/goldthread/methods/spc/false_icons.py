"""How often the latest point would be coloured though nothing changed: simulated once, looked up here.

The table was made by `python benchmarks/bench_spc.py --table` (seed, size and code stated there).
"""

import numpy as np
from numpy.typing import NDArray

from goldthread.methods.spc.false_icon_table import LENGTHS, PHIS, TABLE
from goldthread.methods.spc.limits import MINIMUM, Floats
from goldthread.methods.spc.rulesets import RuleSet
from goldthread.methods.spc.rulesets import ruleset as named


def false_icon_probability(
    n: int, lag1: float, ruleset: str, *, chart: str = "xmr", screen: bool | None = None
) -> float:
    """The chance that the latest of n values is coloured in a process that never changes.

    lag1: the autocorrelation of the process (AR(1)); below 0 counts as 0, above 0.95 as 0.95. 0 where no icon can be
    shown, because limits are refused. Between the simulated lengths and autocorrelations it is interpolated.
    Raises ValueError for an unknown rule set.
    """
    rules = named(ruleset)
    chosen = rules.screens if screen is None else screen
    return float(false_icon_probabilities(np.array([n]), np.array([lag1]), rules, chart, chosen)[0])


def false_icon_probabilities(n: NDArray[np.intp], phi: Floats, rules: RuleSet, chart: str, screen: bool) -> Floats:
    """`false_icon_probability` for many series at once, shape (series,)."""
    key = f"{rules.name}/{chart}" + ("/screened" if screen and chart == "xmr" else "")
    if key not in TABLE:
        return np.zeros(len(n))
    table = np.array(TABLE[key])
    across = _position(np.asarray(phi, np.float64), np.array(PHIS))
    along = _position(np.log(np.maximum(n, 1)), np.log(LENGTHS))
    (i, a), (j, b) = along, across
    low = table[i, j] * (1 - b) + table[i, j + 1] * b
    high = table[i + 1, j] * (1 - b) + table[i + 1, j + 1] * b
    chance = low * (1 - a) + high * a
    fewest = MINIMUM if rules.refuses and chart == "xmr" else LENGTHS[0]
    return np.where(np.asarray(n) < fewest, 0.0, chance)


def _position(at: Floats, grid: Floats) -> tuple[NDArray[np.intp], Floats]:
    """The cell of a grid that holds each value, and how far into it, 0 to 1; held at the ends."""
    held = np.clip(at, grid[0], grid[-1])
    cell = np.clip(np.searchsorted(grid, held, side="right") - 1, 0, len(grid) - 2)
    return cell, (held - grid[cell]) / (grid[cell + 1] - grid[cell])
