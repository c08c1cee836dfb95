"""Every drawing is well-formed, speaks, keeps to the rules of the page, and shows what it was given."""

import math
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from goldthread.methods.survival import aalen_johansen, kaplan_meier
from goldthread.web import charts
from goldthread.web.charts import (
    AnswerCurve,
    Change,
    OutcomeChart,
    OutcomeLine,
    Point,
    ShareBar,
    SpcChart,
    Target,
    ThreadStep,
    palette,
    scale,
    spc_inputs,
    words,
)

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = [date(2024 + index // 12, index % 12 + 1, 1) for index in range(24)]


def read(drawing: Markup) -> ElementTree.Element:
    """The drawing as XML, after the rules that hold for all of them."""
    assert isinstance(drawing, Markup)
    root = ElementTree.fromstring(str(drawing))
    assert root.tag == f"{SVG}svg"
    for each in root.iter():
        assert each.tag not in (f"{SVG}style", f"{SVG}script", f"{SVG}foreignObject")
        assert not any(name == "style" or name.startswith("on") for name in each.attrib)
        assert "nan" not in each.get("d", "") + each.get("points", "")
        assert "inf" not in each.get("d", "") + each.get("points", "")
    return root


def check_speaks(root: ElementTree.Element, title: str, name: str) -> str:
    """Title and description are wired to ids; the description is handed back."""
    found = {each.get("id"): each.text or "" for each in root if each.tag in (f"{SVG}title", f"{SVG}desc")}
    assert root.get("aria-labelledby") == f"{name}-title {name}-desc"
    assert found[f"{name}-title"] == title
    assert found[f"{name}-desc"]
    return found[f"{name}-desc"]


def marked(root: ElementTree.Element, class_: str) -> list[ElementTree.Element]:
    return [each for each in root.iter() if class_ in (each.get("class") or "").split()]


def wording(root: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def series(values: list[float | None], **more: object) -> tuple[Point, ...]:
    return tuple(Point(value=v, at=MONTHS[i], **more) for i, v in enumerate(values))  # type: ignore[arg-type]


FALLS = SpcChart(
    "Falls are lower",
    tuple(
        Point(
            value=None if i == 5 else 6 - (i > 15) * 2 + (i % 3) / 2,
            at=at,
            centre=6.0 if i < 16 else 4.0,
            lower=3.0 if i < 16 else 2.0,
            upper=9.0 if i < 16 else 6.0,
            segment=int(i >= 16),
            type={3: "concern", 20: "improvement", 21: "improvement", 22: "neutral"}.get(i, "common"),
            excluded=i == 8,
        )
        for i, at in enumerate(MONTHS)
    ),
    unit="Falls per 1,000 bed days",
    targets=(Target(5.5), Target(5.0, date(2025, 1, 1))),
    changes=(Change(date(2025, 3, 12), "hourly rounding live"), Change(date(2024, 6, 1), "new layout")),
)


def test_points_differ_in_shape_not_only_in_colour():
    root = read(charts.spc_chart(FALLS, id="falls"))
    shapes = {}
    for kind in ("common", "improvement", "concern", "neutral"):
        point = marked(root, f"gt-point--{kind}")[0]
        shapes[kind] = (point.tag, len(point.get("points", "").split()), _tilted(point))
    assert shapes["common"][0] == f"{SVG}circle"
    assert shapes["concern"][1] == 3
    assert len(set(shapes.values())) == 4


def _tilted(point: ElementTree.Element) -> bool:
    """A diamond stands on a corner, a square on a side."""
    corners = [float(pair.split(",")[1]) for pair in point.get("points", "").split()]
    return bool(corners) and len({round(y) for y in corners}) == 3


def test_every_value_is_a_mark_and_nothing_else_is():
    root = read(charts.spc_chart(FALLS, id="falls"))
    in_key = 5
    assert len(marked(root, "gt-point")) == 23 + in_key
    assert len(marked(root, "gt-point--improvement")) == 2 + 1
    excluded = marked(root, "gt-point--excluded")
    assert len(excluded) == 1 + 1
    assert all(each.get("fill") == palette.PAPER for each in excluded)


def test_lines_break_at_a_new_segment_and_at_a_missing_value():
    root = read(charts.spc_chart(FALLS, id="falls"))
    assert len(marked(root, "gt-values")) == 3
    assert len(marked(root, "gt-centre")) == 2
    assert len(marked(root, "gt-limit")) == 4
    assert len(marked(root, "gt-band")) == 2
    assert len(marked(root, "gt-target")) == 2


def test_an_analysis_can_be_drawn_as_it_is():
    from goldthread.methods.spc import analyse

    series = analyse([5, 6, 4, 5, 6, 5, 4, 6, None, 12, 5, 4, 5, 6], improve="down", target=6.0)
    points = charts.points_of(series, MONTHS[:14], excluded={0})
    root = read(charts.spc_chart(SpcChart("Falls", points), id="falls"))
    assert len(marked(root, "gt-point--concern")) == list(series.type).count("concern") + 1
    assert series.variation in charts.VARIATIONS
    assert series.assurance in charts.ASSURANCES
    assert points[0].excluded
    with pytest.raises(ValueError, match="argument"):
        charts.points_of(series, MONTHS[:3])


def test_refused_limits_leave_the_line_and_the_median():
    root = read(charts.spc_chart(SpcChart("Too few", series([1, 2, 3], centre=2.0), centre_name="Median"), id="few"))
    assert (len(marked(root, "gt-limit")), len(marked(root, "gt-band")), len(marked(root, "gt-centre"))) == (0, 0, 1)
    assert "Median 2.0" in wording(root)


def test_limits_that_differ_from_point_to_point_are_stepped():
    points = tuple(
        Point(value=5, at=at, centre=5, lower=3 - i / 10, upper=7 + i / 10) for i, at in enumerate(MONTHS[:4])
    )
    root = read(charts.spc_chart(SpcChart("Stepped", points), id="stepped"))
    heights = re.findall(r"[ML]\S+ (\S+)", marked(root, "gt-limit")[0].get("d", ""))
    assert len(heights) == 8
    assert len(set(heights)) == 4


def test_changes_carry_letters_in_order_of_time():
    root = read(charts.spc_chart(FALLS, id="falls"))
    assert [letter for letter, _ in charts.lettered(FALLS.changes)] == ["A", "B"]
    assert charts.lettered(FALLS.changes)[0][1].label == "new layout"
    assert len(marked(root, "gt-change")) == 2
    assert {"A", "B"} <= set(wording(root))


def test_close_changes_stand_below_each_other_and_none_is_lost():
    changes = tuple(Change(date(2024, 6, 1) + timedelta(days=day), "x") for day in range(30))
    root = read(charts.spc_chart(SpcChart("Busy", series([1.0] * 24), changes=changes), id="busy"))
    places = [(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in marked(root, "gt-change")]
    assert len(places) == 30
    assert all(math.dist(a, b) >= 20 for i, a in enumerate(places) for b in places[i + 1 :])
    assert [letter for letter, _ in charts.lettered(changes)][25:28] == ["Z", "AA", "AB"]


def test_the_text_alternative_says_what_the_drawing_shows():
    said = check_speaks(read(charts.spc_chart(FALLS, id="falls")), "Falls are lower", "falls")
    for part in (
        "23 points, Jan 2024 to Dec 2025, 1 missing",
        "Average: 4.00",
        "from 2.00 to 6.00",
        "Target: 5.0",
        "2 points special cause, improving",
        "1 point special cause, concern",
        "1 point not in the limits",
        "A: 1 Jun 2024 new layout",
        "B: 12 Mar 2025 hourly rounding live",
    ):
        assert part in said


def test_marks_are_kept_from_screen_readers():
    root = read(charts.spc_chart(FALLS, id="falls"))
    assert root.get("role") == "img"
    groups = [each for each in root if each.tag == f"{SVG}g"]
    assert [each.get("aria-hidden") for each in groups] == ["true"]
    assert {each.tag for each in root} == {f"{SVG}title", f"{SVG}desc", f"{SVG}g"}


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize(
    "values",
    [[], [None], [4.1], [None] * 9, [5.0] * 15, [0.0] * 15, [1, 0, 2], [-3.0, -2.0], [1e300, -1e300], [5e-324, 1e-12]],
)
def test_unusual_measures_are_drawn(values, compact):
    root = read(charts.spc_chart(SpcChart("Odd", series(values)), id="odd", compact=compact))
    assert len(marked(root, "gt-point")) == sum(value is not None for value in values)
    assert ("No values yet" in wording(root)) == (not any(value is not None for value in values))


def test_not_a_number_is_missing():
    root = read(charts.spc_chart(SpcChart("Odd", series([1.0, float("nan"), float("inf")])), id="odd"))
    assert len(marked(root, "gt-point")) == 1


def test_five_hundred_points_stay_small_but_special_ones_can_be_seen():
    points = tuple(Point(value=i % 7, label=str(i), type="concern" if i == 250 else "common") for i in range(500))
    root = read(charts.spc_chart(SpcChart("Many", points), id="many"))
    common = [float(c.get("r", 0)) for c in marked(root, "gt-point--common")]
    assert len(common) == 499 + 1
    assert sorted(common)[0] < 2
    corners = [float(pair.split(",")[0]) for pair in marked(root, "gt-point--concern")[0].get("points", "").split()]
    assert max(corners) - min(corners) > 8


def test_a_run_chart_starts_with_its_first_point():
    root = read(charts.run_chart("Falls this week", [(date(2025, 10, 6), 1)], id="tally", unit="Falls"))
    assert len(marked(root, "gt-point")) == 1
    assert "6 Oct" in wording(root)
    root = read(charts.run_chart("Falls", [("week 1", 1), ("week 2", None), ("week 3", 3)], id="tally", median=2.0))
    assert "Median 2.0" in wording(root)


def test_counts_have_no_half_ticks():
    root = read(charts.run_chart("Falls", [(MONTHS[0], 0), (MONTHS[1], 1)], id="tally"))
    assert not any("." in each for each in wording(root))


def test_on_a_phone_no_text_is_under_twelve_pixels():
    """A 320 pixel screen leaves 288 for the page, which is what the compact drawings measure."""
    for draw in DRAWINGS.values():
        root = read(draw("phone", True))
        wide = float((root.get("viewBox") or "").split()[2])
        assert wide <= 288
        badge = {"A", "B"}
        assert all(float(t.get("font-size", 0)) >= 12 for t in root.iter(f"{SVG}text") if t.text not in badge)
    for draw in DRAWINGS.values():
        root = read(draw("page", False))
        wide = float((root.get("viewBox") or "").split()[2])
        badge = {"A", "B"}
        assert all(
            float(t.get("font-size", 0)) * 705 / wide >= 12 for t in root.iter(f"{SVG}text") if t.text not in badge
        )


def test_text_stays_on_the_paper():
    for draw in DRAWINGS.values():
        for compact in (False, True):
            root = read(draw("fit", compact))
            wide = float((root.get("viewBox") or "").split()[2])
            for each in root.iter(f"{SVG}text"):
                size, x = float(each.get("font-size", 0)), float(each.get("x", 0))
                long = words.width(each.text or "", size)
                left = x - {"middle": long / 2, "end": long}.get(each.get("text-anchor", ""), 0)
                assert left >= -6, each.text
                assert left + long <= wide + 6, each.text


def _curve() -> AnswerCurve:
    return AnswerCurve.of("Ward 7", kaplan_meier([1, 4, 9, 16, 25, 36], [True, True, False, True, False, False]))


def test_waiting_counts_the_open_ones():
    root = read(charts.survival_chart("Answered", [_curve()], id="wait", promise=28))
    said = check_speaks(root, "Answered", "wait")
    assert "6 in all, 3 still open" in said
    assert "Ward 7: 56% within 28 days" in wording(root)
    assert _curve().waiting(9) == 4
    assert _curve().by(10) == pytest.approx(1 / 3)
    assert "still open today" in wording(root)


def test_lines_of_a_waiting_chart_differ_by_dash():
    four = [_curve()] * 4
    root = read(charts.survival_chart("Answered", four, id="wait"))
    dashes = Counter(each.get("stroke-dasharray") for each in root.iter(f"{SVG}path") if each.get("fill") == "none")
    assert len(dashes) == 4
    with pytest.raises(ValueError, match="at most 4"):
        charts.survival_chart("Answered", [_curve()] * 5, id="wait")


def test_outcomes_are_layers_that_add_up_with_what_is_open():
    found = aalen_johansen([1, 2, 3, 4, 5, 6], [1, 2, 1, 0, 0, 1], known=[1, 2])
    chart = OutcomeChart.of(found, {1: "Implemented", 2: "Declined"})
    root = read(charts.cumulative_incidence_chart("Ends", chart, id="ends"))
    assert len(marked(root, "gt-layer")) == 2
    assert {"Implemented", "Declined", "Still open"} <= set(wording(root))
    assert "6 in all, 2 open today" in check_speaks(root, "Ends", "ends")
    with pytest.raises(ValueError, match="needs a name: 2"):
        OutcomeChart.of(found, {1: "Implemented"})
    with pytest.raises(ValueError, match="one share per time"):
        charts.cumulative_incidence_chart("Ends", OutcomeChart((1.0,), (OutcomeLine("a", ()),), 1, 0, 1.0), id="ends")
    with pytest.raises(ValueError, match="at most 4"):
        charts.cumulative_incidence_chart("Ends", OutcomeChart((), (OutcomeLine("a", ()),) * 5, 1, 0, 1.0), id="ends")


STEPS = (
    ThreadStep("idea", "Nobody checks the side rooms", date(2025, 1, 6), "anonymous", week=True),
    ThreadStep("decision", "Trial agreed", date(2025, 1, 15)),
    ThreadStep("change", "Hourly rounding live", date(2025, 3, 12), href="/changes/214"),
    ThreadStep("visit", "Chief nurse came by"),
)


def test_a_thread_says_the_time_between():
    root = read(charts.thread_picture("A thread", STEPS[:2] + STEPS[3:], id="thread"))
    assert "1 week" in wording(root)
    assert "Idea, week of 6 Jan 2025" in wording(root)
    assert root.get("role") == "img"
    assert charts.elapsed(STEPS[1], STEPS[2]) == "56 days"
    assert charts.elapsed(STEPS[2], STEPS[1]) == "56 days earlier"
    assert charts.elapsed(STEPS[2], STEPS[3]) == ""
    assert charts.elapsed(STEPS[1], STEPS[1]) == "the same day"


def test_each_kind_of_step_has_its_own_shape():
    kinds = ("idea", "decision", "test", "change", "measure", "commitment", "visit")
    root = read(charts.thread_picture("A thread", [ThreadStep(kind, kind) for kind in kinds], id="thread"))
    looks = set()
    for kind in kinds:
        mark = marked(root, f"gt-step--{kind}")[0]
        shape = (mark.tag, len(mark.get("points", "").split()), _tilted(mark), mark.get("fill"), mark.get("r"))
        looks.add(shape)
    assert len(looks) == len(kinds)


def test_links_in_a_thread_can_be_reached_and_stay_harmless():
    root = read(charts.thread_picture("A thread", STEPS, id="thread"))
    assert root.get("role") == "group"
    assert [each.get("href") for each in root.iter(f"{SVG}a")] == ["/changes/214"]
    hidden = [each for group in root.iter(f"{SVG}g") if group.get("aria-hidden") for each in group.iter(f"{SVG}a")]
    assert hidden == []
    for link in ("javascript:alert(1)", "//evil.example", "data:text/html,x", "/a b", "/\\evil", "mailto:x@y"):
        with pytest.raises(ValueError, match="not a link"):
            charts.thread_picture("A thread", [ThreadStep("idea", "x", href=link)], id="thread")


def test_shares_show_their_numbers_and_the_hidden_stay_hidden():
    bars = (ShareBar("Nurses", 14, 19), ShareBar("Doctors", hidden="fewer than 11, not shown"), ShareBar("New", 0, 0))
    root = read(charts.bar_share("Heard", bars, id="heard", target=0.5))
    assert len(marked(root, "gt-bar")) == 1
    assert {"14 of 19 (74%; likely 51% to 88%)", "fewer than 11, not shown", "none yet"} <= set(wording(root))


@pytest.mark.parametrize("name", charts.VARIATIONS)
def test_variation_icons_carry_a_letter_or_a_wave(name):
    root = read(charts.icon(name))
    assert root.get("aria-hidden") == "true"
    assert wording(root) == ([] if name == "common_cause" else ["H" if name.endswith("high") else "L"])
    spoken = read(charts.icon(name, id="i", title="improving, low"))
    assert (spoken.get("role"), spoken.get("aria-labelledby"), spoken.get("aria-hidden")) == ("img", "i-title", None)


@pytest.mark.parametrize(("name", "letter"), [("pass", ["P"]), ("fail", ["F"]), ("inconsistent", ["?"]), ("none", [])])
def test_assurance_icons_carry_a_letter(name, letter):
    assert wording(read(charts.assurance_icon(name))) == letter


def test_what_we_do_not_draw_is_refused():
    for draw in (charts.icon, charts.assurance_icon):
        with pytest.raises(ValueError, match="unknown"):
            draw("splendid")
    with pytest.raises(ValueError, match="unknown point type"):
        charts.spc_chart(SpcChart("x", (Point(1.0, type="splendid"),)), id="x")
    with pytest.raises(ValueError, match="unknown kind"):
        charts.thread_picture("x", [ThreadStep("splendid", "x")], id="x")
    for name in ("", "1a", "a b", 'a"b', "a>b"):
        with pytest.raises(ValueError, match="not usable as an id"):
            charts.spc_chart(FALLS, id=name)
    with pytest.raises(ValueError, match="one of each"):
        charts.sparkline([1, 2], ["common"])


def test_a_sparkline_keeps_gaps_and_special_points():
    root = read(charts.sparkline([1, 2, None, 4, 5], ["common", "common", "common", "concern", "common"]))
    assert len(list(root.iter(f"{SVG}path"))) == 2
    assert len(marked(root, "gt-point--concern")) == 1
    assert len(marked(root, "gt-latest")) == 1
    for values in ([], [None], [3.0], [1e308, -1e308]):
        read(charts.sparkline(values))


def test_both_drawings_have_their_own_ids():
    both = charts.responsive(lambda name, compact: charts.spc_chart(FALLS, id=name, compact=compact), "falls")
    root = ElementTree.fromstring(f"<div>{both}</div>")
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids)) == 6


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_enough_for_marks_and_for_text():
    for ground in (palette.PAPER, palette.BAND):
        for colour in (palette.GREY, palette.OUTLINE, palette.NEUTRAL, palette.TARGET, palette.CHANGE, *palette.SERIES):
            assert _contrast(colour, ground) >= 3
    for colour in (palette.TEXT, palette.QUIET, palette.TARGET, *palette.SERIES):
        assert _contrast(colour, palette.PAPER) >= 4.5
    assert _contrast(palette.CHANGE, palette.PAPER) >= 4.5
    for line, tint in zip(palette.SERIES, palette.TINTS, strict=True):
        assert _contrast(line, tint) >= 3


def test_places_of_days_among_points():
    points = series([1.0] * 4)
    assert spc_inputs.place_of(date(2024, 2, 1), points) == 1
    assert spc_inputs.place_of(date(2023, 1, 1), points) == -0.5
    assert 1 < spc_inputs.place_of(date(2024, 2, 15), points) < 2
    assert 3 < spc_inputs.place_of(date(2024, 4, 10), points) <= 3.5
    assert spc_inputs.place_of(date(2030, 1, 1), points) == 3.5
    assert spc_inputs.place_of(2, points) == 2


@given(st.lists(st.floats(-1e14, 1e14), max_size=30), st.integers(2, 8))
def test_an_axis_holds_its_values_between_few_round_ticks(values, most):
    axis = scale.axis(values, 300, 20, most)
    assert axis.low < axis.high
    assert 2 <= len(axis.ticks) <= 2 * most + 2
    assert all(b > a for a, b in pairwise(axis.ticks))
    for value in values:
        assert 20 - 1e-6 <= axis.place(value) <= 300 + 1e-6


@given(st.lists(st.floats(0, 200), max_size=8))
def test_labels_keep_apart_and_keep_their_order(wanted):
    placed = scale.spread(wanted, 20, 0, 300)
    for a, b in pairwise(sorted(placed)):
        assert b - a >= 20 - 1e-9
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    assert [placed[i] for i in order] == sorted(placed)


anything = st.text(max_size=40) | st.sampled_from(
    ["</svg><script>", "]]>", "\x00\x0b", "\ud800", '" onload="x', "<b>&amp;", "🙂é"]
)
maybe = st.none() | st.floats(allow_nan=True, allow_infinity=True)
days = st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1))
point = st.builds(
    Point,
    value=maybe,
    at=days,
    label=anything,
    centre=maybe,
    lower=maybe,
    upper=maybe,
    segment=st.integers(0, 2),
    type=st.sampled_from(["common", "improvement", "concern", "neutral", "neutral_low"]),
    excluded=st.booleans(),
)
finite = st.floats(-1e20, 1e20)
spec = st.builds(
    SpcChart,
    title=anything,
    points=st.lists(point, max_size=12).map(tuple),
    unit=anything,
    percent=st.booleans(),
    targets=st.lists(st.builds(Target, finite, days | st.integers(-2, 20)), max_size=3).map(tuple),
    changes=st.lists(
        st.builds(Change, st.dates(date(1990, 1, 1), date(2100, 1, 1)) | st.integers(-2, 20), anything, anything),
        max_size=4,
    ).map(tuple),
    description=anything,
    centre_name=anything,
    empty_message=anything,
)
lenient = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@lenient
@given(spec, st.booleans())
def test_any_chart_is_well_formed(chart, compact):
    read(charts.spc_chart(chart, id="any", compact=compact))


@lenient
@given(
    st.lists(
        st.builds(ThreadStep, st.sampled_from(["idea", "test", "visit"]), anything, days, anything, st.booleans()),
        max_size=6,
    ),
    anything,
    st.booleans(),
)
def test_any_thread_is_well_formed(steps, title, compact):
    read(charts.thread_picture(title, steps, id="any", compact=compact))


@lenient
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3)), min_size=1, max_size=30),
    anything,
    anything,
    st.none() | st.floats(0, 500),
    st.booleans(),
)
def test_any_waiting_time_is_well_formed(found, name, title, promise, compact):
    times, causes = zip(*found, strict=True)
    curve = AnswerCurve.of(name, kaplan_meier(times, [cause > 0 for cause in causes]))
    read(charts.survival_chart(title, [curve, curve], id="any", unit=name, promise=promise, compact=compact))
    chart = OutcomeChart.of(aalen_johansen(times, causes, known=[1, 2, 3]), {1: name, 2: title, 3: "c"})
    read(charts.cumulative_incidence_chart(title, chart, id="any", open_name=name, compact=compact))


@lenient
@given(st.lists(st.tuples(anything, st.integers(0, 9), st.integers(0, 9), anything), max_size=5), st.booleans())
def test_any_bars_are_well_formed(rows, compact):
    bars = [ShareBar(label, min(k, n), n, hidden) for label, k, n, hidden in rows]
    read(charts.bar_share("x", bars, id="any", target=0.3, compact=compact))


def test_text_marked_safe_elsewhere_is_escaped_all_the_same():
    drawing = charts.spc_chart(SpcChart(Markup("<script>alert(1)</script>"), ()), id="x")
    assert "<script>" not in drawing


DRAWINGS: dict[str, Callable[[str, bool], Markup]] = {
    "spc": lambda name, compact: charts.spc_chart(FALLS, id=name, compact=compact),
    "survival": lambda name, compact: charts.survival_chart(
        "x", [_curve(), _curve()], id=name, promise=9, compact=compact
    ),
    "outcomes": lambda name, compact: charts.cumulative_incidence_chart(
        "x",
        OutcomeChart((1.0, 4.0), (OutcomeLine("Declined with a reason", (0.1, 0.3)),), 10, 7, 9.0),
        id=name,
        compact=compact,
    ),
    "thread": lambda name, compact: charts.thread_picture("x", STEPS, id=name, compact=compact),
    "bars": lambda name, compact: charts.bar_share(
        "x", [ShareBar("Registered nurses", 14, 19)], id=name, compact=compact
    ),
}
