"""The picture of a thread: what was asked, decided, tried, changed and measured, with the time between."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from goldthread.web.charts import frame, marks, palette, svg, words

_SAFE_LINK = re.compile(r"(/(?!/)|#|\?|https?://)[^\s\\]*\Z")


@dataclass(frozen=True)
class ThreadStep:
    """One step of a thread. `kind`: idea, decision, test, change, measure, commitment, visit.

    `week` shows the week only (for anyone anonymous) and counts the time to its neighbours in weeks. `at` None is a step
    without a date. `href` makes the title a link within the site or to http(s); the page shows a list besides.
    """

    kind: str
    title: str
    at: date | None = None
    detail: str = ""
    week: bool = False
    href: str = ""


@dataclass(frozen=True)
class _Kind:
    name: str
    draw: Callable[..., Markup]
    fill: str
    stroke: str


KINDS = {
    "idea": _Kind("Idea", marks.circle, palette.PAPER, palette.TEXT),
    "decision": _Kind("Decision", marks.ring, palette.PAPER, "#330072"),
    "test": _Kind("Test", marks.triangle, palette.PAPER, palette.TARGET),
    "change": _Kind("Change", marks.square, "#12436d", "#12436d"),
    "measure": _Kind("Measure", marks.diamond, palette.IMPROVEMENT, palette.TEXT),
    "commitment": _Kind("Promise", marks.square, palette.PAPER, palette.QUIET),
    "visit": _Kind("Visit", marks.cross, palette.PAPER, palette.QUIET),
}


def thread_picture(
    title: str, steps: Sequence[ThreadStep], *, id: str, description: str = "", compact: bool = False
) -> Markup:
    """Draw a thread from top to bottom: a shape per kind of step, its date and title, and the time between dated steps.

    Steps are drawn in the order given. Without links it is an image with a text alternative; with links a group whose
    titles can be followed. Raises ValueError for an unknown kind, a link that leaves http(s), or an unusable id.
    """
    for step in steps:
        if step.kind not in KINDS:
            raise ValueError(f"unknown kind of step {step.kind!r}: use {', '.join(KINDS)}")
        if step.href and not _SAFE_LINK.match(step.href):
            raise ValueError(f"not a link within the site or to http(s): {step.href!r}")
    style = frame.style_for(compact)
    rail, left = (14.0, 36.0) if compact else (26.0, 60.0)
    y, previous = style.text * 1.2, None
    spine: list[Markup] = []
    drawn: list[Markup] = []
    linked = any(step.href for step in steps)
    last_mark = None
    for index, step in enumerate(steps):
        if index:
            label = elapsed(previous, step) if previous is not None else ""
            y += style.text * (2.6 if label else 1.3)
            if label:
                drawn.append(
                    _quiet(svg.text(left, y - style.text * 1.15, label, style.text, fill=palette.QUIET), linked)
                )
        mark_y = y + style.text * 0.1
        if last_mark is not None:
            spine.append(svg.line(rail, last_mark, rail, mark_y, palette.GREY, 2))
        last_mark = mark_y
        parts, y = _step(step, style, rail, left, y, linked)
        drawn += parts
        previous = step
    if not steps:
        drawn.append(svg.text(left, y, "Nothing has happened yet", style.text, fill=palette.QUIET))
    spoken = description or _description(steps)
    size = (style.width, y + style.text * 1.2)
    body = [*(_quiet(each, linked) for each in spine), *drawn]
    role = "group" if linked else "img"
    return svg.figure(id, title, spoken, size, body, kind="thread", compact=compact, role=role)


def elapsed(before: ThreadStep, after: ThreadStep) -> str:
    """The time between two steps in words: days, or weeks where one of them says only the week; "" without dates."""
    if before.at is None or after.at is None:
        return ""
    days = (after.at - before.at).days
    if before.week or after.week:
        weeks = round(abs(days) / 7)
        told = "the same week" if weeks == 0 else f"{weeks} week{'' if weeks == 1 else 's'}"
    else:
        told = "the same day" if days == 0 else words.duration(abs(days))
    return f"{told} earlier" if days < 0 and not told.startswith("the same") else told


def step_date(step: ThreadStep) -> str:
    """12 Mar 2025, week of 6 Jan 2025, or nothing."""
    if step.at is None:
        return ""
    return f"week of {words.day(step.at)}" if step.week else words.day(step.at)


def _step(
    step: ThreadStep, style: frame.Style, rail: float, left: float, y: float, linked: bool
) -> tuple[list[Markup], float]:
    """Mark, kind and date, title, detail; and where the text ended."""
    kind, size, room = KINDS[step.kind], style.text, style.width - left - 6
    parts = [
        _quiet(
            kind.draw(rail, y + size * 0.1, 6.5, kind.fill, kind.stroke, class_=f"gt-step gt-step--{step.kind}"), linked
        )
    ]
    when = step_date(step)
    head = f"{kind.name}, {when}" if when else kind.name
    parts.append(_quiet(svg.text(left, y + size * 0.45, head, size, fill=palette.QUIET), linked))
    y += size * 0.45
    lines = []
    for words_ in words.wrap(step.title, room, size * 1.1, most=4 if style.width < 400 else 2):
        y += size * 1.45
        shown = palette.TARGET if step.href else palette.TEXT
        lines.append(svg.text(left, y, words_, size * 1.1, fill=shown, bold=True))
    title = svg.join(lines)
    parts.append(svg.element("a", title, href=step.href, text_decoration="underline") if step.href else title)
    for words_ in words.wrap(step.detail, room, size, most=5 if style.width < 400 else 3):
        y += size * 1.4
        parts.append(svg.text(left, y, words_, size))
    return parts, y + size * 0.4


def _quiet(part: Markup, linked: bool) -> Markup:
    """Within a group that can be read, shapes and repeated words are kept from screen readers one by one."""
    return svg.element("g", part, aria_hidden="true") if linked else part


def _description(steps: Sequence[ThreadStep]) -> str:
    parts = []
    previous: ThreadStep | None = None
    for step in steps:
        gap = elapsed(previous, step) if previous is not None else ""
        after = f", {gap} after the step before" if gap and "earlier" not in gap and "same" not in gap else ""
        when = step_date(step)
        parts.append(f"{KINDS[step.kind].name}{f', {when}' if when else ''}{after}: {step.title.rstrip('.')}.")
        previous = step
    return " ".join(parts) or "Nothing has happened yet."
