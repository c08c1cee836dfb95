"""Random schemes as TOML, and slow but obvious answers about them."""

import itertools
import json
import random
from collections.abc import Iterator, Mapping
from typing import Any

from goldthread.methods.rights import Condition, Is, Numbers, OneOf, Ordered, Policy, read_policy
from goldthread.methods.rights.model import METHODS

SCALE = ("none", "low", "moderate", "high")
SUBJECTS = ("practice", "staffing", "estate", "digital")
SCOPES = ("team", "department", "division", "organisation", "system")

ATTRIBUTES = {
    "risk": ("ordered", SCALE),
    "scope": ("ordered", SCOPES),
    "subject": ("enum", SUBJECTS),
    "mode": ("enum", ("normal", "crisis")),
    "reversible": ("bool", ()),
    "recurrent": ("bool", ()),
    "cost": ("int", (0, None)),
    "balance": ("int", (None, None)),
    "months": ("int", (0, 120)),
    "partners": ("int", (None, 9)),
}


def policy_of(text: str) -> Policy:
    """A sound policy, or the first problem as a failure."""
    reading = read_policy(text)
    assert reading.policy is not None, reading.problems
    return reading.policy


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def attributes_toml(names: list[str]) -> list[str]:
    lines = []
    for name in names:
        kind, values = ATTRIBUTES[name]
        lines += [f"[attributes.{name}]", f'type = "{kind}"']
        if kind in ("ordered", "enum"):
            lines.append(f"values = {toml(values)}")
        elif kind == "int":
            lines += [f"{key} = {one}" for key, one in zip(("min", "max"), values, strict=True) if one is not None]
    return lines


def table(names: list[str], rules: list[dict[str, Any]]) -> str:
    """A scheme as text."""
    lines = attributes_toml(names)
    for rule in rules:
        lines.append("[[rule]]")
        lines += [f"{key} = {toml(value)}" for key, value in rule.items()]
    return "\n".join(lines) + "\n"


def condition(chance: random.Random, name: str) -> Any:
    """A random condition on one attribute, as it is written."""
    kind, values = ATTRIBUTES[name]
    if kind == "bool":
        return chance.random() < 0.5
    if kind == "enum":
        return {"in": sorted(chance.sample(values, chance.randint(1, len(values) - 1)))}
    if kind == "ordered":
        low, high = sorted((chance.randrange(len(values)), chance.randrange(len(values))))
        return ["*" if chance.random() < 0.3 else values[low], "*" if chance.random() < 0.3 else values[high]]
    least = -3 if values[0] is None else values[0]
    low, high = sorted((chance.randint(least, least + 9), chance.randint(least, least + 9)))
    return ["*" if chance.random() < 0.3 else low, "*" if chance.random() < 0.3 else high]


def random_table(chance: random.Random, names: list[str], rules: int, asks: float = 0.5) -> str:
    """Rules that each ask for about `asks` of the attributes; outcomes and priorities often coincide."""
    made = []
    for at in range(rules):
        rule = {"id": f"R{at}", "clause": str(at), "priority": chance.randint(1, max(1, rules // 2))}
        rule["specialises"] = [f"R{other}" for other in range(rules) if other != at and chance.random() < 0.05]
        rule["residual"] = chance.random() < 0.15
        rule["when"] = {name: condition(chance, name) for name in names if chance.random() < asks}
        rule["then"] = {
            "decider": chance.choice(("manager", "board")),
            "method": chance.choice(METHODS[:2]),
            "within_days": 5,
        }
        made.append(rule)
    return table(names, made)


def holds(policy: Policy, name: str, asked: Condition, value: Any) -> bool:
    """Does a value meet a condition? Read off the definition, without any table."""
    if isinstance(asked, Is):
        return value is asked.value
    if isinstance(asked, OneOf):
        return value in asked.values
    if isinstance(asked, Numbers):
        return not (asked.low is not None and value < asked.low) and not (asked.high is not None and value > asked.high)
    assert isinstance(asked, Ordered)
    order = policy.attributes[name].values
    accepted = order[order.index(asked.low or order[0]) : order.index(asked.high or order[-1]) + 1]
    return value in accepted


def matching(policy: Policy, change: Mapping[str, Any]) -> list[str]:
    """The ids of all rules that accept the change, in the order in which they are tried."""
    return [
        rule.id
        for rule in policy.rules
        if all(holds(policy, name, asked, change[name]) for name, asked in rule.when.items())
    ]


def points(policy: Policy) -> Iterator[dict[str, Any]]:
    """Every change of a small domain; open ends of numbers are cut a little beyond all bounds used here."""
    ranges = []
    for one in policy.attributes.values():
        if one.type == "int":
            ranges.append(
                range(-5 if one.low is None else one.low, (15 if one.high is None else min(one.high, 15)) + 1)
            )
        else:
            ranges.append((False, True) if one.type == "bool" else one.values)
    for values in itertools.product(*ranges):
        yield dict(zip(policy.attributes, values, strict=True))
