"""Every rule against a slow, plain reading of it, point by point; and what must not change what is found."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldthread.methods.spc import analyse, analyse_many

ORDER = ("above_limit", "below_limit", "trend_up", "trend_down", "two_of_three_above", "two_of_three_below")
ORDER = (*ORDER, "shift_above", "shift_below")
UPWARD = {"above_limit", "trend_up", "two_of_three_above", "shift_above"}


def oracle(values, *, near_only, screen, centre=None):
    """Limits and flags of one segment, written as the rules are told."""
    there = [v for v in values if v is not None]
    mean = math.fsum(there) / len(there)
    moving = [abs(b - a) for a, b in itertools.pairwise(values) if a is not None and b is not None]
    average = math.fsum(moving) / len(moving)
    if screen:
        kept = [m for m in moving if m < 3.267 * average]
        average = math.fsum(kept) / len(kept)
    upper, lower = mean + 2.66 * average, mean - 2.66 * average
    high, low = mean + 2 * (2.66 / 3) * average, mean - 2 * (2.66 / 3) * average
    flags = [set() for _ in values]
    for i, v in enumerate(values):
        if v is not None and v > upper:
            flags[i].add("above_limit")
        if v is not None and v < lower:
            flags[i].add("below_limit")
    for i in range(len(values) - 6):
        seven = values[i : i + 7]
        if None in seven:
            continue
        for name, ok in (
            ("shift_above", all(v > mean for v in seven)),
            ("shift_below", all(v < mean for v in seven)),
            ("trend_up", all(a < b for a, b in itertools.pairwise(seven))),
            ("trend_down", all(a > b for a, b in itertools.pairwise(seven))),
        ):
            if ok:
                for j in range(i, i + 7):
                    flags[j].add(name)
    for i in range(len(values) - 2):
        three = values[i : i + 3]
        if None in three:
            continue
        for name, same, far in (
            (
                "two_of_three_above",
                all(v > mean for v in three),
                [v > high and not (near_only and v > upper) for v in three],
            ),
            (
                "two_of_three_below",
                all(v < mean for v in three),
                [v < low and not (near_only and v < lower) for v in three],
            ),
        ):
            if same and sum(far) >= 2:
                for j in range(3):
                    if far[j]:
                        flags[i + j].add(name)
    return mean, lower, upper, [tuple(name for name in ORDER if name in f) for f in flags]


def label_of(flags, improve, improvement_wins):
    if not flags:
        return "common_cause"
    better = [f for f in flags if improve != "neutral" and (f in UPWARD) == (improve == "up")]
    return better[0] if improvement_wins and better else flags[0]


# Whole numbers in a small range tie often; wide ones hardly ever. Drifting sums make trends and shifts.
small = st.integers(-4, 4)
steps = st.lists(small, min_size=13, max_size=40).map(lambda s: [float(x) for x in np.cumsum(s)])
plain = st.lists(st.integers(-1000, 1000).map(float), min_size=13, max_size=40)
holes = st.lists(st.one_of(st.none(), st.integers(-9, 9).map(float)), min_size=13, max_size=40)
anything = st.one_of(steps, plain, holes)


def usable(values):
    there = [v for v in values if v is not None]
    pairs = [1 for a, b in itertools.pairwise(values) if a is not None and b is not None and a != b]
    return len(there) >= 6 and bool(pairs)


@settings(max_examples=400, deadline=None)
@given(anything, st.sampled_from(["up", "down", "neutral"]))
def test_the_rules_of_2023_agree_with_a_plain_reading(values, improve):
    found = analyse(values, improve=improve)
    if found.limits == "refused":
        assert set(found.label) == {"common_cause"}
        return
    mean, lower, upper, flags = oracle(values, near_only=False, screen=False)
    assert found.centre[0] == pytest.approx(mean, rel=1e-12, abs=1e-9)
    assert found.lower[0] == pytest.approx(lower, rel=1e-12, abs=1e-9)
    assert found.upper[0] == pytest.approx(upper, rel=1e-12, abs=1e-9)
    assert list(found.flags) == flags
    for got, want in zip(found.label, flags, strict=True):
        if improve == "neutral" and "trend_up" in want and "trend_down" in want:
            continue  # a turning point is labelled by the trend it enters; tested below
        assert got == label_of(want, improve, improvement_wins=True)


@settings(max_examples=400, deadline=None)
@given(anything)
def test_the_rules_of_the_r_package_agree_with_a_plain_reading(values):
    if not usable(values):
        return
    found = analyse(values, ruleset="mdc-r-0.2.2", improve="up")
    moving = [abs(b - a) for a, b in itertools.pairwise(values) if a is not None and b is not None]
    if not any(moving) or math.isclose(max(moving), 3.267 * sum(moving) / len(moving)):
        return
    _, lower, upper, flags = oracle(values, near_only=True, screen=True)
    assert found.lower[0] == pytest.approx(lower, rel=1e-12, abs=1e-9)
    assert found.upper[0] == pytest.approx(upper, rel=1e-12, abs=1e-9)
    assert list(found.flags) == flags
    for i, (got, want) in enumerate(zip(found.label, flags, strict=True)):
        expected = label_of(want, "up", improvement_wins=False)
        if expected.startswith("trend"):
            # The package takes the direction from the next step if the next point is in a trend too, else from the last.
            after = flags[i + 1] if i + 1 < len(flags) else ()
            first, second = (i, i + 1) if {"trend_up", "trend_down"} & set(after) else (i - 1, i)
            expected = "trend_up" if values[second] > values[first] else "trend_down"
        assert got == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(plain, min_size=1, max_size=6))
def test_many_at_once_are_the_same_as_one_by_one(series):
    """Also with neighbours in memory that would make a window reach over the end of a series."""
    improve = [("up", "down", "neutral")[i % 3] for i in range(len(series))]
    batch = analyse_many(series, improve=improve, target=[0.0] * len(series))
    for one, values, direction in zip(batch, series, improve, strict=True):
        assert one == analyse(values, improve=direction, target=0.0)
    assert batch.variation() == [one.variation for one in batch]
    assert batch.assurance() == [one.assurance for one in batch]


@settings(max_examples=100, deadline=None)
@given(anything, st.integers(-50, 50), st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_moving_and_stretching_the_scale_changes_no_label(values, shift, stretch):
    moved = [None if v is None else v * stretch + 4 * shift for v in values]
    before, after = analyse(values, improve="up"), analyse(moved, improve="up")
    if any(v is not None and near(v, before) for v in values):
        return
    assert after.label == before.label
    assert after.limits == before.limits


def near(value, series):
    """Whether rounding could put a value on the other side of a line."""
    lines = (series.centre[0], series.lower[0], series.upper[0])
    third = [] if series.lower[0] is None else [(2 * e + series.centre[0]) / 3 for e in lines[1:]]
    return any(line is not None and math.isclose(value, line, rel_tol=1e-9, abs_tol=1e-9) for line in (*lines, *third))


OPPOSITE = {"common_cause": "common_cause"}
for up, down in zip(ORDER[::2], ORDER[1::2], strict=True):
    OPPOSITE |= {up: down, down: up}
MIRROR = {
    "improvement": "concern",
    "concern": "improvement",
    "neutral_high": "neutral_low",
    "common_cause": "common_cause",
}


@settings(max_examples=150, deadline=None)
@given(anything)
def test_a_mirror_swaps_up_and_down_and_nothing_else(values):
    mirrored = [None if v is None else -v for v in values]
    before, after = analyse(values, improve="up"), analyse(mirrored, improve="down")
    assert after.type == before.type
    assert tuple(OPPOSITE[label] for label in after.label) == before.label
    plain_up, plain_down = (
        analyse(values, ruleset="mdc-r-0.2.2", improve="up"),
        analyse(values, ruleset="mdc-r-0.2.2", improve="down"),
    )
    assert tuple(MIRROR[t] for t in plain_up.type) == plain_down.type


def test_a_turning_point_is_labelled_by_the_trend_it_enters():
    # The package: where the next point is part of a trend, the step towards it gives the direction.
    peak = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0]
    for ruleset in ("mdc-r-0.2.2", "mdc-2023"):
        found = analyse(peak, ruleset=ruleset, fixed=(4, -20, 20))
        assert found.flags[6] == ("trend_up", "trend_down")
        assert found.label[6] == "trend_down"
        trough = analyse([-v for v in peak], ruleset=ruleset, fixed=(-4, -20, 20))
        assert trough.label[6] == "trend_up"
    # Where one direction is better, the rules of 2023 show the improvement.
    assert analyse(peak, improve="up", fixed=(4, -20, 20)).type[6] == "improvement"
    assert analyse(peak, improve="down", fixed=(4, -20, 20)).type[6] == "improvement"


def test_rises_that_follow_one_another_after_a_fall_are_labelled_as_the_package_does():
    saw = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5]
    assert analyse(saw, ruleset="mdc-r-0.2.2", fixed=(4, -20, 20)).label[6] == "trend_down"
    assert analyse(saw, fixed=(4, -20, 20)).label[6] == "trend_up"
