"""Statistical process control and run charts: values in, one drawing out. The rules are elsewhere; here nothing is judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from goldthread.web.charts import frame, marks, palette, spc_lines, svg, words
from goldthread.web.charts.scale import Axis, Box, axis
from goldthread.web.charts.spc_inputs import Change, Point, SpcChart, Target, lettered, place_of, point_label
from goldthread.web.charts.spc_words import description

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
    def slot(self) -> float:
        """The width each point has."""
        return self.box.width / max(1, len(self.spec.points))

    def x(self, index: float) -> float:
        """The horizontal middle of a slot; fractions lie between points."""
        return self.box.left + (index + 0.5) * self.slot


def spc_chart(spec: SpcChart, *, id: str, compact: bool = False) -> Markup:  # noqa: A002  (it is the HTML id)
    """Draw a measure over time: points by shape, average and limits by segment, target, changes marked A, B, C.

    Points whose limits are None show none (refused, or a run chart). `id` must be unique on the page; `compact` is the
    drawing for a phone. Raises ValueError for an unusable id or an unknown point type.
    """
    style = frame.style_for(compact)
    rows = _badge_rows(spec, style)
    plot = _lay_out(spec, style, top=style.text * 2.2 + _BADGE * (max((row for _, _, row in rows), default=-1) + 1))
    labels = [words.amount(tick, plot.up.decimals) + _suffix(spec) for tick in plot.up.ticks]
    body = [frame.heading(spec.unit, style, style.text * 1.1)]
    body += frame.vertical_axis(plot.up, plot.box, labels, style.text)
    body += [*spc_lines.band(plot), *spc_lines.change_lines(plot, rows), *spc_lines.guides(plot)]
    body += [*spc_lines.value_line(plot), *spc_lines.target_line(plot), *spc_lines.points(plot)]
    if not any(point.value is not None for point in spec.points):
        body.append(frame.nothing(plot.box, style, spec.empty_message))
    below, depth = spc_lines.horizontal_axis(plot)
    body += below
    if not compact:
        body += spc_lines.line_labels(plot)
    keyed, key_height = frame.key(_key(plot, compact), style, plot.box.bottom + depth)
    size = (style.width, plot.box.bottom + depth + key_height + 6)
    words_ = spec.description or description(spec, plot.decimals)
    return svg.figure(id, spec.title, words_, size, [*body, *keyed], kind="spc", compact=compact)


def run_chart(
    title: str,
    values: Sequence[tuple[date | str, float | None]],
    *,
    id: str,  # noqa: A002
    unit: str = "",
    median: float | None = None,
    changes: Sequence[Change] = (),
    targets: Sequence[Target] = (),
    compact: bool = False,
) -> Markup:
    """Draw a team's own measure from its first point: values in order and, once there is one, their median; no limits.

    `values` are (day, value) or (label, value), value None where nothing was counted.
    """
    drawn = tuple(
        Point(at=when, value=value, centre=median)
        if isinstance(when, date)
        else Point(label=when, value=value, centre=median)
        for when, value in values
    )
    spec = SpcChart(title, drawn, unit=unit, changes=tuple(changes), targets=tuple(targets), centre_name="Median")
    return spc_chart(spec, id=id, compact=compact)


def _suffix(spec: SpcChart) -> str:
    return "%" if spec.percent else ""


def _lay_out(spec: SpcChart, style: frame.Style, top: float) -> Plot:
    held = [v for p in spec.points for v in (p.value, p.centre, p.lower, p.upper) if v is not None]
    held += [target.value for target in spec.targets]
    bottom = top + style.plot_height
    up = axis(held, bottom, top, most=style.ticks)
    if spec.percent and held and max(held) <= 100 < up.high:
        up = replace(up, high=100.0, ticks=tuple(tick for tick in up.ticks if tick <= 100))
    labels = [words.amount(tick, up.decimals) + _suffix(spec) for tick in up.ticks]
    left = frame.left_margin(labels, style.text)
    right = style.width - (style.right if _names_lines(spec) else 16)
    values = [point.value for point in spec.points if point.value is not None]
    decimals = spec.decimals if spec.decimals is not None else words.decimals_for(values)
    return Plot(spec, style, Box(left, top, right, bottom), up, decimals)


def _names_lines(spec: SpcChart) -> bool:
    last = spec.points[-1] if spec.points else Point()
    return bool(spec.targets) or any(value is not None for value in (last.centre, last.lower, last.upper))


def _badge_rows(spec: SpcChart, style: frame.Style) -> list[tuple[str, float, int]]:
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


def _key(plot: Plot, compact: bool) -> list[frame.KeyItem]:
    """The shapes that occur and, on a phone, the lines, which have no room for labels of their own."""
    r = plot.style.radius
    drawn = [point for point in plot.spec.points if point.value is not None]
    kinds = {marks.point_type(point.type) for point in drawn}
    items = [_shape(kind, r) for kind in marks.MEANING if kind in kinds and kinds != {marks.COMMON}]
    if any(point.excluded for point in drawn):
        items.append(
            frame.KeyItem(lambda x, y: marks.point(marks.COMMON, x + 11, y, r, hollow=True), "not in the limits")
        )
    if compact:
        items += spc_lines.line_key(plot)
    return items


def _shape(kind: str, r: float) -> frame.KeyItem:
    return frame.KeyItem(lambda x, y: marks.point(kind, x + 11, y, r), marks.MEANING[kind])


__all__ = ["Change", "Plot", "Point", "SpcChart", "Target", "lettered", "point_label", "run_chart", "spc_chart"]
