"""The lines and marks of a chart over time, each a list of elements in its place."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from goldthread.web.charts import frame, marks, palette, svg, words
from goldthread.web.charts.scale import every, spread
from goldthread.web.charts.spc_inputs import Point, is_monthly, place_of, point_label
from goldthread.web.charts.spc_layout import Badges, Plot

_LIMIT_DASH, _TARGET_DASH, _CHANGE_DASH = "6 4", "14 4 3 4", "2 3"
_TITLED = 200


def runs(points: Sequence[Point], value: Callable[[Point], float | None]) -> Iterator[list[tuple[int, float]]]:
    """Unbroken stretches of a line: a missing value or a new segment ends one."""
    stretch = 0
    keyed: list[tuple[int, int, float]] = []
    for index, point in enumerate(points):
        found = value(point)
        if index and (found is None or points[index - 1].segment != point.segment):
            stretch += 1
        if found is not None:
            keyed.append((stretch, index, found))
    for _, group in groupby(keyed, key=lambda item: item[0]):
        yield [(index, found) for _, index, found in group]


def value_line(plot: Plot) -> list[Markup]:
    """The line through the points, broken where a value is missing and at a new segment."""
    width = 1.75 if plot.slot > 6 else 1.1
    return [
        svg.path(((plot.x(i), plot.up.place(v)) for i, v in run), palette.GREY, width, class_="gt-values")
        for run in runs(plot.spec.points, lambda point: point.value)
        if len(run) > 1
    ]


def guides(plot: Plot) -> list[Markup]:
    """Centre and limits, each its own stretch per segment; stepped where they differ from point to point."""
    points = plot.spec.points
    parts = [svg.path(_steps(plot, r), palette.TEXT, 1.5, class_="gt-centre") for r in runs(points, lambda p: p.centre)]
    for side in ("lower", "upper"):
        for run in runs(points, lambda point, side=side: getattr(point, side)):  # type: ignore[misc]
            parts.append(svg.path(_steps(plot, run), palette.GREY, 1.5, _LIMIT_DASH, class_="gt-limit"))
    return parts


def band(plot: Plot) -> list[Markup]:
    """A faint ground between the limits: where values are expected."""
    parts = []
    for run in runs(plot.spec.points, lambda p: p.upper if p.lower is not None else None):
        above = list(_steps(plot, run))
        below = list(_steps(plot, [(i, plot.spec.points[i].lower or 0.0) for i, _ in run]))
        shape = svg.polyline([*above, *reversed(below)]) + " Z"
        parts.append(svg.element("path", d=shape, fill=palette.BAND, class_="gt-band"))
    return parts


def target_line(plot: Plot) -> list[Markup]:
    """The target as it stood at each time."""
    found = sorted((place_of(t.start, plot.spec.points), t.value) for t in plot.spec.targets)
    end = len(plot.spec.points) - 0.5
    parts = []
    for index, (start, value) in enumerate(found):
        until = found[index + 1][0] if index + 1 < len(found) else end
        # A target that starts on a point holds for the whole of its period.
        left, right = (plot.x(max(-0.5, place - 0.5 if place % 1 == 0 else place)) for place in (start, until))
        y = plot.up.place(value)
        if right > left:
            parts.append(svg.path([(left, y), (right, y)], palette.TARGET, 2, _TARGET_DASH, class_="gt-target"))
    return parts


def points(plot: Plot) -> list[Markup]:
    """The points by shape; common ones shrink when there are many, special ones never below what can be seen."""
    common = max(1.4, min(plot.style.radius * 0.82, plot.slot * 0.34))
    special = max(3.6, min(plot.style.radius, plot.slot * 0.5))
    monthly = is_monthly(plot.spec.points)
    drawn = [(i, p, marks.point_type(p.type)) for i, p in enumerate(plot.spec.points) if p.value is not None]
    drawn.sort(key=lambda item: (item[2] != marks.COMMON, item[0]))
    parts = []
    for index, point, kind in drawn:
        assert point.value is not None  # noqa: S101  (filtered above; for the type checker)
        title = _title(plot, point, kind, monthly) if len(drawn) <= _TITLED else None
        r = special if kind != marks.COMMON or point.excluded else common
        place = plot.x(index), plot.up.place(point.value)
        parts.append(marks.point(kind, *place, r, hollow=point.excluded, title=title))
    return parts


def change_lines(plot: Plot, rows: Badges) -> list[Markup]:
    """A dotted line from each letter down to the axis."""
    parts = []
    size = plot.style.text
    for letter, place, row in rows:
        x, y = plot.x(place), size * (0.3 + 1.2 * max(1, len(plot.heading))) + 11 + row * 22
        parts.append(svg.line(x, y + 10, x, plot.box.bottom, palette.CHANGE, 1.5, _CHANGE_DASH))
        parts.append(marks.circle(x, y, 10, palette.CHANGE, palette.CHANGE, class_="gt-change"))
        fitted = size - 2 if len(letter) < 2 else size - 4
        parts.append(svg.text(x, y + fitted * 0.35, letter[:2], fitted, fill=palette.PAPER, anchor="middle", bold=True))
    return parts


def horizontal_axis(plot: Plot) -> tuple[list[Markup], float]:
    """Sparse labels under the points, the year only where it changes; the height they take."""
    monthly, size = is_monthly(plot.spec.points), plot.style.text
    tiers = [_tiers(point, monthly) for point in plot.spec.points]
    widest = max((words.width(part, size) for pair in tiers for part in pair), default=0)
    parts: list[Markup] = []
    year = ""
    for index in every(len(tiers), plot.box.width, min(widest, plot.box.width / 3) + 16):
        x, y = plot.x(index), plot.box.bottom
        parts.append(svg.line(x, y, x, y + 5, palette.GREY))
        upper, lower = (words.clip(part, plot.box.width / 2, size) for part in tiers[index])
        shown = [(upper, 1.5), (lower, 2.7)] if lower != year else [(upper, 1.5)]
        year = lower
        longest = max((label for label, _ in shown), key=lambda label: words.width(label, size))
        anchor = frame.edge_anchor(x, longest, size, 0, plot.style.width)
        for label, down in shown:
            parts.append(svg.text(x, y + size * down, label, size, fill=palette.QUIET, anchor=anchor))
    return parts, size * (3.2 if any(lower for _, lower in tiers) else 2.0) + 6


def line_labels(plot: Plot) -> list[Markup]:
    """The names and values of the lines, at their right ends and out of each other's way."""
    named = [(plot.up.place(value), f"{name} {shown}", colour) for name, value, shown, colour in _named(plot)]
    size = plot.style.text
    ys = spread([y for y, _, _ in named], size * 1.25, plot.box.top, plot.box.bottom)
    room = plot.style.width - plot.box.right - 12
    return [
        svg.text(plot.box.right + 10, y + size * 0.35, words.clip(label, room, size), size, fill=colour)
        for y, (_, label, colour) in zip(ys, named, strict=True)
    ]


def line_key(plot: Plot) -> list[frame.KeyItem]:
    """The same lines as entries of a key."""
    found = {name: shown for name, _, shown, _ in _named(plot)}
    items = []
    if (centre := found.get(plot.spec.centre_name)) is not None:
        label = f"{plot.spec.centre_name.lower()} {centre}"
        items.append(frame.KeyItem(frame.line_sample(palette.TEXT, 1.5, None), label))
    if "Lower limit" in found and "Upper limit" in found:
        label = f"limits {found['Lower limit']} to {found['Upper limit']}"
        items.append(frame.KeyItem(frame.line_sample(palette.GREY, 1.5, _LIMIT_DASH), label))
    if (target := found.get(plot.spec.target_name)) is not None:
        label = f"{plot.spec.target_name.lower()} {target}"
        items.append(frame.KeyItem(frame.line_sample(palette.TARGET, 2, _TARGET_DASH), label))
    return items


def _named(plot: Plot) -> list[tuple[str, float, str, str]]:
    """Name, value, value in words and text colour of each line that reaches the right edge."""
    spec = plot.spec
    last = spec.points[-1] if spec.points else Point()
    target = spec.targets[-1].value if spec.targets else None
    if last.lower == last.upper:
        last = Point(centre=last.centre)  # No variation: two limits on the average say nothing.
    lines = [
        (spec.target_name, target, palette.TARGET, plot.decimals),
        ("Upper limit", last.upper, palette.QUIET, plot.guide_decimals),
        (spec.centre_name, last.centre, palette.TEXT, plot.guide_decimals),
        ("Lower limit", last.lower, palette.QUIET, plot.guide_decimals),
    ]
    suffix = "%" if spec.percent else ""
    return [(name, v, words.amount(v, places) + suffix, colour) for name, v, colour, places in lines if v is not None]


def _steps(plot: Plot, run: Sequence[tuple[int, float]]) -> Iterator[tuple[float, float]]:
    """From the left edge of the first slot to the right edge of the last, a step at each change of value."""
    half = plot.slot / 2
    for index, value in run:
        y = plot.up.place(value)
        yield plot.x(index) - half, y
        yield plot.x(index) + half, y


def _tiers(point: Point, monthly: bool) -> tuple[str, str]:
    """Two lines of a date label: Oct over 2025; a label of the caller's stands alone."""
    if point.label or point.at is None:
        return point.label, ""
    above, _, year = point_label(point, monthly).rpartition(" ")
    return above, year


def _title(plot: Plot, point: Point, kind: str, monthly: bool) -> Markup:
    shown = words.amount(point.value or 0.0, plot.decimals) + ("%" if plot.spec.percent else "")
    meaning = "" if kind == marks.COMMON else f" – {marks.MEANING[kind]}"
    left_out = " – not in the limits" if point.excluded else ""
    label = point_label(point, monthly)
    return svg.element(
        "title", svg.clean(f"{label}: {shown}{meaning}{left_out}" if label else shown + meaning + left_out)
    )
