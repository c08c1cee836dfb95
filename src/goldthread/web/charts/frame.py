"""What the charts with axes share: sizes for page and phone, axes, grid, key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from goldthread.web.charts import palette, svg, words
from goldthread.web.charts.scale import Axis, Box


@dataclass(frozen=True)
class Style:
    """Sizes of one drawing. A phone shows 288 units on 288 pixels, a page 880 on 705 or more: text never under 12."""

    width: float
    text: float
    plot_height: float
    right: float
    radius: float
    ticks: int


WIDE = Style(width=880, text=15, plot_height=270, right=172, radius=5.5, ticks=6)
COMPACT = Style(width=288, text=12.5, plot_height=180, right=10, radius=4.5, ticks=5)


def style_for(compact: bool) -> Style:
    """The sizes for a phone or for a page."""
    return COMPACT if compact else WIDE


@dataclass(frozen=True)
class KeyItem:
    """One entry of a key: a small drawing about 22 wide, and its words."""

    draw: Callable[[float, float], Markup]
    label: str


def left_margin(labels: Sequence[str], size: float) -> float:
    """Room for the tick labels of the vertical axis."""
    return max((words.width(label, size) for label in labels), default=0) + 14


def vertical_axis(axis: Axis, box: Box, labels: Sequence[str], size: float) -> list[Markup]:
    """Faint lines across with their values at the left; the lowest is the base line."""
    parts = []
    for tick, label in zip(axis.ticks, labels, strict=True):
        y = axis.place(tick)
        base = tick == axis.ticks[0]
        parts.append(svg.line(box.left, y, box.right, y, palette.GREY if base else palette.GRID))
        parts.append(svg.text(box.left - 8, y + size * 0.35, label, size, fill=palette.QUIET, anchor="end"))
    return parts


def heading(lines: Sequence[str], style: Style) -> list[Markup]:
    """What the vertical axis counts, written level above it."""
    size = style.text
    return [svg.text(4, size * (1.1 + 1.2 * i), each, size, fill=palette.QUIET) for i, each in enumerate(lines)]


def edge_anchor(x: float, label: str, size: float, low: float, high: float) -> str:
    """Middle, unless the text would run off the paper."""
    half = words.width(label, size) / 2
    return "start" if x - half < low else "end" if x + half > high else "middle"


def key(items: Sequence[KeyItem], style: Style, top: float) -> tuple[list[Markup], float]:
    """The key in as many rows as it needs, from `top`; the drawing and the height it takes."""
    parts: list[Markup] = []
    row_height = style.text * 1.65
    x, y = 4.0, top + row_height * 0.7
    for item in items:
        label = words.clip(item.label, style.width - 40, style.text)
        needed = 30 + words.width(label, style.text)
        if x > 4 and x + needed > style.width:
            x, y = 4.0, y + row_height
        parts.append(item.draw(x, y - style.text * 0.35))
        parts.append(svg.text(x + 28, y, label, style.text))
        x += needed + 18
    return parts, (y - top + row_height * 0.5) if items else 0.0


def line_sample(stroke: str, width: float, dash: str | None) -> Callable[[float, float], Markup]:
    """A short piece of line, for a key."""
    return lambda x, y: svg.line(x, y, x + 22, y, stroke, width, dash)


def nothing(box: Box, style: Style, message: str) -> Markup:
    """What an empty chart says instead of marks."""
    middle = (box.left + box.right) / 2
    shown = words.clip(message, box.width, style.text)
    return svg.text(middle, (box.top + box.bottom) / 2, shown, style.text, fill=palette.QUIET, anchor="middle")
