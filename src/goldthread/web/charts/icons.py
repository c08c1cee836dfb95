"""Icons for variation and assurance in the Making Data Count convention; our own drawings. The page puts words beside them.

Shape and letter carry the meaning, colour only supports it: diamond and triangle as on the chart, H and L for high and
low, P pass, F fail, a question mark for hit and miss.
"""

from markupsafe import Markup

from goldthread.web.charts import marks, palette
from goldthread.web.charts.svg import checked_id, clean, element, join, line, polyline

VARIATIONS = (
    "common_cause",
    "improvement_high",
    "improvement_low",
    "concern_high",
    "concern_low",
    "neutral_high",
    "neutral_low",
)
ASSURANCES = ("pass", "fail", "inconsistent", "none")

_WAVE = ((8, 22), (13, 17), (18, 24), (23, 16), (28, 24), (32.5, 18))
_RISE = ((7.5, 27), (12.5, 24.5), (17.5, 27.5), (24, 21), (30, 13.5))


def icon(variation: str, *, size: int = 40, id: str | None = None, title: str = "") -> Markup:
    """The icon of a kind of variation (see VARIATIONS), `size` units square.

    Hidden from screen readers, because words stand beside it; with `id` and `title` it speaks for itself.
    Raises ValueError for an unknown kind.
    """
    if variation not in VARIATIONS:
        raise ValueError(f"unknown variation {variation!r}: use {', '.join(VARIATIONS)}")
    if variation == "common_cause":
        dots = [_dot(x, y) for x, y in _WAVE]
        trail = element("path", d=polyline(_WAVE), fill="none", stroke=palette.GREY, stroke_width=1.5)
        return _disc(palette.GREY, [trail, *dots], variation, size, id, title, dashed=False)
    kind, _, side = variation.partition("_")
    spots = _RISE if side == "high" else tuple((x, 40 - y) for x, y in _RISE)
    colour = {"improvement": palette.IMPROVEMENT, "concern": palette.CONCERN, "neutral": palette.NEUTRAL}[kind]
    trail = element(
        "path",
        d=polyline(spots),
        fill="none",
        stroke=palette.GREY,
        stroke_width=1.25,
    )
    drawn = [_dot(x, y) for x, y in spots[:3]] + [marks.point(kind, x, y, 2.7) for x, y in spots[3:]]
    letter = _letter("H" if side == "high" else "L", 14, 19 if side == "high" else 32, 13)
    return _disc(colour, [trail, *drawn, letter], variation, size, id, title, dashed=False)


def assurance_icon(assurance: str, *, size: int = 40, id: str | None = None, title: str = "") -> Markup:
    """The icon of whether a target will be met (see ASSURANCES): a letter and where the values lie around the target.

    Speaks only with `id` and `title`, as `icon` does. Raises ValueError for an unknown kind.
    """
    if assurance not in ASSURANCES:
        raise ValueError(f"unknown assurance {assurance!r}: use {', '.join(ASSURANCES)}")
    goal = line(8, 25, 32, 25, palette.TEXT, 1.5, "4 2")
    if assurance == "none":
        return _disc(palette.GREY, [line(14, 20, 26, 20, palette.GREY, 2)], assurance, size, id, title, dashed=True)
    if assurance == "inconsistent":
        dots = [_dot(11, 21), _dot(17, 29), _dot(23, 21), _dot(29, 29)]
        return _disc(palette.GREY, [goal, *dots, _letter("?", 20, 17, 14)], assurance, size, id, title, dashed=False)
    kind, letter, colour = (
        ("improvement", "P", palette.IMPROVEMENT) if assurance == "pass" else ("concern", "F", palette.CONCERN)
    )
    row = [marks.point(kind, x, 30.5, 2.4) for x in (14, 20, 26)]
    return _disc(colour, [goal, *row, _letter(letter, 20, 20, 15)], assurance, size, id, title, dashed=False)


def _dot(x: float, y: float) -> Markup:
    return element("circle", cx=x, cy=y, r=2.2, fill=palette.GREY)


def _letter(letter: str, x: float, y: float, size: float) -> Markup:
    return element(
        "text", clean(letter), x=x, y=y, font_size=size, font_weight="700", fill=palette.TEXT, text_anchor="middle"
    )


def _disc(
    colour: str, inner: list[Markup], name: str, size: int, identity: str | None, title: str, *, dashed: bool
) -> Markup:
    """A ring in the colour of the meaning inside a thin dark one, so that light colours keep an edge."""
    ring = [
        element("circle", cx=20, cy=20, r=18.9, fill=palette.PAPER, stroke=palette.OUTLINE, stroke_width=0.8),
        element(
            "circle",
            cx=20,
            cy=20,
            r=17,
            fill="none",
            stroke=colour,
            stroke_width=3,
            stroke_dasharray="4 3" if dashed else None,
        ),
    ]
    spoken = identity is not None and bool(title)
    label = f"{checked_id(identity)}-title" if spoken and identity else None
    heading = [element("title", clean(title), id=label)] if spoken else []
    return element(
        "svg",
        join([*heading, element("g", join([*ring, *inner]), aria_hidden="true")]),
        xmlns="http://www.w3.org/2000/svg",
        id=identity,
        class_=f"gt-icon gt-icon--{name.replace('_', '-')}",
        viewBox="0 0 40 40",
        width=size,
        height=size,
        role="img" if spoken else None,
        aria_labelledby=label,
        aria_hidden=None if spoken else "true",
        font_family=palette.FONT,
        focusable="false",
    )
