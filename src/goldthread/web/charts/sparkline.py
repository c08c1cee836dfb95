"""A measure as small as a word: the line, its special points by shape, its latest point."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from goldthread.web.charts import marks, palette
from goldthread.web.charts.scale import axis
from goldthread.web.charts.svg import element, join, path


def sparkline(
    values: Sequence[float | None], types: Sequence[str] = (), *, width: int = 120, height: int = 32
) -> Markup:
    """Draw values in a table cell, hidden from screen readers: the words in the same row say what it shows.

    `types` (as `Point.type`) may be empty or one per value; None among the values leaves a gap.
    Raises ValueError when there are types but not one per value.
    """
    if types and len(types) != len(values):
        raise ValueError(f"{len(values)} values but {len(types)} types: one of each, or no types")
    known = {i: float(v) for i, v in enumerate(values) if v is not None and math.isfinite(v)}
    up = axis(known.values(), height - 6, 6)
    low, high = min(known.values(), default=0.0), max(known.values(), default=0.0)
    step = (width - 14) / max(1, len(values) - 1)
    spots = {
        i: (7 + i * step if len(values) > 1 else width / 2, _place(v, low, high, up.start, up.end))
        for i, v in known.items()
    }
    parts: list[Markup] = []
    stretch: list[tuple[float, float]] = []
    for index in range(len(values) + 1):
        if index in spots:
            stretch.append(spots[index])
        elif stretch:
            parts += [path(stretch, palette.GREY, 1.5)] if len(stretch) > 1 else [_dot(*stretch[0])]
            stretch = []
    kinds = [marks.point_type(kind) for kind in types] or [marks.COMMON] * len(values)
    parts += [marks.point(kinds[i], x, y, 2.8) for i, (x, y) in spots.items() if kinds[i] != marks.COMMON]
    if spots and kinds[last := max(spots)] == marks.COMMON:
        parts.append(marks.circle(*spots[last], 3, palette.TEXT, palette.TEXT, class_="gt-latest"))
    return element(
        "svg",
        join(parts),
        xmlns="http://www.w3.org/2000/svg",
        class_="gt-sparkline",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        aria_hidden="true",
        focusable="false",
    )


def _place(value: float, low: float, high: float, bottom: float, top: float) -> float:
    """Stretched over the whole height: a sparkline has no axis to be honest about, the table has the values."""
    half_low, half_high = low / 2, high / 2
    if half_high <= half_low:
        return (bottom + top) / 2
    return bottom + (value / 2 - half_low) / (half_high - half_low) * (top - bottom)


def _dot(x: float, y: float) -> Markup:
    return element("circle", cx=x, cy=y, r=1.5, fill=palette.GREY)
