"""Named, versioned rule sets: what counts as a signal, stored by name with every result.

"Plot the dots" is not one specification: the implementations in use disagree (docs/reference/spc.md lists where).
A rule set is frozen; a changed rule is a new name, so that a result can always be recomputed as it was shown.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class RuleSet:
    """Everything that decides limits, flags and icons for one published way of reading a chart."""

    name: str
    title: str
    limit_factor: float = 2.66
    """Limits are centre ± this × mean moving range; two-sigma limits at two thirds of it."""
    screen_factor: float = 3.267
    """With screening, moving ranges not strictly below this × their mean leave the mean moving range (one pass)."""
    screens: bool = False
    """Whether moving ranges are screened unless the caller says otherwise."""
    outside: bool = True
    shift: int = 7
    """Points in a row strictly on one side of the centre; 0 turns the rule off."""
    trend: int = 7
    """Points in a row, each strictly above (or below) the one before; 0 turns the rule off."""
    two_of_three: str = "far"
    """`far`: beyond two sigma, also beyond three; `near`: beyond two but not beyond three sigma; `off`."""
    target_on_limit_decides: bool = True
    """A target exactly on a limit: pass or fail (True), or inconsistent (False)."""
    improvement_wins: bool = True
    """A point with flags in both directions: improvement is shown (True), or the first label in order (False)."""
    refuses: bool = True
    """Whether limits are refused where they would collapse; a peer's rule set gives the peer's limits instead."""
    judges_runs: bool = False
    """The variation icon follows the run tests on the whole chart, not the last point."""
    source: str = ""


_RULE_SETS = {
    rules.name: rules
    for rules in (
        RuleSet(
            name="mdc-2023",
            title="Making Data Count, from late 2023",
            source="NHS England Making Data Count; the 2023 change as described in nhs-r-community/NHSRplotthedots issue 194",
        ),
        RuleSet(
            name="mdc-r-0.2.2",
            title="Making Data Count as in the R package NHSRplotthedots 0.2.2",
            screens=True,
            two_of_three="near",
            target_on_limit_decides=False,
            improvement_wins=False,
            refuses=False,
            source="nhs-r-community/NHSRplotthedots 0.2.2, commit 050b07d",
        ),
        RuleSet(
            name="anhoej",
            title="Anhøj rules: unusually long runs and unusually few crossings",
            shift=0,
            trend=0,
            two_of_three="off",
            judges_runs=True,
            source="Anhøj & Olesen, PLoS ONE 2014;9:e113825; Anhøj, PLoS ONE 2015;10:e0121349",
        ),
    )
}

DEFAULT_RULE_SET = "mdc-2023"


def ruleset_names() -> tuple[str, ...]:
    """The names of the rule sets that can be asked for."""
    return tuple(_RULE_SETS)


def ruleset(name: str) -> RuleSet:
    """The rule set of that name. Raises ValueError naming those there are."""
    try:
        return _RULE_SETS[name]
    except KeyError:
        raise ValueError(f"no rule set {name!r}; there are: {', '.join(_RULE_SETS)}") from None
