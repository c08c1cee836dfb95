"""Waiting times against published tables, lifelines, scipy and a simulation whose truth is known."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from goldthread.methods.survival import Curve, aalen_johansen, kaplan_meier

# Freireich et al., Blood 21 (1963) 699-716: weeks of remission; + (False) still in remission.
SIX_MP = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
# As tabulated in Kleinbaum and Klein, Survival Analysis, ch. 2: week, at risk, survival; then Greenwood's standard
# error and the log(-log) interval as packages print them.
PUBLISHED = [
    (6, 21, 0.8571, 0.0764, 0.6197, 0.9516),
    (7, 17, 0.8067, 0.0869, 0.5631, 0.9228),
    (10, 15, 0.7529, 0.0963, 0.5032, 0.8894),
    (13, 12, 0.6902, 0.1068, 0.4316, 0.8491),
    (16, 11, 0.6275, 0.1141, 0.3675, 0.8049),
    (22, 7, 0.5378, 0.1282, 0.2678, 0.7468),
    (23, 6, 0.4482, 0.1346, 0.1881, 0.6801),
]

case = st.tuples(st.integers(0, 40), st.booleans())
cases = st.lists(case, min_size=1, max_size=60)
ended = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3)), min_size=1, max_size=60)


def curve_of(found: list[tuple[int, bool]]) -> Curve:
    return kaplan_meier([time for time, _ in found], [flag for _, flag in found])


def test_remission_under_6mp_is_as_published():
    curve = kaplan_meier(SIX_MP, RELAPSED)
    rows = zip(curve.times, curve.at_risk, curve.survival, curve.variance, curve.lower, curve.upper, strict=True)
    found = [
        (t, n, round(s, 4), round(math.sqrt(v), 4), round(low, 4), round(high, 4)) for t, n, s, v, low, high in rows
    ]
    assert found == PUBLISHED
    assert (curve.median, curve.median_interval) == (23, (13, None))
    assert (curve.n, curve.n_open) == (21, 12)


def test_remission_under_placebo_is_as_published():
    """No one is censored: survival is the plain share. Median 8 weeks, interval 4 to 11 (R survfit, log-log)."""
    curve = kaplan_meier(PLACEBO, [True] * 21)
    assert curve.median == 8
    assert curve.median_interval == (4, 11)
    assert [round(s, 4) for s in curve.survival[:4]] == [0.9048, 0.8095, 0.7619, 0.6667]


def test_competing_deaths_are_as_published():
    """Satagopan et al., British Journal of Cancer 91 (2004) 1229-1235, table 2: 305 women, percentages."""
    times = [7, 10, 14, 16, 18, 23, 24, 26, 27] + [60] * 296
    causes = [0, 1, 0, 1, 2, 1, 0, 2, 1] + [0] * 296
    found = aalen_johansen(times, causes)
    assert found.times == (10, 16, 18, 23, 26, 27)
    assert found.at_risk == (304, 302, 301, 300, 298, 297)
    assert [round(100 * s, 1) for s in found.survival] == [99.7, 99.3, 99.0, 98.7, 98.3, 98.0]
    cancer = [found.at(1, month) for month in (10, 16, 23, 27)]
    # The paper adds rounded steps of 0.3; unrounded the last is 1.32, which it prints as 1.2.
    assert [share.value * 100 for share in cancer if share] == pytest.approx([0.3, 0.6, 0.9, 1.2], abs=0.13)


def test_a_backlog_makes_the_answered_look_quick_but_not_the_curve():
    """voice-governance 4.2: 200 ideas over 180 days, 70% ever answered, median 45 days if answered; seeded."""
    random = np.random.default_rng(42)
    medians, shares, naive = [], [], []
    for _ in range(200):
        wait = np.where(random.random(200) < 0.7, random.exponential(45 / math.log(2), 200), np.inf)
        followed = random.uniform(0, 180, 200)
        done = wait <= followed
        curve = kaplan_meier(np.where(done, wait, followed), done)
        share = curve.by(30)
        assert share is not None
        medians.append(curve.median or 180.0)
        shares.append(share.value)
        naive.append(float(np.median(wait[done])))
    true_median = 45 * math.log(1 / (1 - 0.5 / 0.7), 2)
    assert true_median == pytest.approx(81.3, abs=0.1)
    assert np.median(medians) == pytest.approx(true_median, abs=3)
    assert np.mean(shares) == pytest.approx(0.7 * (1 - 2 ** (-30 / 45)), abs=0.005)
    assert np.mean(naive) == pytest.approx(29, abs=2)


def test_the_intervals_hold_the_truth_about_as_often_as_they_say():
    random = np.random.default_rng(7)
    truth = 1 - math.exp(-1)
    inside = 0
    for _ in range(600):
        wait, followed = random.exponential(30, 80), random.uniform(10, 120, 80)
        share = kaplan_meier(np.minimum(wait, followed), wait <= followed).by(30)
        inside += share is not None and share.lower <= truth <= share.upper
    assert 0.93 <= inside / 600 <= 0.975


@settings(max_examples=80, deadline=None)
@given(cases)
def test_lifelines_and_scipy_agree(found):
    from lifelines import KaplanMeierFitter

    assume(any(flag for _, flag in found))
    times, flags = [float(time) for time, _ in found], [flag for _, flag in found]
    curve = kaplan_meier(times, flags)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = KaplanMeierFitter().fit(times, flags)
        band = theirs.confidence_interval_survival_function_
    assert [float(theirs.predict(t)) for t in curve.times] == pytest.approx(curve.survival, abs=1e-12)
    for time, survival, low, high in zip(curve.times, curve.survival, curve.lower, curve.upper, strict=True):
        if survival > 0:
            assert band.loc[time].tolist() == pytest.approx([low, high], abs=1e-9)
    data = CensoredData(
        uncensored=[t for t, flag in zip(times, flags, strict=True) if flag],
        right=[t for t, flag in zip(times, flags, strict=True) if not flag],
    )
    assert ecdf(data).sf.evaluate(np.array(curve.times)) == pytest.approx(curve.survival, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=3, max_size=50), st.integers(0, 10_000))
def test_lifelines_agrees_on_competing_outcomes_without_ties(causes, seed):
    from lifelines import AalenJohansenFitter

    assume(1 in causes)
    times = np.random.default_rng(seed).permutation(len(causes)).astype(float) + 1
    ours = aalen_johansen(times, causes)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            theirs = AalenJohansenFitter().fit(times, np.array(causes), event_of_interest=1)
        except ZeroDivisionError:  # lifelines cannot say a variance once everyone has gone
            assume(False)
    for index, time in enumerate(ours.times):
        assert theirs.cumulative_density_.loc[time].item() == pytest.approx(ours.incidence[1][index], abs=1e-12)
        if ours.survival[index] > 0:
            assert theirs.variance_.loc[time] == pytest.approx(ours.variance[1][index], abs=1e-12)


@given(cases)
def test_what_holds_for_every_curve(found):
    curve = curve_of(found)
    assert list(curve.times) == sorted(set(curve.times))
    assert list(curve.survival) == sorted(curve.survival, reverse=True)
    for survival, low, high in zip(curve.survival, curve.lower, curve.upper, strict=True):
        assert 0 <= low <= survival + 1e-12
        assert survival - 1e-12 <= high <= 1
    assert curve.n == curve.n_open + sum(curve.events)
    last = max(time for time, _ in found)
    at_last = curve.by(last)
    assert at_last is not None
    assert at_last.value == (1 - curve.survival[-1] if curve.survival else 0)
    assert (curve.by(last + 1) is None) == (curve.survival[-1:] != (0.0,))


@given(cases)
def test_when_nothing_is_open_the_curve_is_the_plain_share(found):
    times = [time for time, _ in found]
    curve = kaplan_meier(times, [True] * len(times))
    for time, survival, variance in zip(curve.times, curve.survival, curve.variance, strict=True):
        share = sum(each > time for each in times) / len(times)
        assert survival == pytest.approx(share, abs=1e-12)
        assert variance == pytest.approx(share * (1 - share) / len(times), abs=1e-12)


@given(ended)
def test_outcomes_and_what_is_open_add_up(found):
    times, causes = zip(*found, strict=True)
    result = aalen_johansen(times, causes)
    together = kaplan_meier(times, [cause != 0 for cause in causes])
    assert result.times == together.times
    for index in range(len(result.times)):
        total = result.survival[index] + sum(result.incidence[cause][index] for cause in result.causes)
        assert total == pytest.approx(1, abs=1e-9)
    for cause in result.causes:
        alone = kaplan_meier(times, [each == cause for each in causes])
        for time, value, low, high in zip(
            result.times, result.incidence[cause], result.lower[cause], result.upper[cause], strict=True
        ):
            overstated = alone.by(time)
            assert overstated is not None
            assert value <= overstated.value + 1e-9
            assert -1e-12 <= low <= value + 1e-9
            assert value - 1e-9 <= high <= 1


@given(ended)
def test_a_single_outcome_is_kaplan_meier(found):
    times, flags = [time for time, _ in found], [cause > 0 for _, cause in found]
    one, curve = aalen_johansen(times, [int(flag) for flag in flags], known=[1]), kaplan_meier(times, flags)
    assert one.incidence[1] == pytest.approx([1 - s for s in curve.survival], abs=1e-12)
    for ours, greenwood, survival in zip(one.variance[1], curve.variance, curve.survival, strict=True):
        if survival > 0:
            assert ours == pytest.approx(greenwood, abs=1e-10)


@given(ended)
def test_without_open_cases_the_variance_is_the_binomial_one(found):
    times, causes = [time for time, _ in found], [cause + 1 for _, cause in found]
    result = aalen_johansen(times, causes)
    for cause in result.causes:
        for share, variance in zip(result.incidence[cause], result.variance[cause], strict=True):
            assert variance == pytest.approx(share * (1 - share) / len(times), abs=1e-10)


def test_nobody_answered_is_no_certainty():
    curve = kaplan_meier([5, 8, 20, 20], [False] * 4)
    share = curve.by(8)
    assert share is not None
    assert (share.value, share.lower, share.at_risk) == (0, 0, 3)
    assert share.upper == pytest.approx(1 - 0.025 ** (1 / 3))
    assert (curve.median, curve.median_interval, curve.by(21)) == (None, (None, None), None)


def test_everyone_answered_at_once_is_no_certainty():
    share = kaplan_meier([3, 3, 3], [True] * 3).by(100)
    assert share is not None
    assert share.value == 1
    assert share.lower == pytest.approx(0.025 ** (1 / 3))


def test_outcomes_by_name_even_those_that_never_happened():
    result = aalen_johansen(
        [4, 9, 9, 12], ["implemented", "declined", None, 0], known=["implemented", "declined", "withdrawn"]
    )
    assert result.causes == ("declined", "implemented", "withdrawn")
    assert (result.n, result.n_open) == (4, 2)
    never = result.at("withdrawn", 9)
    assert never is not None
    assert (never.value, never.lower) == (0, 0)
    assert never.upper > 0.5
    assert result.at("declined", 13) is None
    with pytest.raises(KeyError, match="merged"):
        result.at("merged", 3)


@pytest.mark.parametrize(
    ("times", "flags", "complaint"),
    [
        ([], [], "no cases"),
        ([1, 2], [True], "2 waiting times but 1"),
        ([-1], [True], "negative"),
        ([float("nan")], [True], "missing or infinite"),
        ([float("inf")], [False], "missing or infinite"),
    ],
)
def test_what_cannot_be_a_waiting_time_is_refused_in_words(times, flags, complaint):
    with pytest.raises(ValueError, match=complaint):
        kaplan_meier(times, flags)
    with pytest.raises(ValueError, match=complaint):
        aalen_johansen(times, [int(flag) for flag in flags])


def test_questions_that_cannot_be_answered_are_refused():
    curve, outcomes = kaplan_meier([1], [True]), aalen_johansen([1], [1])
    for wrong in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="from 0 upwards"):
            curve.by(wrong)
        with pytest.raises(ValueError, match="from 0 upwards"):
            outcomes.at(1, wrong)
    with pytest.raises(ValueError, match="between 0 and 1"):
        curve.quantile(1.0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        kaplan_meier([1], [True], level=1.0)


def test_results_cannot_be_changed():
    curve, outcomes = kaplan_meier([1], [True]), aalen_johansen([1], [1])
    with pytest.raises(AttributeError):
        curve.level = 0.5  # type: ignore[misc]
    with pytest.raises(TypeError):
        outcomes.incidence[1] = ()  # type: ignore[index]
