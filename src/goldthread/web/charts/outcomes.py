"""How cases end over time, as layers that add up: outcomes that exclude each other, and what is still open on top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from goldthread.methods.survival import Cause, Outcomes
from goldthread.web.charts import frame, marks, palette, svg, words
from goldthread.web.charts.scale import spread
from goldthread.web.charts.waiting import WaitingPlot, axes, lay_out, stairs

_MOST = 4
_FILLS = palette.TINTS
_ENDS = (marks.square, marks.diamond, marks.triangle, marks.circle)


@dataclass(frozen=True)
class OutcomeLine:
    """One way of ending: the share (0 to 1) that has ended so by each of the times, which all lines have in common."""

    name: str
    shares: tuple[float, ...]


@dataclass(frozen=True)
class OutcomeChart:
    """What the chart needs. `times` ascending; at most four `lines`, drawn from the bottom; their sum is at most 1."""

    times: tuple[float, ...]
    lines: tuple[OutcomeLine, ...]
    n: int
    n_open: int
    last: float

    @classmethod
    def of(cls, outcomes: Outcomes, names: Mapping[Cause, str]) -> "OutcomeChart":
        """From Aalen-Johansen curves; `names` gives the words and, by its order, the layers from the bottom.

        Raises ValueError when an outcome has no name: left out, it would look as if it were still open.
        """
        if missing := set(outcomes.causes) - set(names):
            raise ValueError(f"every outcome needs a name: {', '.join(sorted(map(str, missing)))}")
        lines = tuple(OutcomeLine(name, outcomes.incidence[cause]) for cause, name in names.items())
        return cls(outcomes.times, lines, outcomes.n, outcomes.n_open, outcomes.durations[-1])


def cumulative_incidence_chart(
    title: str,
    chart: OutcomeChart,
    *,
    id: str,
    unit: str = "days",
    description: str = "",
    open_name: str = "Still open",
    compact: bool = False,
) -> Markup:
    """Draw how cases end: each layer is the share that ended in that way by each day, the rest is still open.

    Layers differ by dash, by the mark at their end and by name beside them, not by colour alone.
    Raises ValueError for more than four outcomes, shares of unequal length or an unusable id.
    """
    if len(chart.lines) > _MOST:
        raise ValueError(f"at most {_MOST} outcomes can be told apart, not {len(chart.lines)}: join the rare ones")
    if any(len(each.shares) != len(chart.times) for each in chart.lines):
        raise ValueError("every outcome needs one share per time")
    plot = lay_out(frame.style_for(compact), chart.last, "100%")
    style, box = plot.style, plot.box
    tops = _stacked(chart.lines)
    body = _layers(plot, chart, tops)
    body += [*axes(plot, "Share of all cases", unit), *_edges(plot, chart, tops)]
    if not chart.n:
        body.append(frame.nothing(box, style, "Nothing has been asked yet"))
    if not compact:
        body += _labels(plot, chart, tops, open_name)
    keyed, height = frame.key(_key(chart, open_name) if compact else [], style, box.bottom + style.text * 3.4)
    size = (style.width, box.bottom + style.text * 3.4 + height + 6)
    spoken = description or _description(chart, open_name, unit)
    return svg.figure(id, title, spoken, size, [*body, *keyed], kind="outcomes", compact=compact)


def _stacked(lines: Sequence[OutcomeLine]) -> list[tuple[float, ...]]:
    """The top of each layer: the sum of the layers up to it."""
    tops: list[tuple[float, ...]] = []
    for each in lines:
        below = tops[-1] if tops else (0.0,) * len(each.shares)
        tops.append(tuple(min(1.0, a + b) for a, b in zip(below, each.shares, strict=True)))
    return tops


def _layers(plot: WaitingPlot, chart: OutcomeChart, tops: Sequence[tuple[float, ...]]) -> list[Markup]:
    parts = []
    floor = (0.0,) * len(chart.times)
    for index, top in enumerate(tops):
        above, below = (stairs(plot, chart.times, shares, chart.last) for shares in (top, floor))
        shape = svg.polyline([*above, *reversed(below)]) + " Z"
        parts.append(svg.element("path", d=shape, fill=_FILLS[index], class_="gt-layer"))
        floor = top
    return parts


def _edges(plot: WaitingPlot, chart: OutcomeChart, tops: Sequence[tuple[float, ...]]) -> list[Markup]:
    parts = []
    for index, top in enumerate(tops):
        colour = palette.SERIES[index]
        spots = stairs(plot, chart.times, top, chart.last)
        parts.append(svg.path(spots, colour, 2.5, palette.DASHES[index], class_="gt-edge"))
        parts.append(_ENDS[index](*spots[-1], 4.5, colour, palette.PAPER, class_="gt-end"))
    return parts


def _labels(plot: WaitingPlot, chart: OutcomeChart, tops: Sequence[tuple[float, ...]], open_name: str) -> list[Markup]:
    """Each layer's name and share beside its middle, with its mark."""
    size, box = plot.style.text, plot.box
    edges = [0.0, *(top[-1] if top else 0.0 for top in tops), 1.0]
    names = [*(each.name for each in chart.lines), open_name]
    middles = [plot.up.place((low + high) / 2) for low, high in pairwise(edges)]
    room = plot.style.right - 32
    told = [words.wrap(name, room, size, most=2) or ("",) for name in names]
    gap = size * (1.25 * (1 + max(len(lines) for lines in told)) + 0.2)
    ys = spread(middles, gap, box.top + size * 0.4, box.bottom - size * 1.3 * len(told[0]))
    parts = []
    for index, (lines, y) in enumerate(zip(told, ys, strict=True)):
        colour = palette.SERIES[index] if index < len(tops) else palette.TEXT
        if index < len(tops):
            parts.append(_ENDS[index](box.right + 15, y - size * 0.33, 4.5, colour, palette.PAPER))
        for down, words_ in enumerate(lines):
            parts.append(svg.text(box.right + 27, y + size * 1.2 * down, words_, size, fill=colour, bold=True))
        share = words.percent(edges[index + 1] - edges[index])
        parts.append(svg.text(box.right + 27, y + size * 1.2 * len(lines), share, size, fill=palette.QUIET))
    return parts


def _key(chart: OutcomeChart, open_name: str) -> list[frame.KeyItem]:
    items = []
    for index, each in enumerate(chart.lines):

        def sample(x: float, y: float, index: int = index) -> Markup:
            colour = palette.SERIES[index]
            ground = svg.element("rect", x=x, y=y - 6, width=22, height=12, fill=_FILLS[index])
            return svg.join((ground, _ENDS[index](x + 11, y, 4, colour, palette.PAPER)))

        items.append(frame.KeyItem(sample, f"{each.name} {words.percent(each.shares[-1] if each.shares else 0)}"))

    def blank(x: float, y: float) -> Markup:
        return svg.element(
            "rect", x=x, y=y - 6, width=22, height=12, fill=palette.PAPER, stroke=palette.GREY, stroke_width=1
        )

    items.append(frame.KeyItem(blank, f"{open_name} {words.percent(_open(chart))}"))
    return items


def _open(chart: OutcomeChart) -> float:
    return max(0.0, 1 - sum(each.shares[-1] for each in chart.lines if each.shares))


def _description(chart: OutcomeChart, open_name: str, unit: str) -> str:
    if not chart.n:
        return "Nothing has been asked yet."
    ended = ", ".join(f"{each.name} {words.percent(each.shares[-1] if each.shares else 0)}" for each in chart.lines)
    return (
        f"{chart.n:,} in all, {chart.n_open:,} open today. Estimated by {chart.last:g} {unit}: "
        f"{ended}, {open_name.lower()} {words.percent(_open(chart))}."
    )
