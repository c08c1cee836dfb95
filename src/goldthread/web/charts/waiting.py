"""Waiting times as drawings: the share answered by each day, and how cases end, with the open ones counted in both."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from goldthread.methods.survival import Curve
from goldthread.web.charts import frame, palette, svg, words
from goldthread.web.charts.scale import Axis, Box, axis, spread

_MOST = 4
_PROMISE_DASH = "14 4 3 4"


@dataclass(frozen=True)
class AnswerCurve:
    """One line of a waiting-time chart. `times` ascending; `answered`, `lower`, `upper` are shares (0 to 1) by each time.

    `durations`: every waiting time, from which the numbers still waiting are counted; `open_times`: those still open.
    """

    name: str
    times: tuple[float, ...]
    answered: tuple[float, ...]
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    durations: tuple[float, ...] = ()
    open_times: tuple[float, ...] = ()

    @classmethod
    def of(cls, name: str, curve: Curve) -> "AnswerCurve":
        """The line of a Kaplan-Meier curve."""
        return cls(
            name,
            curve.times,
            tuple(1 - share for share in curve.survival),
            tuple(1 - share for share in curve.upper),
            tuple(1 - share for share in curve.lower),
            curve.durations,
            curve.open_times,
        )

    @property
    def last(self) -> float:
        """The longest time anyone was followed."""
        return max((*self.durations[-1:], *self.times[-1:]), default=0.0)

    def by(self, time: float) -> float:
        """The share answered by a time."""
        step = bisect_right(self.times, time) - 1
        return self.answered[step] if step >= 0 else 0.0

    def waiting(self, time: float) -> int:
        """How many were still waiting, and followed, just before a time."""
        return sum(duration >= time for duration in self.durations)


@dataclass(frozen=True)
class WaitingPlot:
    """A chart of shares over waiting time, laid out."""

    style: frame.Style
    box: Box
    along: Axis
    up: Axis


def survival_chart(
    title: str,
    curves: Sequence[AnswerCurve],
    *,
    id: str,
    unit: str = "days",
    description: str = "",
    promise: float | None = None,
    horizon: float | None = None,
    compact: bool = False,
) -> Markup:
    """Draw the share answered by each day, with intervals, open cases as ticks, and the numbers still waiting below.

    At most four curves, told apart by dash and name. `promise`: the time promised, a vertical line with the share kept.
    Raises ValueError for more than four curves or an unusable id.
    """
    if len(curves) > _MOST:
        raise ValueError(f"at most {_MOST} lines can be told apart, not {len(curves)}: draw several charts")
    plot = lay_out(frame.style_for(compact), horizon or max([c.last for c in curves] + [promise or 0]), "100%")
    style, box = plot.style, plot.box
    body = [*axes(plot, "Share answered", unit), *_bands(plot, curves), *_promise(plot, promise)]
    for index, curve in enumerate(curves):
        body.append(svg.path(_stairs(plot, curve, curve.answered), palette.SERIES[index], 2.5, palette.DASHES[index]))
        body += _open_ticks(plot, curve, palette.SERIES[index])
    if not any(curve.durations or curve.times for curve in curves):
        body.append(frame.nothing(box, style, "Nothing has been asked yet"))
    if not compact:
        body += _end_labels(plot, curves, unit)
    counted, depth = _still_waiting(plot, curves, box.bottom + style.text * 3.4)
    keyed, key_height = frame.key(_key(curves, unit, promise, compact), style, box.bottom + style.text * 3.4 + depth)
    size = (style.width, box.bottom + style.text * 3.4 + depth + key_height + 6)
    spoken = description or _description(curves, unit, promise)
    return svg.figure(id, title, spoken, size, [*body, *counted, *keyed], kind="survival", compact=compact)


def lay_out(style: frame.Style, horizon: float, widest: str) -> WaitingPlot:
    """Box and axes for shares from 0 to 1 up to a horizon."""
    top = style.text * 2.2
    left = frame.left_margin([widest], style.text)
    box = Box(left, top, style.width - style.right, top + style.plot_height)
    along = axis([0, horizon or 1.0], box.left, box.right, most=5 if style.right < 50 else 8)
    # The axis ends where the following ends, not at the next round number.
    along = replace(
        along,
        high=horizon or 1.0,
        ticks=tuple(tick for tick in along.ticks if horizon > 0 and tick <= horizon * 1.0001),
    )
    up = Axis(0.0, 1.0, box.bottom, box.top, (0, 0.25, 0.5, 0.75, 1), 0)
    return WaitingPlot(style, box, along, up)


def axes(plot: WaitingPlot, what: str, unit: str) -> list[Markup]:
    """Percentages up, waiting time along."""
    style, box = plot.style, plot.box
    labels = [f"{tick * 100:.0f}%" for tick in plot.up.ticks]
    parts = [*frame.heading([what], style), *frame.vertical_axis(plot.up, box, labels, style.text)]
    for tick in plot.along.ticks:
        x, label = plot.along.place(tick), words.amount(tick, plot.along.decimals)
        anchor = frame.edge_anchor(x, label, style.text, 0, style.width)
        parts.append(svg.line(x, box.bottom, x, box.bottom + 5, palette.GREY))
        parts.append(svg.text(x, box.bottom + style.text * 1.5, label, style.text, fill=palette.QUIET, anchor=anchor))
    after = words.clip(f"{unit} since it was asked", box.width, style.text)
    parts.append(svg.text(box.left, box.bottom + style.text * 2.75, after, style.text, fill=palette.QUIET))
    return parts


def stairs(
    plot: WaitingPlot, times: Sequence[float], shares: Sequence[float], last: float
) -> list[tuple[float, float]]:
    """A step line from 0, flat between times, up to `last`."""
    spots = [(plot.along.place(0), plot.up.place(0))]
    held = 0.0
    for time, share in zip(times, shares, strict=True):
        if time > plot.along.high:
            break
        x = plot.along.place(time)
        spots += [(x, plot.up.place(held)), (x, plot.up.place(share))]
        held = share
    spots.append((plot.along.place(min(last, plot.along.high)), plot.up.place(held)))
    return spots


def _stairs(plot: WaitingPlot, curve: AnswerCurve, shares: Sequence[float]) -> list[tuple[float, float]]:
    return stairs(plot, curve.times, shares, curve.last)


def _bands(plot: WaitingPlot, curves: Sequence[AnswerCurve]) -> list[Markup]:
    parts = []
    for index, curve in enumerate(curves):
        if len(curves) <= 2 and curve.lower and curve.upper:
            outline = [*_stairs(plot, curve, curve.upper), *reversed(_stairs(plot, curve, curve.lower))]
            tint = palette.TINTS[index]
            parts.append(
                svg.element("path", d=svg.polyline(outline) + " Z", fill=tint, fill_opacity=0.55, class_="gt-interval")
            )
    return parts


def _promise(plot: WaitingPlot, promise: float | None) -> list[Markup]:
    if promise is None or promise > plot.along.high:
        return []
    x = plot.along.place(promise)
    return [svg.line(x, plot.box.top, x, plot.box.bottom, palette.TARGET, 2, _PROMISE_DASH)]


def _open_ticks(plot: WaitingPlot, curve: AnswerCurve, colour: str) -> list[Markup]:
    """A short upright stroke where a case is still open; one per place on the paper."""
    places = sorted({round(plot.along.place(t)): t for t in curve.open_times if t <= plot.along.high}.items())
    ys = [(x, plot.up.place(curve.by(t))) for x, t in places]
    return [svg.line(x, y - 5, x, y + 5, colour, 1.5) for x, y in ys]


def _reached(curve: AnswerCurve, unit: str, upto: float) -> str:
    time = min(curve.last, upto)
    return f"{words.percent(curve.by(time))} by {time:,.0f} {unit}"


def _end_labels(plot: WaitingPlot, curves: Sequence[AnswerCurve], unit: str) -> list[Markup]:
    size, box, room = plot.style.text, plot.box, plot.style.right - 14
    ys = spread([plot.up.place(c.by(min(c.last, plot.along.high))) for c in curves], size * 2.6, box.top, box.bottom)
    parts = []
    for index, (y, curve) in enumerate(zip(ys, curves, strict=True)):
        name = words.clip(curve.name, room, size)
        reached = words.clip(_reached(curve, unit, plot.along.high), room, size)
        parts.append(svg.text(box.right + 10, y, name, size, fill=palette.SERIES[index], bold=True))
        parts.append(svg.text(box.right + 10, y + size * 1.2, reached, size, fill=palette.QUIET))
    return parts


def _still_waiting(plot: WaitingPlot, curves: Sequence[AnswerCurve], top: float) -> tuple[list[Markup], float]:
    """Under the axis, for each curve, how many were still waiting at the ticks; its name beside or, on a phone, above."""
    size, shown = plot.style.text, [(i, curve) for i, curve in enumerate(curves) if curve.durations]
    if not shown:
        return [], 0.0
    parts = [svg.text(plot.box.left, top + size, "Still waiting", size, fill=palette.QUIET)]
    y = top + size
    for index, curve in shown:
        beside = plot.style.right > 50
        if len(curves) > 1:
            y += 0 if beside else size * 1.35
            x, room = (plot.box.right + 10, plot.style.right - 14) if beside else (plot.box.left, plot.box.width)
            name = words.clip(curve.name, room, size)
            down = size * 1.35 if beside else 0
            parts.append(svg.text(x, y + down, name, size, fill=palette.SERIES[index], bold=True))
        y += size * 1.35
        for tick in plot.along.ticks:
            count = f"{curve.waiting(tick):,}"
            x = plot.along.place(tick)
            anchor = frame.edge_anchor(x, count, size, 0, plot.style.width)
            parts.append(svg.text(x, y, count, size, anchor=anchor))
    return parts, y - top + size * 0.8


def _key(curves: Sequence[AnswerCurve], unit: str, promise: float | None, compact: bool) -> list[frame.KeyItem]:
    items = []
    for index, curve in enumerate(curves):
        sample = frame.line_sample(palette.SERIES[index], 2.5, palette.DASHES[index])
        if promise is not None and curve.last >= promise:
            kept = f"{curve.name}: {words.percent(curve.by(promise))} within {promise:g} {unit}"
            items.append(frame.KeyItem(sample, kept))
        elif compact:
            items.append(frame.KeyItem(sample, f"{curve.name}: {_reached(curve, unit, curve.last)}"))
    if promise is not None:
        items.append(
            frame.KeyItem(frame.line_sample(palette.TARGET, 2, _PROMISE_DASH), f"promised: {promise:g} {unit}")
        )
    if 0 < len(curves) <= 2 and any(curve.lower for curve in curves):
        items.append(frame.KeyItem(_tint, "likely range"))
    if any(curve.open_times for curve in curves):
        items.append(frame.KeyItem(_upright, "still open today"))
    return items


def _tint(x: float, y: float) -> Markup:
    return svg.element("rect", x=x, y=y - 6, width=22, height=12, fill=palette.TINTS[0], stroke=palette.GREY)


def _upright(x: float, y: float) -> Markup:
    return svg.line(x + 11, y - 6, x + 11, y + 6, palette.TEXT, 1.5)


def _description(curves: Sequence[AnswerCurve], unit: str, promise: float | None) -> str:
    parts = []
    for curve in curves:
        counted = (
            f"{len(curve.durations)} in all, {len(curve.open_times)} still open"
            if curve.durations
            else "numbers not given"
        )
        half = next((t for t, share in zip(curve.times, curve.answered, strict=True) if share >= 0.5 - 1e-12), None)
        middle = (
            f"half were answered by {math.ceil(half):,} {unit}"
            if half is not None
            else "half have not been answered yet"
        )
        kept = (
            f", {words.percent(curve.by(promise))} within {promise:g} {unit}"
            if promise and curve.last >= promise
            else ""
        )
        parts.append(f"{curve.name}: {counted}; {middle}{kept}.")
    return " ".join(parts) or "Nothing has been asked yet."
