"""Whose decision is a change? The first rule whose conditions all hold, with why none before it does."""

from collections.abc import Mapping
from dataclasses import dataclass

from goldthread.methods.rights.axes import accepts
from goldthread.methods.rights.model import NotMatched, Policy, Rule, Safe, Value
from goldthread.methods.rights.problems import listed, nearest
from goldthread.methods.rights.read_attributes import unusable


class ChangeProblem(ValueError):
    """A fact of the change that the scheme cannot use: the attribute, a sentence, and perhaps what was meant."""

    def __init__(self, attribute: str, message: str, suggestion: str | None = None) -> None:
        super().__init__(f"{message}; {suggestion}" if suggestion else message)
        self.attribute, self.message, self.suggestion = attribute, message, suggestion


class NobodyDecides(LookupError):
    """No rule covers the change; `because` says of each rule what it asks for."""

    def __init__(self, because: tuple[NotMatched, ...]) -> None:
        super().__init__("no rule of the scheme covers this change")
        self.because = because


@dataclass(frozen=True)
class Explanation:
    """The rule that decides, the values that met its conditions, which values were assumed, and why no earlier rule does.

    `change` is the whole change with what was assumed.
    """

    rule: Rule
    matched: dict[str, Value]
    assumed: tuple[str, ...]
    narrower: tuple[NotMatched, ...]
    change: Mapping[str, Value]


def explain(policy: Policy, change: Mapping[str, Value]) -> Explanation:
    """Say whose decision a change is, and why. Raises ChangeProblem, or NobodyDecides where no rule covers it."""
    assumed: tuple[str, ...] = ()
    answer = policy.index.answer(change)
    if answer is None:
        change, assumed = complete(policy, change)
        answer = policy.index.answer(change)
    rule, names, narrower = answer or (None, (), ())
    if rule is None:
        raise NobodyDecides(narrower)
    return Explanation(rule, {name: change[name] for name in names}, assumed, narrower, dict(change))


def complete(policy: Policy, change: Mapping[str, Value]) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The change with defaults filled in, and which those are. Raises ChangeProblem for anything that cannot be used."""
    for name in change:
        if name not in policy.attributes:
            there = listed(policy.attributes) or "none"
            raise ChangeProblem(
                name, f"there is no attribute {name!r}; there are: {there}", nearest(name, policy.attributes)
            )
    out: dict[str, Value] = {}
    assumed = []
    for name, attribute in policy.attributes.items():
        value = change.get(name)
        if value is None and attribute.default is not None:
            value = attribute.default
            assumed.append(name)
        if value is None:
            raise ChangeProblem(name, f"{name} is missing, and the scheme has no default for it")
        problem = unusable(attribute, value)
        if problem is not None:
            raise ChangeProblem(name, f"{name} {problem[0]}", problem[1])
        out[name] = value if isinstance(value, bool) else int(value) if isinstance(value, int) else str.__str__(value)
    return out, tuple(assumed)


def safe_to_try(policy: Policy, change: Mapping[str, Value]) -> Safe | None:
    """The first kind of change that may simply be tried and that this one is; None if it is none. Raises ChangeProblem."""
    if not policy.safe:
        return None
    facts, _ = complete(policy, change)
    for safe in policy.safe:
        if all(accepts(policy.attributes[name], condition, facts[name]) for name, condition in safe.when.items()):
            return safe
    return None
