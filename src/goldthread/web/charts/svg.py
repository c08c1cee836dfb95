"""The few pieces every drawing is made of: escaped elements, numbers, and the frame with its text alternative.

No styles, no scripts: presentation attributes only, so that a strict Content-Security-Policy lets every chart through.
"""

import re
from collections.abc import Callable, Iterable

from markupsafe import Markup, escape

from goldthread.web.charts import palette

# What XML 1.0 can hold; anything else would make the page ill-formed.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*\Z")

Value = str | int | float | None


def clean(text: str) -> Markup:
    """Any text, safe inside an element or an attribute. Text marked safe elsewhere is escaped all the same."""
    return escape(_FORBIDDEN.sub("", "".join(text)))


def number(value: float) -> str:
    """A coordinate with at most two decimals and no needless zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def element(name: str, /, *children: Markup, **attributes: Value) -> Markup:
    """One element; `stroke_width=2` becomes `stroke-width="2"`, `class_` becomes `class`, None is left out."""
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is not None:
            shown = clean(value) if isinstance(value, str) else number(value)
            parts.append(f' {key.rstrip("_").replace("_", "-")}="{shown}"')
    inner = "".join(children)
    parts.append(f">{inner}</{name}>" if inner else "/>")
    return Markup("".join(parts))  # noqa: S704  (every attribute is escaped above, every child is Markup)


def join(parts: Iterable[Markup]) -> Markup:
    """Pieces in order, as one."""
    return Markup("").join(parts)


def text(
    x: float,
    y: float,
    words: str,
    size: float,
    *,
    fill: str = palette.TEXT,
    anchor: str | None = None,
    bold: bool = False,
) -> Markup:
    """One line of text with its baseline at y."""
    weight = "700" if bold else None
    return element("text", clean(words), x=x, y=y, font_size=size, fill=fill, text_anchor=anchor, font_weight=weight)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 1, dash: str | None = None) -> Markup:
    """One straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, stroke_dasharray=dash)


def path(
    points: Iterable[tuple[float, float]], stroke: str, width: float, dash: str | None = None, class_: str | None = None
) -> Markup:
    """A line through points."""
    return element(
        "path",
        d=polyline(points),
        fill="none",
        stroke=stroke,
        stroke_width=width,
        stroke_dasharray=dash,
        stroke_linejoin="round",
        class_=class_,
    )


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """The `d` of a line through points."""
    return " ".join(f"{'L' if i else 'M'}{number(x)} {number(y)}" for i, (x, y) in enumerate(points))


def checked_id(identity: str) -> str:
    """The caller's id, refused with ValueError when it could not stand in aria-labelledby."""
    if not _ID.match(identity):
        raise ValueError(f"not usable as an id: {identity!r} (a letter, then letters, digits, - _ .)")
    return identity


def figure(
    identity: str,
    title: str,
    description: str,
    size: tuple[float, float],
    body: Iterable[Markup],
    *,
    kind: str,
    compact: bool = False,
    role: str = "img",
) -> Markup:
    """The frame of a chart: scales with its container, says title and description, keeps the marks from screen readers.

    `identity` must be unique on the page. With role "group" (pictures that hold links) the body is left readable.
    """
    name = checked_id(identity)
    width, height = size
    paper = element("rect", width=width, height=height, fill=palette.PAPER)
    content = join((paper, *body))
    return element(
        "svg",
        element("title", clean(title), id=f"{name}-title"),
        element("desc", clean(description), id=f"{name}-desc"),
        element("g", content, aria_hidden="true") if role == "img" else content,
        xmlns="http://www.w3.org/2000/svg",
        id=name,
        class_=f"gt-chart gt-chart--{kind} gt-chart--{'compact' if compact else 'wide'}",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width="100%",
        role=role,
        aria_labelledby=f"{name}-title {name}-desc",
        font_family=palette.FONT,
        focusable="false",
    )


def responsive(draw: Callable[[str, bool], Markup], identity: str) -> Markup:
    """The wide drawing and the one for a phone, both; the stylesheet shows one of them.

    `draw(identity, compact)`, for instance `lambda i, c: spc_chart(spec, id=i, compact=c)`.
    """
    return join((draw(identity, False), draw(f"{identity}-compact", True)))
