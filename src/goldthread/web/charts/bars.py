"""Shares as bars, each with its numbers and its interval; in the order given, never ranked."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from goldthread.methods.proportions import wilson
from goldthread.web.charts import frame, palette, svg, words


@dataclass(frozen=True)
class ShareBar:
    """One bar: `k` of `n`. `hidden` bars (a group under the floor) show their name and why there is no number."""

    label: str
    k: int = 0
    n: int = 0
    hidden: str = ""


def bar_share(
    title: str,
    bars: Sequence[ShareBar],
    *,
    id: str,
    description: str = "",
    target: float | None = None,
    compact: bool = False,
) -> Markup:
    """Draw shares with numerator, denominator and 95% interval (Wilson); `target` is a share (0 to 1) to compare with.

    Raises ValueError for k outside 0..n or an unusable id. A bar with n = 0 says so instead of a share.
    """
    style = frame.style_for(compact)
    left, right, size = 4.0, style.width - 12.0, style.text
    y = size * (2.0 if target is not None else 0.6)
    body: list[Markup] = []
    if target is not None:
        label = f"target {words.percent(target)}"
        x = left + (right - left) * _within(target)
        anchor = frame.edge_anchor(x, label, size, 0, style.width)
        body.append(svg.text(x, size * 1.2, label, size, fill=palette.TARGET, anchor=anchor))
    for bar in bars:
        parts, y = _bar(bar, style, left, right, y, target)
        body += parts
    if not bars:
        body.append(svg.text(left, size * 1.4, "Nothing to show yet", size, fill=palette.QUIET))
        y = size * 2
    spoken = description or " ".join(f"{bar.label}: {said(bar)}." for bar in bars) or "Nothing to show yet."
    return svg.figure(id, title, spoken, (style.width, y + 4), body, kind="bars", compact=compact)


def said(bar: ShareBar) -> str:
    """14 of 19 (74%; likely 51% to 88%), or why not."""
    if bar.hidden or not bar.n:
        return bar.hidden or "none yet"
    found = wilson(bar.k, bar.n)
    likely = f"{found.lower * 100:.0f}% to {found.upper * 100:.0f}%"
    return f"{bar.k:,} of {bar.n:,} ({words.percent(found.value)}; likely {likely})"


def _bar(
    bar: ShareBar, style: frame.Style, left: float, right: float, y: float, target: float | None
) -> tuple[list[Markup], float]:
    """Name and numbers, on two lines where one is too short, the bar, its interval; and where it ends."""
    size, wide = style.text, right - left
    numbers = said(bar)
    room = wide - words.width(numbers, size) - 16
    stacked = words.width(bar.label, size) * 1.06 > room
    names = words.wrap(bar.label, wide / 1.06, size, most=2) if stacked else (bar.label,)
    parts = [svg.text(left, y + size * (1 + 1.3 * i), each, size, bold=True) for i, each in enumerate(names)]
    if stacked:
        y += size * 1.3 * len(names)
        parts.append(svg.text(left, y + size, words.clip(numbers, wide, size), size, fill=palette.QUIET))
    else:
        parts.append(svg.text(right, y + size, numbers, size, fill=palette.QUIET, anchor="end"))
    thick, top = size * 0.9, y + size * 1.45
    parts.append(svg.element("rect", x=left, y=top, width=wide, height=thick, fill=palette.GRID))
    middle = top + thick + 5
    if bar.n and not bar.hidden:
        found = wilson(bar.k, bar.n)
        length, low, high = wide * found.value, left + wide * found.lower, left + wide * found.upper
        fill = palette.SERIES[0]
        parts.append(svg.element("rect", x=left, y=top, width=length, height=thick, fill=fill, class_="gt-bar"))
        parts.append(svg.line(low, middle, high, middle, palette.TEXT, 1.5))
        parts += [svg.line(x, middle - 3, x, middle + 3, palette.TEXT, 1.5) for x in (low, high)]
    if target is not None:
        x = left + wide * _within(target)
        # White under the blue keeps the line visible on the dark bar.
        parts.append(svg.line(x, top - 3, x, top + thick + 3, palette.PAPER, 5))
        parts.append(svg.line(x, top - 3, x, top + thick + 3, palette.TARGET, 2.5))
    return parts, middle + size * 0.9


def _within(share: float) -> float:
    return max(0.0, min(1.0, share))
