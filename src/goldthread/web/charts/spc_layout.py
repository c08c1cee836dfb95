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

    @property
    def tick_labels(self) -> list[str]:
        """The values along the vertical axis, in words."""
        return _tick_labels(self.spec, self.up)

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
    top = style.text * 2.2 + _BADGE * (max((row for _, _, row in badges), default=-1) + 1)
    return _plot(spec, style, top), badges


def _finite(point: Point) -> Point:
    """Values as floats; what is not a number is missing."""
    found = {name: getattr(point, name) for name in ("value", "centre", "lower", "upper")}
    return replace(point, **{k: float(v) if v is not None and math.isfinite(v) else None for k, v in found.items()})


def _tick_labels(spec: SpcChart, up: Axis) -> list[str]:
    return [words.amount(tick, up.decimals) + ("%" if spec.percent else "") for tick in up.ticks]


def _plot(spec: SpcChart, style: frame.Style, top: float) -> Plot:
    held = [v for p in spec.points for v in (p.value, p.centre, p.lower, p.upper) if v is not None]
    held += [target.value for target in spec.targets]
    bottom = top + style.plot_height
    up = axis(held, bottom, top, most=style.ticks)
    if spec.percent and held and max(held) <= 100 < up.high:
        up = replace(up, high=100.0, ticks=tuple(tick for tick in up.ticks if tick <= 100))
    left = frame.left_margin(_tick_labels(spec, up), style.text)
    right = style.width - (style.right if _names_lines(spec) else 16)
    values = [point.value for point in spec.points if point.value is not None]
    decimals = spec.decimals if spec.decimals is not None else words.decimals_for(values)
    return Plot(spec, style, Box(left, top, right, bottom), up, decimals)


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
