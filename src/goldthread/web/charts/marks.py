"""One shape per meaning, so that nothing rests on colour: circle, diamond, triangle, square, and those of a thread."""

import math

from markupsafe import Markup

from goldthread.web.charts import palette
from goldthread.web.charts.svg import element, join, number

# What a point can be; the longer names are those of the SPC rules.
COMMON, IMPROVEMENT, CONCERN, NEUTRAL = "common", "improvement", "concern", "neutral"
_SAME = {
    "common_cause": COMMON,
    "special_cause_improvement": IMPROVEMENT,
    "special_cause_concern": CONCERN,
    "neutral_high": NEUTRAL,
    "neutral_low": NEUTRAL,
    "": COMMON,
}
MEANING = {
    COMMON: "expected variation",
    IMPROVEMENT: "special cause: improving",
    CONCERN: "special cause: concern",
    NEUTRAL: "special cause: neither better nor worse",
}


def point_type(name: str) -> str:
    """The meaning behind a point's type; ValueError for one we do not draw."""
    found = _SAME.get(name, name)
    if found not in MEANING:
        raise ValueError(f"unknown point type {name!r}: use {', '.join(MEANING)}")
    return found


def point(kind: str, x: float, y: float, r: float, *, hollow: bool = False, title: Markup | None = None) -> Markup:
    """A point of a chart by its meaning; hollow when it is excluded from the limits."""
    inner = () if title is None else (title,)
    drawn = {COMMON: circle, IMPROVEMENT: diamond, CONCERN: triangle, NEUTRAL: square}[kind]
    if hollow:
        return drawn(
            x, y, r, palette.PAPER, palette.QUIET, *inner, class_=f"gt-point gt-point--{kind} gt-point--excluded"
        )
    if kind == COMMON:
        return circle(x, y, r, palette.GREY, palette.GREY, *inner, class_="gt-point gt-point--common")
    fill = {IMPROVEMENT: palette.IMPROVEMENT, CONCERN: palette.CONCERN, NEUTRAL: palette.NEUTRAL}[kind]
    return drawn(x, y, r, fill, palette.OUTLINE, *inner, class_=f"gt-point gt-point--{kind}")


def circle(x: float, y: float, r: float, fill: str, stroke: str, *inner: Markup, class_: str | None = None) -> Markup:
    """●"""
    return element("circle", *inner, cx=x, cy=y, r=r, fill=fill, stroke=stroke, stroke_width=_pen(r), class_=class_)


def diamond(x: float, y: float, r: float, fill: str, stroke: str, *inner: Markup, class_: str | None = None) -> Markup:
    """◆"""
    return _polygon(x, y, r * 1.45, (90, 180, 270, 0), fill, stroke, *inner, class_=class_)


def triangle(x: float, y: float, r: float, fill: str, stroke: str, *inner: Markup, class_: str | None = None) -> Markup:
    """▲"""
    return _polygon(x, y + r * 0.2, r * 1.5, (90, 210, 330), fill, stroke, *inner, class_=class_)


def square(x: float, y: float, r: float, fill: str, stroke: str, *inner: Markup, class_: str | None = None) -> Markup:
    """■"""
    return _polygon(x, y, r * 1.5, (45, 135, 225, 315), fill, stroke, *inner, class_=class_)


def _polygon(
    x: float, y: float, r: float, degrees: tuple[int, ...], fill: str, stroke: str, *inner: Markup, class_: str | None
) -> Markup:
    corners = [(x + r * math.cos(math.radians(d)), y - r * math.sin(math.radians(d))) for d in degrees]
    return element(
        "polygon",
        *inner,
        points=" ".join(f"{number(a)},{number(b)}" for a, b in corners),
        fill=fill,
        stroke=stroke,
        stroke_width=_pen(r),
        stroke_linejoin="round",
        class_=class_,
    )


def _pen(r: float) -> float:
    return 1.25 if r >= 3 else 0.75


def ring(x: float, y: float, r: float, fill: str, stroke: str, *inner: Markup, class_: str | None = None) -> Markup:
    """◎"""
    outer = circle(x, y, r * 1.15, palette.PAPER, stroke, class_=class_)
    return join((outer, circle(x, y, r * 0.5, stroke, stroke)))


def cross(x: float, y: float, r: float, fill: str, stroke: str, *inner: Markup, class_: str | None = None) -> Markup:
    """A ring with a plus: someone came by."""
    outer = circle(x, y, r * 1.1, palette.PAPER, stroke, class_=class_)
    arms = f"M{number(x - r * 0.6)} {number(y)}h{number(r * 1.2)}M{number(x)} {number(y - r * 0.6)}v{number(r * 1.2)}"
    return join((outer, element("path", d=arms, stroke=stroke, stroke_width=1.5)))
