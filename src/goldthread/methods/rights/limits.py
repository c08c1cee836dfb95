"""Earned authority: the same scheme with one upper limit of one rule raised."""

from dataclasses import replace

from goldthread.methods.rights.model import Attribute, Condition, Numbers, Ordered, Policy
from goldthread.methods.rights.problems import shown
from goldthread.methods.rights.read_attributes import unusable


def with_limit(policy: Policy, *, rule: str, attribute: str, high: int | str) -> Policy:
    """The policy with the upper limit of one condition at `high`. ValueError if there is no such limit, or it is not higher."""
    known = policy.attributes.get(attribute)
    found = next((one for one in policy.rules if one.id == rule), None)
    if found is None:
        raise ValueError(f"there is no rule {rule!r}")
    condition = found.when.get(attribute)
    if known is None or not isinstance(condition, Numbers | Ordered) or condition.high is None:
        raise ValueError(f"rule {rule!r} has no upper limit of {attribute!r} that could be raised")
    if problem := unusable(known, high):
        raise ValueError(f"{attribute} {problem[0]}")
    changed = replace(found, when={**found.when, attribute: _raised(known, condition, high)})
    return replace(policy, rules=tuple(changed if one is found else one for one in policy.rules))


def _raised(attribute: Attribute, condition: Numbers | Ordered, high: int | str) -> Condition:
    if isinstance(condition, Numbers):
        before, after = condition.high, high
    else:
        before, after = attribute.values.index(str(condition.high)), attribute.values.index(str(high))
    if after < before:  # type: ignore[operator]
        raise ValueError(
            f"{shown(high)} is lower than the limit there is, {shown(condition.high)}; authority is earned upwards"
        )
    return replace(condition, high=high)  # type: ignore[arg-type]
