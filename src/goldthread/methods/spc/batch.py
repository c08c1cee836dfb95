"""Analyse one series or many: the two functions everyone else calls."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldthread.methods.spc.group import Group
from goldthread.methods.spc.labels import DIRECTIONS
from goldthread.methods.spc.layout import FixedLimits, Layout, layout
from goldthread.methods.spc.limits import Floats
from goldthread.methods.spc.result import Series
from goldthread.methods.spc.rulesets import DEFAULT_RULE_SET


def analyse(
    values: Sequence[float | None] | Floats,
    *,
    chart: str = "xmr",
    ruleset: str = DEFAULT_RULE_SET,
    improve: str = "neutral",
    target: float | None = None,
    baseline: int | None = None,
    rebase: Iterable[int] = (),
    exclude: Iterable[int] = (),
    fixed: FixedLimits | Mapping[int, FixedLimits] | None = None,
    screen: bool | None = None,
    season: int | None = None,
) -> Series:
    """Draw the line: centre, limits, every signal and both icons of one series, with what to doubt about them.

    values: in order of time, None (or NaN) where missing. improve: `up`, `down` or `neutral`. target: the latest one.
    baseline: the first N ≥ 2 points of each segment give its limits (default all). rebase: the first point of each new
    segment, by index; nothing reaches across it. exclude: indexes left out of limits and rules; still drawn, never
    flagged. fixed: (centre, lower, upper) given instead of calculated, for all segments or by segment number.
    screen: leave out large moving ranges (default: as the rule set does). season: points in a cycle, if asked for.

    Raises ValueError for an unknown name, an index that is no point, an infinite value.
    """
    plan = layout(
        len(values),
        chart_name=chart,
        ruleset_name=ruleset,
        baseline=baseline,
        rebase=rebase,
        exclude=exclude,
        fixed=fixed,
        screen=screen,
    )
    numbers = _numbers([values], len(values))
    directions = np.array([_direction(improve)], np.int8)
    return Group(numbers, plan, directions, _targets([target]), season, gaps=_has_gaps(numbers)).series(0)


class Batch(Sequence[Series]):
    """Many analysed series. Limits, flags and labels are computed; a `Series` is built when it is asked for."""

    def __init__(self, groups: list[tuple[Group, NDArray[np.intp]]], length: int) -> None:
        self.groups = groups
        """Each group with the positions of its rows in the order given."""
        self._group = np.zeros(length, np.intp)
        self._row = np.zeros(length, np.intp)
        for number, (_, positions) in enumerate(groups):
            self._group[positions] = number
            self._row[positions] = np.arange(positions.size)

    def __len__(self) -> int:
        return int(self._group.size)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._series(at) for at in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._series(int(index) % len(self))

    def __iter__(self) -> Iterator[Series]:
        return (self._series(at) for at in range(len(self)))

    def _series(self, at: int) -> Series:
        return self.groups[self._group[at]][0].series(int(self._row[at]))

    def variation(self) -> list[str]:
        """The variation icon of every series, in order, without building the rest."""
        return [self.groups[g][0].variation(int(row)) for g, row in zip(self._group, self._row, strict=True)]

    def assurance(self) -> list[str]:
        """The assurance icon of every series, in order, without building the rest."""
        return [self.groups[g][0].assurance(int(row)) for g, row in zip(self._group, self._row, strict=True)]

    def false_icon_probability(self) -> Floats:
        """The chance of a false icon for every series, in order, shape (series,)."""
        out = np.zeros(len(self))
        for group, positions in self.groups:
            out[positions] = group.false_icon_probability
        return out


def analyse_many(
    series: Sequence[Sequence[float | None]] | Floats,
    *,
    chart: str | Sequence[str] = "xmr",
    ruleset: str | Sequence[str] = DEFAULT_RULE_SET,
    improve: str | Sequence[str] = "neutral",
    target: float | Sequence[float | None] | Floats | None = None,
    baseline: int | Sequence[int | None] | None = None,
    rebase: Sequence[int] | Sequence[Sequence[int]] = (),
    exclude: Sequence[int] | Sequence[Sequence[int]] = (),
    fixed: FixedLimits
    | Mapping[int, FixedLimits]
    | Sequence[FixedLimits | Mapping[int, FixedLimits] | None]
    | None = None,
    screen: bool | Sequence[bool | None] | None = None,
    season: int | Sequence[int | None] | None = None,
) -> Batch:
    """Analyse many series at once; every option as for `analyse`, one for all or one per series.

    A per-series `rebase` or `exclude` is a sequence of sequences. Series of one length and layout are computed
    together, so a matrix with shared options is quickest. Raises ValueError as `analyse` does.
    """
    count = len(series)
    options = {
        "chart_name": _per_series(chart, count, "chart"),
        "ruleset_name": _per_series(ruleset, count, "ruleset"),
        "baseline": _per_series(baseline, count, "baseline"),
        "rebase": _per_series_indexes(rebase, count, "rebase"),
        "exclude": _per_series_indexes(exclude, count, "exclude"),
        "fixed": _per_series(_one_fixed(fixed), count, "fixed"),
        "screen": _per_series(screen, count, "screen"),
        "season": _per_series(season, count, "season"),
    }
    improves = _per_series(improve, count, "improve")
    if isinstance(improves, str):
        directions = np.full(count, _direction(improves), np.int8)
    else:
        directions = np.fromiter((_direction(one) for one in improves), np.int8, count)
    each = _per_series(target, count, "target")
    targets = _targets(each) if isinstance(each, list) else np.repeat(_targets([each]), count)

    if isinstance(series, np.ndarray) and series.ndim == 2 and not any(isinstance(o, list) for o in options.values()):
        shared = dict(options)
        season_of_all = shared.pop("season")
        plan = layout(series.shape[1], **shared)
        matrix = np.ascontiguousarray(series, np.float64)
        group = Group(matrix, plan, directions, targets, season_of_all, gaps=_has_gaps(matrix))
        return Batch([(group, np.arange(count))], count)

    members: dict[tuple[Layout, int | None], list[int]] = {}
    known: dict[Any, tuple[Layout, int | None]] = {}
    for at in range(count):
        mine = {name: option[at] if isinstance(option, list) else option for name, option in options.items()}
        asked = (len(series[at]), repr(mine))
        if asked not in known:
            its_season = mine.pop("season")
            known[asked] = layout(len(series[at]), **mine), its_season
        members.setdefault(known[asked], []).append(at)
    groups = []
    for (plan, its_season), positions in members.items():
        where = np.array(positions, np.intp)
        numbers = _numbers([series[at] for at in positions], plan.n)
        group = Group(numbers, plan, directions[where], targets[where], its_season, gaps=_has_gaps(numbers))
        groups.append((group, where))
    return Batch(groups, count)


def _direction(improve: str) -> int:
    try:
        return DIRECTIONS[improve]
    except KeyError:
        raise ValueError(f"improve: {improve!r} is none of up, down, neutral") from None


def _numbers(rows: Sequence[Sequence[float | None] | Floats], n: int) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(len(rows), n)


def _has_gaps(values: Floats) -> bool:
    """Whether a value is missing. Raises ValueError if one is infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(np.add.reduce(values, axis=None)):
            return False
    if np.isinf(values).any():
        raise ValueError("a value is infinite; leave it out (None) where it is not known")
    return True


def _targets(targets: Sequence[float | None]) -> Floats:
    out = np.array(targets, dtype=np.float64)
    if np.isinf(out).any():
        raise ValueError("a target is infinite")
    return out


def _one_fixed(fixed: Any) -> Any:
    """A single (centre, lower, upper) as a mapping-or-tuple that is not mistaken for one option per series."""
    if isinstance(fixed, tuple) and len(fixed) == 3 and all(isinstance(part, int | float) for part in fixed):
        return _Single(fixed)
    return fixed


class _Single(tuple[float, float, float]):
    """Marks fixed limits meant for every series."""


def _per_series(option: Any, count: int, name: str) -> Any:
    """A list with one option per series, or the option itself where it is meant for all."""
    if option is None or isinstance(option, str | int | float | bool | Mapping | _Single):
        return option
    listed = list(option)
    if len(listed) != count:
        raise ValueError(f"{name}: {len(listed)} given for {count} series")
    return listed


def _per_series_indexes(option: Any, count: int, name: str) -> Any:
    listed = list(option)
    if any(isinstance(part, Sequence | set | frozenset | np.ndarray) for part in listed):
        return [tuple(part) for part in _per_series(listed, count, name)]
    return tuple(listed)
