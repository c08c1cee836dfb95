"""Statistical process control and run charts: values in, one drawing out. Nothing is judged here, only shown."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from goldthread.web.charts import frame, marks, spc_lines, svg
from goldthread.web.charts.spc_inputs import Change, Point, SpcChart, Target
from goldthread.web.charts.spc_layout import Plot, lay_out
from goldthread.web.charts.spc_words import description


def spc_chart(spec: SpcChart, *, id: str, compact: bool = False) -> Markup:
    """Draw a measure over time: points by shape, average and limits by segment, target, changes marked A, B, C.

    Points whose limits are None show none (refused, or a run chart). `id` must be unique on the page; `compact` is the
    drawing for a phone. Raises ValueError for an unusable id or an unknown point type.
    """
    plot, rows = lay_out(spec, frame.style_for(compact))
    spec, style = plot.spec, plot.style
    labels = plot.tick_labels
    body = frame.heading(plot.heading, style)
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
    id: str,
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
