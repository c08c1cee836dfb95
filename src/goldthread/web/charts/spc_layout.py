"""Where everything on a chart over time goes."""

import math
from dataclasses import dataclass, replace

from goldthread.web.charts import frame, words
from goldthread.web.charts.scale import Axis, Box, axis
from goldthread.web.charts.spc_inputs import Point, SpcChart, lettered, place_of

_BADGE = 22.0


@dataclass(frozen=True)
class Plot:
    """A chart laid out on its paper: `x(i)` is the middle of the i-th slot, `up.place(v)` the height of a value."""

    spec: SpcChart
    style: frame.Style
    box: Box
    up: Axis
    decimals: int
    heading: tuple[str, ...]

    @property
    def tick_labels(self) -> list[str]:
        """The values along the vertical axis, in words; blank while there are no values to place."""
        return _tick_labels(self.spec, self.up) if _held(self.spec) else [""] * len(self.up.ticks)

    @property
    def guide_decimals(self) -> int:
        """Averages and limits get one decimal more than the values, unless they are large."""
        return self.decimals + (1 if abs(self.up.high) <= 100 else 0)

    @property
    def slot(self) -> float:
        """The width each point has."""
        return self.box.width / max(1, len(self.spec.points))

    def x(self, index: float) -> float:
        """The horizontal middle of a slot; fractions lie between points."""
        return self.box.left + (index + 0.5) * self.slot


Badges = list[tuple[str, float, int]]


def lay_out(spec: SpcChart, style: frame.Style) -> tuple[Plot, Badges]:
    """The chart on its paper, and letter, place (in points) and row of each change."""
    spec = replace(spec, points=tuple(_finite(point) for point in spec.points))
    badges = _badge_rows(spec, style)
    heading = words.wrap(spec.unit, style.width - 8, style.text, most=2)
    top = style.text * (1 + 1.2 * max(1, len(heading))) + _BADGE * (max((row for _, _, row in badges), default=-1) + 1)
    return _plot(spec, style, top, heading), badges


def _finite(point: Point) -> Point:
    """Values as floats; what is not a number is missing."""
    value, centre, lower, upper = (
        float(v) if v is not None and math.isfinite(v) else None
        for v in (point.value, point.centre, point.lower, point.upper)
    )
    return replace(point, value=value, centre=centre, lower=lower, upper=upper)


def _tick_labels(spec: SpcChart, up: Axis) -> list[str]:
    return [words.amount(tick, up.decimals) + ("%" if spec.percent else "") for tick in up.ticks]


def _plot(spec: SpcChart, style: frame.Style, top: float, heading: tuple[str, ...]) -> Plot:
    held, bottom = _held(spec), top + style.plot_height
    values = [point.value for point in spec.points if point.value is not None]
    counts = bool(values) and all(value == round(value) for value in values)
    up = axis(held, bottom, top, most=style.ticks, whole=counts)
    if spec.percent and held and max(held) <= 100 < up.high:
        up = replace(up, high=100.0, ticks=tuple(tick for tick in up.ticks if tick <= 100))
    left = frame.left_margin(_tick_labels(spec, up), style.text)
    right = style.width - (style.right if _names_lines(spec) else 16)
    decimals = spec.decimals if spec.decimals is not None else words.decimals_for(values)
    return Plot(spec, style, Box(left, top, right, bottom), up, decimals, heading)


def _held(spec: SpcChart) -> list[float]:
    """Everything the vertical axis must hold."""
    drawn = [v for p in spec.points for v in (p.value, p.centre, p.lower, p.upper) if v is not None]
    return drawn + [target.value for target in spec.targets]


def _names_lines(spec: SpcChart) -> bool:
    last = spec.points[-1] if spec.points else Point()
    return bool(spec.targets) or any(value is not None for value in (last.centre, last.lower, last.upper))


def _badge_rows(spec: SpcChart, style: frame.Style) -> Badges:
    """Letter, place (in points) and row of each change; close ones stand below each other."""
    slot = (style.width - style.right - 60) / max(1, len(spec.points))
    ends: list[float] = []
    found = []
    for letter, change in lettered(spec.changes):
        place = place_of(change.at, spec.points)
        row = next((i for i, end in enumerate(ends) if (place - end) * slot >= _BADGE + 2), len(ends))
        ends[row : row + 1] = [place]
        found.append((letter, place, row))
    return found
