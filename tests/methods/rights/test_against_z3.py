"""The checker against a solver that knows nothing of boxes: 40 random tables, or 300 under GOLDTHREAD_FAULT_ROUNDS."""

import os
import random

import pytest
import z3

from goldthread.methods.rights import Is, Numbers, OneOf, Policy, check
from tests.methods.rights.tables import ATTRIBUTES, policy_of, random_table

TABLES = 300 if int(os.environ.get("GOLDTHREAD_FAULT_ROUNDS", "1")) > 1 else 40


class Solver:
    """Each attribute as a whole number (the place of its value), each rule as a formula."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.variables = {name: z3.Int(name) for name in policy.attributes}
        self.domain = z3.And([self._bounds(name) for name in policy.attributes] or [True])
        self.covers = {
            rule.id: z3.And([self._holds(*one) for one in rule.when.items()] or [True]) for rule in policy.rules
        }

    def possible(self, *formulas) -> bool:
        solver = z3.Solver()
        solver.add(self.domain, *formulas)
        return solver.check() == z3.sat

    def _bounds(self, name):
        one, x = self.policy.attributes[name], self.variables[name]
        if one.type == "int":
            ends = [x >= one.low] if one.low is not None else []
            return z3.And([*ends, *([x <= one.high] if one.high is not None else [])] or [True])
        return z3.And(x >= 0, x < (2 if one.type == "bool" else len(one.values)))

    def _holds(self, name, asked):
        x, values = self.variables[name], self.policy.attributes[name].values
        if isinstance(asked, Is):
            return x == int(asked.value)
        if isinstance(asked, OneOf):
            return z3.Or([x == values.index(one) for one in sorted(asked.values)])
        low, high = asked.low, asked.high
        if not isinstance(asked, Numbers):
            low, high = (None if end is None else values.index(end) for end in (low, high))
        return z3.And([*([x >= low] if low is not None else []), *([x <= high] if high is not None else [])] or [True])


def asked(seed: int) -> Policy:
    chance = random.Random(seed)
    names = chance.sample(list(ATTRIBUTES), chance.randint(2, len(ATTRIBUTES)))
    return policy_of(random_table(chance, names, chance.randint(3, 40), chance.choice((0.2, 0.4, 0.7, 0.9))))


@pytest.mark.parametrize("seed", range(TABLES))
def test_findings_are_those_of_the_solver(seed):
    policy = asked(seed)
    found, solver = check(policy), Solver(policy)
    ordinary = [z3.Not(solver.covers[rule.id]) for rule in policy.rules if not rule.residual]
    last = [solver.covers[rule.id] for rule in policy.rules if rule.residual]
    assert any(not gap.residual for gap in found.gaps) == solver.possible(*ordinary, z3.Not(z3.Or(last or [False])))
    assert any(gap.residual for gap in found.gaps) == solver.possible(*ordinary, z3.Or(last or [False]))
    dead = []
    for at, rule in enumerate(policy.rules):
        earlier = [z3.Not(solver.covers[other.id]) for other in policy.rules[:at]]
        if not rule.residual and not solver.possible(solver.covers[rule.id], *earlier):
            dead.append(rule.id)
    assert list(found.dead) == dead
    overlapping = {
        (one.id, other.id)
        for at, one in enumerate(policy.rules)
        for other in policy.rules[at + 1 :]
        if one.then != other.then and solver.possible(solver.covers[one.id], solver.covers[other.id])
    }
    assert {one.rules for one in found.overlaps} == overlapping


def test_the_random_tables_have_every_kind_of_finding():
    found = [check(asked(seed)) for seed in range(TABLES)]
    for share in (
        sum(any(not gap.residual for gap in one.gaps) for one in found),
        sum(any(gap.residual for gap in one.gaps) for one in found),
        sum(bool(one.dead) for one in found),
        sum(bool(one.overlaps) for one in found),
        sum(not one.gaps for one in found),
    ):
        assert share >= 4
