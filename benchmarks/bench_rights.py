"""Speed of decision rights: asking against a table of closures written by hand, checking against z3, and a large scheme.

All ratios are taken within this run, on one thread. The closure table is the eight rules of the scheme below as plain
Python, first match wins; it returns an id and nothing else, where `explain` also checks the change, says what matched
and why no narrower rule does.
"""

import random
import statistics
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from goldthread.methods.rights import Is, Numbers, OneOf, Policy, check, explain, read_policy
from goldthread.methods.rights.search import Gaps

SCOPES = ["team", "department", "division", "organisation", "place", "system"]
RISKS = ["none", "low", "moderate", "high"]
SUBJECTS = ["practice", "staffing", "spending", "estate", "digital", "information", "policy", "joint"]
ATTRIBUTES = {
    "scope": ("ordered", SCOPES),
    "risk": ("ordered", RISKS),
    "subject": ("enum", SUBJECTS),
    "mode": ("enum", ["normal", "critical"]),
    "reversible": ("bool", None),
    "recurrent": ("bool", None),
    "cost": ("int", None),
    "organisations": ("int", None),
    "months": ("int", None),
    "people": ("int", None),
}
EIGHT = [
    ("reserved", {"subject": {"in": ["policy"]}}),
    ("joint", {"organisations": [2, "*"]}),
    ("incident", {"mode": {"in": ["critical"]}, "cost": ["*", 49_999], "reversible": True}),
    ("ward", {"scope": ["*", "team"], "cost": ["*", 4_999], "risk": ["*", "low"], "reversible": True}),
    ("department", {"scope": ["*", "department"], "cost": ["*", 24_999], "risk": ["*", "low"]}),
    ("executive", {"cost": ["*", 499_999], "risk": ["*", "moderate"]}),
    ("clinical", {"cost": ["*", 499_999], "subject": {"in": ["practice", "staffing"]}}),
    ("board", {}),
]
EIGHT_NAMES = ["scope", "risk", "subject", "mode", "reversible", "cost", "organisations"]


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int) else f'"{value}"'


def policy(names: list[str], rules: list[tuple[str, dict[str, Any]]]) -> Policy:
    """A scheme of these rules, tried in this order, each with an outcome of its own."""
    lines = []
    for name in names:
        kind, values = ATTRIBUTES[name]
        lines += [f"[attributes.{name}]", f'type = "{kind}"', f"values = {toml(values)}" if values else ""]
        lines += ["min = 0"] if kind == "int" else []
    for name, when in rules:
        then = f'{{ decider = "{name}", method = "alone", within_days = 5 }}'
        lines += ["[[rule]]", f'id = "{name}"', f"when = {toml(when)}", f"then = {then}"]
    found = read_policy("\n".join(lines))
    if found.policy is None:
        raise SystemExit(f"the benchmark's own scheme is wrong: {found.problems[0]}")
    return found.policy


def change(chance: random.Random, names: list[str]) -> dict[str, Any]:
    """A random change, its numbers drawn where the limits lie."""
    made: dict[str, Any] = {}
    for name in names:
        kind, values = ATTRIBUTES[name]
        if name == "organisations":
            made[name] = chance.choice((1, 1, 1, 2, 5))
        elif kind == "int":
            made[name] = int(10 ** chance.uniform(0, 6))
        else:
            made[name] = chance.random() < 0.7 if kind == "bool" else chance.choice(values)
    return made


def closures() -> Callable[[dict[str, Any]], str]:
    """The eight rules as somebody would write them by hand."""
    scope, risk = ({name: at for at, name in enumerate(scale)} for scale in (SCOPES, RISKS))
    table: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
        ("reserved", lambda c: c["subject"] == "policy"),
        ("joint", lambda c: c["organisations"] > 1),
        ("incident", lambda c: c["mode"] == "critical" and c["cost"] < 50_000 and c["reversible"]),
        (
            "ward",
            lambda c: scope[c["scope"]] <= 0 and c["cost"] < 5_000 and risk[c["risk"]] <= 1 and c["reversible"],
        ),
        ("department", lambda c: scope[c["scope"]] <= 1 and c["cost"] < 25_000 and risk[c["risk"]] <= 1),
        ("executive", lambda c: c["cost"] < 500_000 and risk[c["risk"]] <= 2),
        ("clinical", lambda c: c["cost"] < 500_000 and c["subject"] in ("practice", "staffing")),
        ("board", lambda c: True),
    ]

    def decide(asked: dict[str, Any]) -> str:
        for name, holds in table:
            if holds(asked):
                return name
        raise LookupError

    return decide


def compiled(scheme: Policy) -> Callable[[dict[str, Any]], str]:
    """A table of closures made from the conditions of any scheme: one closure for each condition."""
    orders = {name: {value: at for at, value in enumerate(one.values)} for name, one in scheme.attributes.items()}

    def test(name: str, asked: Any) -> Callable[[dict[str, Any]], bool]:
        if isinstance(asked, OneOf):
            return lambda c, values=asked.values: c[name] in values
        if isinstance(asked, Is):
            return lambda c, value=asked.value: c[name] is value
        order = None if isinstance(asked, Numbers) else orders[name]
        low, high = asked.low, asked.high
        if order is None:
            low, high = (0 if low is None else low, 10**12 if high is None else high)
            return lambda c: low <= c[name] <= high
        low, high = (0 if low is None else order[low], len(order) if high is None else order[high])
        return lambda c: low <= order[c[name]] <= high

    table = [(rule.id, [test(name, asked) for name, asked in rule.when.items()]) for rule in scheme.rules]

    def decide(asked: dict[str, Any]) -> str:
        for name, tests in table:
            if all(holds(asked) for holds in tests):
                return name
        raise LookupError

    return decide


def best(work: Callable[[], object], times: int = 15) -> float:
    """The shortest of several runs, in seconds."""
    found = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        found = min(found, time.perf_counter() - start)
    return found


def drained(work: Callable[[dict[str, Any]], object], changes: list[dict[str, Any]]) -> float:
    """The shortest time for all changes, with no answer kept, so that no engine pays for another's memory."""
    return best(lambda: deque(map(work, changes), maxlen=0))


def asking() -> None:
    """The ratio of `explain` to the closures, on changes of which most have been seen before, and on all new ones."""
    scheme, by_hand = policy(EIGHT_NAMES, EIGHT), closures()
    by_closure = compiled(scheme)
    chance = random.Random(1)
    changes = [change(chance, EIGHT_NAMES) for _ in range(2_000)]
    for one in changes:
        if not explain(scheme, one).rule.id == by_hand(one) == by_closure(one):
            raise SystemExit(f"the engines disagree on {one}")
    ours = drained(lambda one: explain(scheme, one), changes)

    def anew(one: dict[str, Any]) -> None:
        scheme.index.explained.clear()
        explain(scheme, one)

    fresh = drained(anew, changes)
    lambdas, general = drained(by_hand, changes), drained(by_closure, changes)
    count = len(changes)
    print(f"8 rules, {count:,} random changes; all three agree on every one")
    print(f"  one hand-written lambda a rule      {lambdas / count * 1e6:6.2f} µs")
    print(f"  one closure a condition             {general / count * 1e6:6.2f} µs")
    print(
        f"  explain, cells seen before          {ours / count * 1e6:6.2f} µs = {ours / lambdas:.1f} x the lambdas, {ours / general:.1f} x the closures"
    )
    print(
        f"  explain, nothing remembered         {fresh / count * 1e6:6.2f} µs = {fresh / lambdas:.1f} x the lambdas, {fresh / general:.1f} x the closures"
    )


def condition(chance: random.Random, name: str) -> Any:
    """A random condition on one attribute."""
    kind, values = ATTRIBUTES[name]
    if kind == "bool":
        return chance.random() < 0.5
    if kind == "enum":
        return {"in": chance.sample(values, chance.randint(1, len(values) - 1))}
    if kind == "ordered":
        return [values[at] for at in sorted(chance.choices(range(len(values)), k=2))]
    low, high = sorted(int(10 ** chance.uniform(0, 6)) for _ in range(2))
    return ["*" if chance.random() < 0.3 else low, "*" if chance.random() < 0.3 else high]


def random_policy(seed: int, names: list[str], rules: int, asks: float) -> Policy:
    """Rules that each ask for about `asks` of the attributes."""
    chance = random.Random(seed)
    made = [
        (f"R{at}", {name: condition(chance, name) for name in names if chance.random() < asks}) for at in range(rules)
    ]
    return policy(names, made)


def z3_gap(scheme: Policy) -> bool:
    """z3's answer to: is there a change that no rule covers?"""
    import z3

    variables = {name: z3.Int(name) for name in scheme.attributes}
    solver = z3.Solver()
    for name, x in variables.items():
        one = scheme.attributes[name]
        solver.add(x >= 0)
        if one.type != "int":
            solver.add(x < (len(one.values) or 2))
    for rule in scheme.rules:
        parts = []
        for name, asked in rule.when.items():
            x, values = variables[name], scheme.attributes[name].values
            if isinstance(asked, Is):
                parts.append(x == int(asked.value))
            elif isinstance(asked, OneOf):
                parts.append(z3.Or([x == values.index(one) for one in asked.values]))
            else:
                ends = [asked.low, asked.high]
                low, high = (
                    ends if isinstance(asked, Numbers) else [None if e is None else values.index(e) for e in ends]
                )
                parts += ([x >= low] if low is not None else []) + ([x <= high] if high is not None else [])
        solver.add(z3.Not(z3.And(parts or [z3.BoolVal(True)])))
    return solver.check() == z3.sat


def checking() -> None:
    """Everything that `check` finds, against z3's answer to the gap question alone."""
    try:
        import z3  # noqa: F401
    except ImportError:
        print("z3: not installed")
        return
    all_findings, only_gaps, gaps, agree = [], [], 0, 0
    for seed in range(60):
        chance = random.Random(seed)
        names = chance.sample(list(ATTRIBUTES), chance.randint(3, 8))
        scheme = random_policy(seed, names, chance.randint(3, 40), chance.choice((0.15, 0.3, 0.6)))
        start = time.perf_counter()
        found = bool(Gaps(scheme.index.axes, scheme.index.all, 0, 1).find())
        gap_question = time.perf_counter() - start
        start = time.perf_counter()
        check(scheme)
        everything = time.perf_counter() - start
        start = time.perf_counter()
        theirs = z3_gap(scheme)
        seconds = time.perf_counter() - start
        only_gaps.append(seconds / gap_question)
        all_findings.append(seconds / (gap_question + everything))
        gaps += theirs
        agree += theirs == found
    print(f"60 random tables of 3 to 40 rules, {gaps} with gaps; the same answer {agree} of 60 times")
    for name, ratios in (("the same question", only_gaps), ("every finding", all_findings)):
        print(f"  z3 on gaps = {statistics.median(ratios):4.1f} x ours on {name} (median; least {min(ratios):.1f})")


def bands(subjects: list[str], limits: list[int]) -> list[tuple[str, dict[str, Any]]]:
    """A scheme as organisations write it: for each subject and scope, bands of cost, split by risk at the top."""
    made = []
    for subject in subjects:
        for at, scope in enumerate(SCOPES[:4]):
            low: Any = "*"
            for limit in [*limits[at : at + 5], "*"]:
                when = {
                    "subject": {"in": [subject]},
                    "scope": [scope, "system" if at == 3 else scope],
                    "cost": [low, limit],
                }
                made.append((f"R{len(made)}", {**when, "risk": ["*", "moderate"]} if limit == "*" else when))
                low = limit + 1 if limit != "*" else "*"
    return made


def large() -> None:
    """Schemes of 200 rules and ten attributes: one as people write them, and random ones that are harder."""
    written = bands(SUBJECTS, [500, 5_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000])
    written += [
        (f"X{at}", {"organisations": [2 + at, 2 + at], "months": [at * 12, "*"]}) for at in range(200 - len(written))
    ]
    schemes = {"as people write it": policy(list(ATTRIBUTES), written[:200])}
    schemes |= {f"random, {asks:.0%} asked": random_policy(9, list(ATTRIBUTES), 200, asks) for asks in (0.2, 0.5, 0.8)}
    for name, scheme in schemes.items():
        start = time.perf_counter()
        found = check(scheme)
        seconds = time.perf_counter() - start
        said = f"{len(found.gaps)} gaps listed, {len(found.overlaps):,} overlaps, {len(found.dead)} without effect"
        print(f"{len(scheme.rules)} rules x {len(scheme.attributes)} attributes, {name}: {seconds:.2f} s ({said})")


if __name__ == "__main__":
    asking()
    checking()
    large()
