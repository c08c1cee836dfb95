"""Many series of one layout: computed at once, read out one at a time."""

import functools

import numpy as np
from numpy.typing import NDArray

from goldthread.methods.spc import diagnostics
from goldthread.methods.spc.false_icons import false_icon_probabilities
from goldthread.methods.spc.kernel import Computed, compute
from goldthread.methods.spc.labels import LABELS, names_of, type_of, variation_of
from goldthread.methods.spc.layout import Layout
from goldthread.methods.spc.limits import Floats, mean_moving_ranges, medians
from goldthread.methods.spc.notices import plain, state_of_limits, warnings_for
from goldthread.methods.spc.result import Diagnostics, Series
from goldthread.methods.spc.runs import Runs, runs
from goldthread.methods.spc.verdict import assurance

_IMPROVE = {-1: "down", 0: "neutral", 1: "up"}


class Group:
    """Equal-length series as rows, with one layout, a direction and a target each."""

    def __init__(
        self,
        values: Floats,
        layout: Layout,
        directions: NDArray[np.int8],
        targets: Floats,
        season: int | None = None,
        *,
        gaps: bool = True,
    ) -> None:
        self.layout = layout
        self.given = values
        self.directions = directions
        self.targets = targets
        self.season = season
        if layout.exclude:
            self.used = values.copy()
            self.used[:, list(layout.exclude)] = np.nan
        else:
            self.used = values
        with np.errstate(over="ignore", invalid="ignore"):  # values near the largest number there is
            self.computed: Computed = compute(self.used, directions, layout, gaps or bool(layout.exclude))

    def __len__(self) -> int:
        return len(self.given)

    @functools.cached_property
    def counts(self) -> NDArray[np.intp]:
        """Values in each row and segment, neither missing nor excluded, shape (rows, segments)."""
        there = ~np.isnan(self.used)
        return np.stack([there[:, first:last].sum(axis=1) for first, last in self.layout.bounds], axis=1)

    @functools.cached_property
    def lag1(self) -> Floats:
        """Lag-1 autocorrelation of each row, shape (rows,)."""
        return diagnostics.lag1(self.used, self.layout.starts)

    @functools.cached_property
    def ties(self) -> Floats:
        """Share of equal neighbours in each row, shape (rows,)."""
        return diagnostics.ties(self.used, self.layout.starts)

    @functools.cached_property
    def icon_at(self) -> NDArray[np.intp]:
        """Index of the point the icon is about, −1 where there is none, shape (rows,)."""
        there = ~np.isnan(self.used)
        return np.max(np.where(there, np.arange(self.layout.n), -1), axis=1, initial=-1)

    @functools.cached_property
    def false_icon_probability(self) -> Floats:
        """Expected share of false icons for each row, shape (rows,); 0 where no icon can be shown."""
        counts = self.counts[:, -1]
        phi = diagnostics.process_lag1(self.lag1, self.counts.sum(axis=1))
        chance = false_icon_probabilities(counts, phi, self.layout.rules, self.layout.chart.name, self.layout.screen)
        if self.layout.rules.refuses:
            chance = np.where(self.computed.refused[:, -1] > 0, 0.0, chance)
        return chance

    def runs(self, row: int) -> Runs:
        """The run tests on the last segment: about the centre drawn on a run chart, else about its own median."""
        first, last = self.layout.bounds[-1]
        part = self.used[row, first:last]
        part = part[~np.isnan(part)]
        if not part.size:
            return runs((), 0.0)
        if self.layout.chart.has_limits:
            centre = float(medians(part[None, :])[0])
        else:
            centre = float(self.computed.centre[row, -1])
        return runs(part.tolist(), centre)

    def variation(self, row: int) -> str:
        """The variation icon of one row."""
        direction, at = int(self.directions[row]), int(self.icon_at[row])
        label = int(self.computed.labels[row, at]) if at >= 0 else 0
        if label == 0 and self.layout.rules.judges_runs:
            found = self.runs(row)
            if found.signal and found.last_side:
                label = LABELS.index("shift_above" if found.last_side > 0 else "shift_below")
        return variation_of(label, direction)

    def assurance(self, row: int) -> str:
        """The assurance icon of one row."""
        out, target = self.computed, plain(self.targets[row])
        limits = float(out.centre[row, -1]), float(out.lower[row, -1]), float(out.upper[row, -1])
        return assurance(
            self.layout.rules,
            int(self.directions[row]),
            target,
            limits if self.layout.chart.has_limits else None,
            int(out.refused[row, -1]),
        )

    @np.errstate(over="ignore", invalid="ignore")
    def series(self, row: int) -> Series:
        """Everything about one row, in plain Python values."""
        layout, out = self.layout, self.computed
        direction, at = int(self.directions[row]), int(self.icon_at[row])
        labels = out.labels[row].tolist()
        segment = layout.segment.tolist()
        centre, lower, upper = (
            [plain(number) for number in column[row].tolist()] for column in (out.centre, out.lower, out.upper)
        )
        counts = self.counts[row].tolist()
        limits, because = state_of_limits(layout, int(out.refused[row, -1]), counts[-1])
        types = [type_of(code, direction) for code in range(len(LABELS))]
        return Series(
            n=layout.n,
            values=tuple(plain(value) for value in self.given[row].tolist()),
            centre=tuple(centre[k] for k in segment),
            lower=tuple(lower[k] for k in segment),
            upper=tuple(upper[k] for k in segment),
            segment=tuple(segment),
            label=tuple(LABELS[code] for code in labels),
            flags=tuple(names_of(byte) for byte in out.flags[row].tolist()),
            type=tuple(types[code] for code in labels),
            limits=limits,
            refused_because=because,
            variation=self.variation(row),
            assurance=self.assurance(row),
            diagnostics=self._diagnostics(row, sum(counts)),
            run=self.runs(row),
            warnings=self._warnings(row, counts),
            ruleset=layout.rules.name,
            chart=layout.chart.name,
            improve=_IMPROVE[direction],
            target=plain(self.targets[row]),
            screened=layout.screen,
            icon_at=at if at >= 0 else None,
        )

    def _diagnostics(self, row: int, n: int) -> Diagnostics:
        return Diagnostics(
            n=n,
            lag1=plain(self.lag1[row]),
            lag1_band=diagnostics.lag1_band(n),
            sigma_z=None,
            ties=plain(self.ties[row]),
            false_icon_probability=float(self.false_icon_probability[row]),
            seasonal=diagnostics.seasonal_strength(self.used[row], self.season) if self.season else None,
        )

    def _warnings(self, row: int, counts: list[int]) -> tuple[str, ...]:
        layout, used = self.layout, self.used[row]
        bases = [
            int(
                (~np.isnan(used[first : last if layout.baseline is None else min(last, first + layout.baseline)])).sum()
            )
            for first, last in layout.bounds
        ]
        at = int(self.icon_at[row])
        return warnings_for(
            layout,
            counts=counts,
            bases=bases,
            refused=self.computed.refused[row].tolist(),
            screening_moves=self._screening_moves(row),
            missing=int(np.isnan(self.given[row]).sum()),
            trailing=layout.n - 1 - at if at >= 0 else 0,
            lag1=plain(self.lag1[row]),
        )

    def _screening_moves(self, row: int) -> bool:
        """Whether screening, where it is off, would narrow the last segment's limits by more than a tenth."""
        layout = self.layout
        if layout.screen or not layout.chart.has_limits or self.computed.refused[row, -1] or layout.fixed:
            return False
        first, last = layout.bounds[-1]
        end = last if layout.baseline is None else min(last, first + layout.baseline)
        moving = np.abs(np.diff(self.used[row : row + 1, first:end]))
        before, after = mean_moving_ranges(moving, layout.rules.screen_factor, gaps=True, need_screened=True)
        return bool(after[0] < 0.9 * before[0])
