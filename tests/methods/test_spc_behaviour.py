"""Limits, refusals, missing values, segments, icons and diagnostics: what happens at every edge."""

import dataclasses
import math

import numpy as np
import pytest

from goldthread.methods.spc import analyse, analyse_many, expected_icons, false_icon_probability

NOISE = [float(v) for v in (5, 7, 4, 6, 8, 5, 6, 4, 7, 5, 6, 7, 5, 4, 6, 7)]


# --- limits -----------------------------------------------------------------------------------------------------


def test_a_point_on_a_limit_or_on_the_centre_is_not_beyond_it():
    values = [1.0, -1.0] * 7 + [3.0, -3.0, 0.0]
    assert set(analyse(values, fixed=(0, -3, 3)).label) == {"common_cause"}
    assert analyse([*values, 3.0000001], fixed=(0, -3, 3)).label[-1] == "above_limit"


def test_a_point_on_the_centre_breaks_a_run():
    six = [1.0] * 6
    assert "shift_above" not in analyse([*six, 0.0, *six, -1.0], fixed=(0, -30, 30)).label
    assert analyse([*six, 0.5, -1.0], fixed=(0, -30, 30)).label[:7] == ("shift_above",) * 7


def test_equal_values_lie_exactly_on_their_mean():
    # Summing 0.1 fifteen times and dividing is not 0.1; the centre must be.
    assert analyse([0.1] * 15, ruleset="mdc-r-0.2.2").centre[0] == 0.1


def test_screening_drops_large_moving_ranges_once_and_never_moves_the_centre():
    values = [*NOISE, 60.0, *NOISE]
    plain, screened = analyse(values), analyse(values, screen=True)
    assert screened.centre == plain.centre
    assert screened.upper[0] < plain.upper[0]
    assert analyse(values, ruleset="mdc-r-0.2.2").upper == screened.upper
    assert analyse(values, ruleset="mdc-r-0.2.2", screen=False).upper == plain.upper
    assert any("screening" in sentence for sentence in plain.warnings)
    assert not any("screening" in sentence for sentence in screened.warnings)


def test_a_baseline_gives_the_limits_of_all_points():
    found = analyse([*NOISE, 30.0, 31.0], baseline=16)
    assert found.upper[-1] == analyse(NOISE).upper[0]
    assert found.label[-1] == "above_limit"
    assert not found.warnings or "baseline" not in found.warnings[0]
    assert any("baseline" in sentence for sentence in analyse(NOISE, baseline=6).warnings)
    with pytest.raises(ValueError, match="at least 2"):
        analyse(NOISE, baseline=1)


def test_a_new_segment_starts_at_the_rebase_point_and_nothing_crosses_it():
    values = [*NOISE, *(v + 50 for v in NOISE)]
    found = analyse(values, rebase=[16])
    assert found.segment == (0,) * 16 + (1,) * 16
    assert found.upper[16] - found.centre[16] == pytest.approx(found.upper[0] - found.centre[0])
    assert set(found.label) == {"common_cause"}
    rising = [float(v) for v in range(12)]
    assert not any("trend_up" in f for f in analyse(rising * 1, rebase=[6], fixed=(5, -99, 99)).flags)


def test_baseline_and_rebase_go_together():
    found = analyse([*NOISE, *(v + 50 for v in NOISE), 90.0], rebase=[16], baseline=12)
    assert found.upper[0] == analyse(NOISE[:12]).upper[0]
    assert found.centre[-1] == pytest.approx(np.mean(NOISE[:12]) + 50)
    assert found.label[-1] == "above_limit"


def test_excluded_points_leave_limits_and_rules_but_stay_drawn():
    values = [*NOISE[:8], 500.0, *NOISE[8:]]
    found = analyse(values, exclude=[8])
    assert found.values[8] == 500.0
    assert found.label[8] == "common_cause"
    assert found.flags[8] == ()
    assert found.centre[0] == pytest.approx(np.mean(NOISE))
    gap = analyse([*NOISE[:8], None, *NOISE[8:]])
    assert found.upper == gap.upper
    assert found.diagnostics == gap.diagnostics


def test_fixed_limits_are_used_as_given_and_need_no_points():
    found = analyse([10.0, 1.0], fixed=(5, 2, 8))
    assert found.label == ("above_limit", "below_limit")
    assert found.lower == (2.0, 2.0)
    assert (found.limits, found.refused_because) == ("ok", None)
    by_segment = analyse([*NOISE, *NOISE], rebase=[16], fixed={1: (5, 2, 8)})
    assert by_segment.upper[0] == analyse(NOISE).upper[0]
    assert by_segment.upper[-1] == 8.0
    with pytest.raises(ValueError, match="lower ≤ centre ≤ upper"):
        analyse(NOISE, fixed=(5, 8, 2))


# --- refusals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "screen", "because"),
    [
        ([1.0, 2.0, 3.0, 4.0, 5.0], None, "fewer than 6"),
        ([1.0, 1.0, 1.0, 1.0, 2.0], None, "fewer than 6"),
        ([5.0] * 15, None, "no variation"),
        ([1.0] * 8 + [2.0, 3.0, 4.0, 2.0, 3.0], None, "more than half"),
        ([1.0, 2.0] * 6 + [1.0], None, "more than half"),
        ([1.0] * 6 + [9.0] * 6, True, "screening"),
        ([1.0, None, 2.0, None, 3.0, None, 4.0, None, 5.0, None, 6.0], None, "neighbouring"),
        ([], None, "fewer than 6"),
        ([None] * 9, None, "fewer than 6"),
    ],
)
def test_limits_are_refused_where_they_would_collapse(values, screen, because):
    found = analyse(values, screen=screen, improve="up")
    assert found.limits == "refused"
    assert because in found.refused_because
    assert set(found.label) <= {"common_cause"}
    assert set(found.upper) <= {None}
    assert found.variation == "common_cause"
    assert found.diagnostics.false_icon_probability == 0


def test_exactly_half_equal_is_not_refused():
    assert analyse([1.0] * 7 + [2.0, 3.0, 4.0, 2.5, 3.5, 4.5, 5.5]).limits == "ok"


def test_zero_baseline_movement_is_refused_although_later_values_move():
    assert analyse([5.0] * 6 + NOISE, baseline=6).limits == "refused"


@pytest.mark.parametrize("count", [6, 12, 13])
def test_limits_are_provisional_below_13_values(count):
    assert analyse(NOISE[:count]).limits == ("ok" if count == 13 else "provisional")


def test_the_peer_rule_set_gives_the_peers_limits_and_the_reason():
    # Run on NHSRplotthedots 0.2.2: screening leaves no movement, limits collapse to 1.2, all five points outside.
    found = analyse([1, 1, 1, 1, 2], ruleset="mdc-r-0.2.2", improve="up")
    assert found.limits == "provisional"
    assert found.refused_because
    assert found.lower[0] == found.upper[0] == pytest.approx(1.2)
    assert found.label == ("below_limit",) * 4 + ("above_limit",)
    # Constant: no limits at all, no flags, and the package's assurance falls to inconsistent.
    constant = analyse([5.0] * 15, ruleset="mdc-r-0.2.2", improve="up", target=5.0)
    assert constant.upper[0] is None
    assert set(constant.label) == {"common_cause"}
    assert constant.assurance == "inconsistent"


# --- missing values ---------------------------------------------------------------------------------------------


def test_a_missing_value_removes_two_moving_ranges_and_breaks_runs():
    values = [1.0, 3.0, None, 10.0, 12.0, 14.0, 16.0, 18.0]
    found = analyse(values)
    assert found.centre[0] == pytest.approx(np.mean([1, 3, 10, 12, 14, 16, 18]))
    assert found.upper[0] - found.centre[0] == pytest.approx(2.66 * 2)
    assert found.label[2] == "common_cause"
    assert found.values[2] is None
    rising = [1.0, 2.0, 3.0, None, 4.0, 5.0, 6.0, 7.0, 8.0]
    assert not any("trend_up" in f for f in analyse(rising, fixed=(4, -99, 99)).flags)
    assert not any("shift_above" in f for f in analyse([1.0] * 4 + [None] + [1.0] * 4, fixed=(0, -9, 9)).flags)


def test_the_icon_is_about_the_last_value_there_is():
    values = [*NOISE, 30.0, None, None]
    found = analyse(values, improve="down")
    assert found.icon_at == 16
    assert found.variation == "concern_high"
    assert found.label[-1] == "common_cause"
    assert analyse([*NOISE, 30.0], improve="up", exclude=[16]).icon_at == 15


def test_nan_is_missing_and_infinity_is_refused():
    assert analyse([*NOISE, math.nan]).values[-1] is None
    with pytest.raises(ValueError, match="infinite"):
        analyse([*NOISE, math.inf])


# --- icons ------------------------------------------------------------------------------------------------------


def test_improvement_is_shown_where_a_point_is_both():
    # Below the limit, yet on the way up.
    values = [0.5, -0.5] * 7 + [-20.0, -19.0, -18.0, -17.0, -16.0, -15.0, -14.0]
    found = analyse(values, improve="up", fixed=(0, -3, 3))
    assert {"below_limit", "trend_up", "shift_below"} <= set(found.flags[-1])
    assert (found.label[-1], found.type[-1], found.variation) == ("trend_up", "improvement", "improvement_high")
    peer = analyse(values, improve="up", fixed=(0, -3, 3), ruleset="mdc-r-0.2.2")
    assert (peer.label[-1], peer.type[-1], peer.variation) == ("below_limit", "concern", "concern_low")
    assert analyse(values, fixed=(0, -3, 3)).variation == "neutral_low"


@pytest.mark.parametrize(
    ("target", "improve", "mine", "peer"),
    [
        (9.0, "up", "fail", "fail"),
        (8.0, "up", "fail", "inconsistent"),
        (5.0, "up", "inconsistent", "inconsistent"),
        (2.0, "up", "pass", "inconsistent"),
        (1.0, "up", "pass", "pass"),
        (9.0, "down", "pass", "pass"),
        (8.0, "down", "pass", "inconsistent"),
        (2.0, "down", "fail", "inconsistent"),
        (1.0, "down", "fail", "fail"),
        (9.0, "neutral", "none", "none"),
        (None, "up", "none", "none"),
    ],
)
def test_assurance_at_and_around_the_limits(target, improve, mine, peer):
    for ruleset, want in (("mdc-2023", mine), ("mdc-r-0.2.2", peer)):
        assert analyse(NOISE, fixed=(5, 2, 8), target=target, improve=improve, ruleset=ruleset).assurance == want


def test_a_constant_series_is_assured_by_its_value():
    assert analyse([100.0] * 15, improve="up", target=100.0).assurance == "pass"
    assert analyse([100.0] * 15, improve="up", target=101.0).assurance == "fail"
    assert analyse([100.0] * 15, improve="down", target=101.0).assurance == "pass"
    assert analyse([1.0] * 9 + [2.0] * 6, improve="up", target=0.0).assurance == "none"


# --- run charts -------------------------------------------------------------------------------------------------


def test_a_run_chart_has_a_median_and_no_limits_from_the_first_point():
    assert analyse([4.0], chart="run", ruleset="anhoej").centre == (4.0,)
    found = analyse([1.0, 9.0, 2.0, 8.0], chart="run", ruleset="anhoej")
    assert found.centre[0] == 5.0
    assert found.lower == (None,) * 4
    assert found.limits == "provisional"


def test_the_run_tests_decide_the_icon_of_the_anhoej_rules():
    low, high = [1.0, 2.0, 1.5, 2.5, 1.2, 2.2], [8.0, 9.0, 8.5, 9.5, 8.2, 9.2]
    found = analyse([*low, *low, *high, *high], chart="run", ruleset="anhoej", improve="up")
    assert (found.run.useful, found.run.longest, found.run.crossings) == (24, 12, 1)
    assert (found.run.longest_max, found.run.crossings_min) == (8, 8)
    assert found.run.signal
    assert found.variation == "improvement_high"
    assert set(found.label) == {"common_cause"}
    calm = analyse([v for pair in zip(low, high, strict=True) for v in pair], chart="run", ruleset="anhoej")
    assert not calm.run.signal
    assert calm.variation == "common_cause"


def test_values_on_the_median_are_not_useful():
    found = analyse([5.0, 1.0, 5.0, 9.0, 5.0, 1.0, 9.0], chart="run", ruleset="anhoej")
    assert (found.run.useful, found.run.longest, found.run.crossings) == (4, 1, 3)


def test_the_run_tests_read_the_last_segment():
    found = analyse([*NOISE, *(v + 50 for v in NOISE)], rebase=[16])
    assert found.run == analyse(NOISE).run


# --- diagnostics ------------------------------------------------------------------------------------------------


def test_lag1_is_the_first_coefficient_of_the_correlogram():
    # Box & Jenkins r1 by hand: deviations −2 −1 0 1 2, products 2 + 0 + 0 + 2 over 10.
    assert analyse([1.0, 2.0, 3.0, 4.0, 5.0]).diagnostics.lag1 == pytest.approx(0.4)
    assert analyse([5.0] * 9).diagnostics.lag1 is None
    assert analyse(NOISE).diagnostics.lag1_band == pytest.approx(0.5)
    shifted = analyse([*NOISE, *(v + 50 for v in NOISE)], rebase=[16])
    assert shifted.diagnostics.lag1 == pytest.approx(analyse(NOISE).diagnostics.lag1)


def test_ties_are_the_share_of_equal_neighbours():
    assert analyse([1.0, 1.0, 2.0, 3.0, 3.0]).diagnostics.ties == pytest.approx(0.5)


def test_a_season_is_found_and_noise_is_not():
    months = np.arange(48)
    rng = np.random.default_rng(3)
    wave = np.sin(months / 12 * 2 * np.pi) + rng.normal(0, 0.1, 48)
    assert analyse(wave.tolist(), season=12).diagnostics.seasonal > 0.9
    assert analyse(rng.normal(size=240).tolist(), season=12).diagnostics.seasonal < 0.15
    assert analyse(wave.tolist()).diagnostics.seasonal is None
    assert analyse(wave[:20].tolist(), season=12).diagnostics.seasonal is None


@pytest.mark.parametrize(
    ("n", "phi", "percent"),
    # reference/spc.md 4.1 and 4.3 (20,000 to 40,000 series a cell, with screening): last point coloured.
    [
        (12, 0, 1.5), (24, 0, 1.7), (36, 0, 1.7), (60, 0, 1.9), (24, 0.3, 5.5), (52, 0.3, 6.5), (24, 0.5, 12.6),
        (52, 0.5, 14.3), (24, 0.7, 26.7), (52, 0.7, 30.0), (24, 0.9, 52), (52, 0.9, 60),
    ],
)  # fmt: skip
def test_the_false_icon_table_agrees_with_an_earlier_simulation(n, phi, percent):
    assert 100 * false_icon_probability(n, phi, "mdc-r-0.2.2") == pytest.approx(percent, abs=0.5)


def test_a_cell_of_the_table_is_what_a_smaller_simulation_gives():
    rng = np.random.default_rng(11)
    values = rng.normal(size=(20_000, 24))
    values[:, 0] /= np.sqrt(1 - 0.25)
    for t in range(1, 24):
        values[:, t] += 0.5 * values[:, t - 1]
    coloured = np.mean([v != "common_cause" for v in analyse_many(values).variation()])
    assert coloured == pytest.approx(false_icon_probability(24, 0.5, "mdc-2023"), abs=0.01)


def test_false_icons_grow_with_autocorrelation_and_stop_below_six_values():
    chances = [false_icon_probability(30, phi, "mdc-2023") for phi in (-0.5, 0, 0.25, 0.5, 0.75, 0.99)]
    assert chances == sorted(chances)
    assert chances[0] == chances[1]
    assert false_icon_probability(5, 0.5, "mdc-2023") == 0
    with pytest.raises(ValueError, match="no rule set"):
        false_icon_probability(24, 0, "mdc")


def test_a_report_counts_expected_beside_observed():
    rng = np.random.default_rng(8)
    batch = analyse_many(rng.normal(size=(600, 24)))
    expected, observed = expected_icons(batch)
    assert expected == pytest.approx(sum(batch.false_icon_probability()))
    assert observed == sum(one.variation != "common_cause" for one in batch)
    assert 0 < expected < 40


# --- what is asked ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"chart": "pareto"}, "no chart 'pareto'"),
        ({"ruleset": "western"}, "no rule set 'western'"),
        ({"improve": "better"}, "none of up, down, neutral"),
        ({"rebase": [99]}, "not the index of a point"),
        ({"exclude": [-1]}, "not the index of a point"),
        ({"target": math.inf}, "infinite"),
        ({"fixed": {4: (1, 0, 2)}}, "no segment 4"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_plain_words(asked, says):
    with pytest.raises(ValueError, match=says):
        analyse(NOISE, **asked)


def test_each_series_may_have_options_of_its_own():
    series = [NOISE, NOISE[:13], [*NOISE, 40.0]]
    options = {
        "improve": ["up", "down", "neutral"],
        "target": [6.0, None, 3.0],
        "rebase": [(), (), (8,)],
        "exclude": [(1,), (), ()],
        "baseline": [None, 12, None],
        "ruleset": ["mdc-2023", "mdc-r-0.2.2", "mdc-2023"],
        "chart": ["xmr", "xmr", "run"],
        "fixed": [None, (5.0, 2.0, 8.0), None],
    }
    batch = analyse_many(series, **options)
    for at, values in enumerate(series):
        assert batch[at] == analyse(values, **{name: given[at] for name, given in options.items()})
    assert batch[-1] == batch[2]
    assert batch[1:] == [batch[1], batch[2]]
    with pytest.raises(ValueError, match="2 given for 3 series"):
        analyse_many(series, improve=["up", "down"])
    assert len(analyse_many([])) == 0


def test_one_fixed_triple_serves_three_series():
    batch = analyse_many([NOISE] * 3, fixed=(5.0, 2.0, 8.0))
    assert [one.upper[0] for one in batch] == [8.0] * 3


def test_results_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        analyse(NOISE).limits = "ok"


def test_extreme_values_do_not_crash():
    for values in ([1e308, -1e308] * 10, [5e-324, 0.0] * 7 + [1e-323], [1e300 * v for v in NOISE]):
        for ruleset in ("mdc-2023", "mdc-r-0.2.2", "anhoej"):
            found = analyse(values, ruleset=ruleset, improve="up", target=1.0, season=3)
            assert all(number is None or math.isfinite(number) for number in (*found.upper, found.diagnostics.lag1))
