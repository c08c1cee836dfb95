"""Answers against values published elsewhere, each with its source."""

import csv
from pathlib import Path

import numpy as np
import pytest

from goldthread.methods.spc import analyse, analyse_many, fewest_crossings, longest_run_limit, runs

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2 (flow rate of ten batches):
# https://www.itl.nist.gov/div898/handbook/pmc/section3/pmc322.htm
FLOW_RATE = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def test_nist_individuals_chart():
    """Published: mean 50.81, mean moving range 1.8778, limits 45.8159 and 55.8041 with 3/1.128; we use 2.66."""
    found = analyse(FLOW_RATE)
    assert found.centre[0] == pytest.approx(50.81, abs=1e-12)
    assert (found.upper[0] - found.centre[0]) / 2.66 == pytest.approx(1.8778, abs=5e-5)
    assert found.upper[0] == pytest.approx(55.8041, abs=1e-3)
    assert found.lower[0] == pytest.approx(45.8159, abs=1e-3)
    assert set(found.label) == {"common_cause"}
    assert found.limits == "provisional"


# Anhøj, qicharts2 vignette, appendix 2 (critical values), as printed for 10 to 63 useful observations.
LONGEST = {10: 6, 11: 6, 12: 7, 22: 7, 23: 8, 24: 8, 45: 8, 46: 9, 60: 9, 63: 9}
CROSSINGS = {
    **dict(zip(range(10, 22), (2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 6), strict=True)),
    **dict(zip(range(22, 34), (7, 7, 8, 8, 8, 9, 9, 10, 10, 11, 11, 11), strict=True)),
    **dict(zip(range(34, 46), (12, 12, 13, 13, 14, 14, 14, 15, 15, 16, 16, 17), strict=True)),
    **dict(zip(range(46, 64), (17, 17, 18, 18, 19, 19, 20, 20, 21, 21, 21, 22, 22, 23, 23, 24, 24, 25), strict=True)),
}


def test_critical_values_of_the_run_tests():
    assert {n: longest_run_limit(n) for n in LONGEST} == LONGEST
    assert {n: fewest_crossings(n) for n in CROSSINGS} == CROSSINGS


def test_critical_values_agree_with_the_binomial_quantile():
    binom = pytest.importorskip("scipy.stats").binom
    assert all(fewest_crossings(n) == binom.ppf(0.05, n - 1, 0.5) for n in range(2, 300))


def test_runs_and_crossings_of_a_drawn_example():
    """The figure of the crossrun vignette counts a longest run of 5 and 11 crossings among 24: no signal.

    Built here to those counts (the vignette draws random numbers): https://cran.r-project.org/package=crossrun
    """
    sides = [1, -1, 1, 1, -1, -1, 1, -1, 1, 1, 1, -1, -1, -1, -1, -1, 1, 1, -1, 1, 1, 1, -1, -1]
    found = runs(sides, 0)
    assert (found.useful, found.longest, found.crossings, found.signal) == (24, 5, 11, False)


def tied_to_the_rule(side_and_far):
    """A long, quiet series with given points in the middle, whose limits are fixed at ±3 about 0."""
    quiet = [0.5, -0.5] * 6
    values = [*quiet, *side_and_far, *(-v for v in quiet)]
    found = analyse(values, ruleset="mdc-r-0.2.2", fixed=(0, -3, 3))
    return [any(f.startswith("two_of") for f in flags) for flags in found.flags[12 : 12 + len(side_and_far)]]


@pytest.mark.parametrize(
    ("points", "flagged"),
    [
        # NHSRplotthedots, tests/testthat/test-ptd_calculate_point_type.R: two close points in three, same side.
        ([2.5, 1, 2.5], [True, False, True]),
        ([1, 2.5, 2.5], [False, True, True]),
        ([2.5, 2.5, 1], [True, True, False]),
        ([2.5, -1, 2.5], [False, False, False]),
        ([2.5, 1, 1, 2.5], [False, False, False, False]),
        ([2.5, 1, 1, 2.5, 2.5], [False, False, False, True, True]),
    ],
)
def test_two_of_three_as_the_r_package_tests_it(points, flagged):
    assert tied_to_the_rule(points) == flagged


@pytest.mark.parametrize(
    ("values", "trending"),
    [
        # the same file: seven points are six steps; a tie breaks them
        ([1, 2, 3, 4, 5, 6], []),
        ([1, 2, 3, 3, 4, 5, 6], []),
        ([1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6]),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], [1, 2, 3, 4, 5, 6, 7]),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_trends_as_the_r_package_tests_them(values, trending):
    found = analyse([float(v) for v in values], fixed=(4, -50, 50))
    at = [i for i, flags in enumerate(found.flags) if any(f.startswith("trend") for f in flags)]
    assert at == trending


def test_the_change_of_2023_counts_points_beyond_three_sigma():
    """NHSRplotthedots issue 194: of two neighbours beyond 2 and beyond 3 sigma, 0.2.2 sees no two-of-three."""
    values = [0.5, -0.5] * 8 + [2.5, 3.5, 0.2, -0.3]
    new = analyse(values, fixed=(0, -3, 3))
    old = analyse(values, fixed=(0, -3, 3), ruleset="mdc-r-0.2.2")
    assert new.label[16:18] == ("two_of_three_above", "above_limit")
    assert "two_of_three_above" in new.flags[17]
    assert old.label[16:18] == ("common_cause", "above_limit")


DATA = Path("/work/shared/data/performance")


def four_hour_performance():
    """Type-1 and other attendances within four hours, April 2021 to July 2025, trusts with every month."""
    path = DATA / "ae_by_trust_month_2021_2025.csv"
    if not path.exists():
        pytest.skip("the published file is not here")
    trusts: dict[str, dict[str, float]] = {}
    with path.open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            if row["attendances_over_4hours"] and float(row["total_attendances"] or 0) > 0:
                share = 1 - float(row["attendances_over_4hours"]) / float(row["total_attendances"])
                trusts.setdefault(row["nhs_trust22_code"], {})[row["date"]] = 100 * share
    return {code: [months[m] for m in sorted(months)] for code, months in trusts.items()}


def test_what_the_r_package_says_of_the_real_four_hour_series():
    """Run in R (NHSRplotthedots 0.2.2) over the 127 trusts with at least 45 months, target 78 %, higher is better.

    goldthread's reference notes, 4.4: common cause 28 fail / 12 pass / 27 inconsistent; concern 7 / 6 / 6;
    improvement 23 / 4 / 14.
    """
    series = [values for values in four_hour_performance().values() if len(values) >= 45]
    batch = analyse_many(series, ruleset="mdc-r-0.2.2", improve="up", target=78.0)
    table = {
        kind: [
            sum(v.startswith(kind) and a == icon for v, a in zip(batch.variation(), batch.assurance(), strict=True))
            for icon in ("fail", "pass", "inconsistent")
        ]
        for kind in ("common", "concern", "improvement")
    }
    assert len(series) == 127
    assert table == {"common": [28, 12, 27], "concern": [7, 6, 6], "improvement": [23, 4, 14]}


# NHSRplotthedots, tests/testthat/_snaps/ptd_spc_standard.md and ptd_spc.md: twenty values and what the package
# prints. The values are printed to three digits, hence the tolerance.
PRINTED = [-0.560, -0.230, 1.56, 0.0705, 0.129, 1.72, 0.461, -1.27, -0.687, -0.446]
PRINTED += [1.22, 0.360, 0.401, 0.111, -0.556, 1.79, 0.498, -1.97, 0.701, -0.473]


def test_limits_printed_by_the_r_package():
    found = analyse(PRINTED, ruleset="mdc-r-0.2.2", improve="up", target=0.5)
    assert (found.centre[0], found.lower[0], found.upper[0]) == pytest.approx((0.142, -3.01, 3.29), abs=0.01)
    assert set(found.label) == {"common_cause"}
    assert found.assurance == "inconsistent"
    halves = [analyse(PRINTED[:10], ruleset="mdc-r-0.2.2"), analyse(PRINTED[10:], ruleset="mdc-r-0.2.2")]
    printed = [(0.0746, -2.60, 2.75), (0.209, -3.28, 3.70)]
    for one, want in zip(halves, printed, strict=True):
        assert (one.centre[0], one.lower[0], one.upper[0]) == pytest.approx(want, abs=0.02)
    rebased = analyse(PRINTED, ruleset="mdc-r-0.2.2", rebase=[10])
    assert rebased.segment == (0,) * 10 + (1,) * 10
    assert rebased.centre[0] == halves[0].centre[0]
    assert rebased.upper[-1] == halves[1].upper[-1]


def test_close_points_on_opposite_sides_are_no_signal_in_the_r_package():
    """NHSRplotthedots, tests/testthat/test-ptd_spc_standard.R, last case."""
    values = [1.0, -1.0] * 7 + [5.5, -5.5]
    assert analyse(values, ruleset="mdc-r-0.2.2", improve="up").type[-2:] == ("common_cause", "common_cause")


def test_limits_agree_with_statprocon():
    statprocon = pytest.importorskip("statprocon")
    rng = np.random.default_rng(5)
    for values in rng.normal(50, 5, size=(20, 30)):
        peer = statprocon.XmR(values.tolist()).x_to_dict()
        found = analyse(values.tolist())
        assert found.centre[0] == pytest.approx(float(peer["cl"][0]), abs=5e-3)
        assert found.upper[0] == pytest.approx(float(peer["unpl"][0]), abs=5e-3)
        assert found.lower[0] == pytest.approx(float(peer["lnpl"][0]), abs=5e-3)


def test_limits_and_outside_points_agree_with_pycontrolcharts():
    peer_package = pytest.importorskip("pycontrolcharts")
    rng = np.random.default_rng(6)
    for values in rng.standard_t(3, size=(10, 40)):
        peer = peer_package.calc_xmr(values.tolist())
        found = analyse(values.tolist())
        assert found.centre[0] == pytest.approx(peer["center_line"].iloc[0], abs=1e-9)
        assert found.upper[0] == pytest.approx(peer["ucl"].iloc[0], rel=2e-3)
        outside = (peer["value"] > peer["ucl"]) | (peer["value"] < peer["lcl"])
        assert [bool(set(f) & {"above_limit", "below_limit"}) for f in found.flags] == outside.tolist()
