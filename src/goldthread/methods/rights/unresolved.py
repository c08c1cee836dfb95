"""Do all names in the scheme stand for somebody? A scheme enters into force only when they do."""

from collections.abc import Collection, Iterator

from goldthread.methods.rights.model import Policy
from goldthread.methods.rights.problems import Problem, listed, nearest


def unresolved(policy: Policy, *, roles: Collection[str], levels: Collection[str]) -> tuple[Problem, ...]:
    """Every name that stands for nobody, once for each place; and decision-makers whose role or level is not known."""
    return (*_unnamed(policy), *_unknown(policy, roles, levels))


def _unnamed(policy: Policy) -> Iterator[Problem]:
    for rule, key, name in _used(policy):
        if name not in policy.deciders:
            yield Problem(
                rule, key, f"{name!r} is nobody yet: add [deciders.{_key(name)}]", nearest(name, policy.deciders)
            )


def _used(policy: Policy) -> Iterator[tuple[str | None, str, str]]:
    """Rule, key and name, wherever the scheme names somebody."""
    for rule in policy.rules:
        then = rule.then
        one_by_one = (("decider", (then.decider,)), ("consult", then.consult), ("inform", then.inform))
        for key, names in (*one_by_one, ("second", (then.second,) if then.second else ())):
            for name in names:
                yield rule.id, f"then.{key}", name
    for at, step in enumerate(policy.ladder, 1):
        yield None, f"ladder.number {at}.decider", step.decider
    for safe in policy.safe:
        for name in safe.inform:
            yield None, f"safe_to_try.{safe.id}.inform", name


def _unknown(policy: Policy, roles: Collection[str], levels: Collection[str]) -> Iterator[Problem]:
    for name, decider in policy.deciders.items():
        if decider.body:
            continue
        where = f"deciders.{_key(name)}"
        if not decider.role:
            yield Problem(None, f"{where}.role", f"{name!r} has neither a role nor a body: {listed(sorted(roles))}")
        for key, given in (("role", decider.role), ("deputy", decider.deputy)):
            if given and given not in roles:
                yield Problem(None, f"{where}.{key}", f"there is no role {given!r}", nearest(given, roles))
        if decider.level and decider.level not in levels:
            yield Problem(
                None, f"{where}.level", f"there is no level {decider.level!r}", nearest(decider.level, levels)
            )


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else f'"{name}"'
