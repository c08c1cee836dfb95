"""Intervals for shares against published tables, scipy, and what must always hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from goldthread.methods.proportions import clopper_pearson, normal_quantile, wilson

# Newcombe, Statistics in Medicine 17 (1998) 857-872, table I: method 3 (score), method 5 ("exact"); 95%.
NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]

counts = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.998])


@pytest.mark.parametrize(("k", "n", "score", "exact"), NEWCOMBE)
def test_both_intervals_are_newcombes(k, n, score, exact):
    assert (round(wilson(k, n).lower, 4), round(wilson(k, n).upper, 4)) == score
    assert (round(clopper_pearson(k, n).lower, 4), round(clopper_pearson(k, n).upper, 4)) == exact


@pytest.mark.parametrize(("n", "upper"), [(10, 0.26), (30, 0.095), (60, 0.049)])
def test_no_decision_moved_is_weak_evidence_when_few_were_taken(n, upper):
    """The one-sided 95% bounds of the design's measure "decision moved" (voice-governance 4.1, V7)."""
    assert clopper_pearson(0, n, level=0.90).upper == pytest.approx(upper, abs=0.0006 if n > 10 else 0.005)


@settings(max_examples=150, deadline=None)
@given(counts, levels)
def test_scipy_agrees(count, level):
    k, n = count
    for ours, method, tolerance in ((wilson, "wilson", 1e-12), (clopper_pearson, "exact", 1e-9)):
        theirs = binomtest(k, n).proportion_ci(level, method=method)
        found = ours(k, n, level)
        assert found.lower == pytest.approx(theirs.low, abs=tolerance)
        assert found.upper == pytest.approx(theirs.high, abs=tolerance)


@given(counts, levels)
def test_an_interval_holds_the_share_and_mirrors_itself(count, level):
    k, n = count
    for method in (wilson, clopper_pearson):
        found, mirrored = method(k, n, level), method(n - k, n, level)
        assert 0 <= found.lower <= found.value + 1e-12
        assert found.value - 1e-12 <= found.upper <= 1
        assert found.lower == pytest.approx(1 - mirrored.upper, abs=1e-9)


@given(counts)
def test_more_certainty_is_a_wider_interval(count):
    narrow, wide = clopper_pearson(*count, 0.8), clopper_pearson(*count, 0.99)
    assert wide.lower <= narrow.lower
    assert narrow.upper <= wide.upper


def test_large_numbers_stay_exact():
    theirs = binomtest(400_000, 2_000_000).proportion_ci(0.95)
    found = clopper_pearson(400_000, 2_000_000)
    assert (found.lower, found.upper) == (pytest.approx(theirs.low, rel=1e-8), pytest.approx(theirs.high, rel=1e-8))


@pytest.mark.parametrize(("k", "n"), [(0, 0), (1, 0), (-1, 5), (6, 5)])
def test_impossible_counts_are_refused_in_words(k, n):
    for method in (wilson, clopper_pearson):
        with pytest.raises(ValueError, match=r"denominator|numerator"):
            method(k, n)


@pytest.mark.parametrize("level", [0.0, 1.0, -0.5, 95, float("nan")])
def test_levels_lie_between_none_and_all(level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(1, 2, level)
    with pytest.raises(ValueError, match="between 0 and 1"):
        normal_quantile(level)
