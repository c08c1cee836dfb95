"""From limits and labels to the two icons: variation (is it changing?) and assurance (will it meet the target?)."""

import math

from goldthread.methods.spc.limits import CONSTANT
from goldthread.methods.spc.rulesets import RuleSet


def assurance(
    rules: RuleSet,
    direction: int,
    target: float | None,
    limits: tuple[float, float, float] | None,
    refused: int,
) -> str:
    """`pass`, `fail`, `inconsistent` or `none`, from centre, lower and upper of the last segment (NaN = no limit).

    none: no target, no direction, or no limits (None: a chart that has none). A constant series has no limits, but its value either meets the target
    or does not. Where a peer's rule set has no limits to compare with, the peer says inconsistent.
    """
    if target is None or direction == 0 or limits is None:
        return "none"
    centre, lower, upper = limits
    if rules.refuses and refused == CONSTANT:
        return "pass" if direction * (centre - target) >= 0 else "fail"
    if math.isnan(upper) or math.isnan(lower):
        return "none" if rules.refuses else "inconsistent"
    if target > upper or (rules.target_on_limit_decides and target == upper):
        return "fail" if direction > 0 else "pass"
    if target < lower or (rules.target_on_limit_decides and target == lower):
        return "pass" if direction > 0 else "fail"
    return "inconsistent"
