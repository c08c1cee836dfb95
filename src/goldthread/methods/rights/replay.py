"""What would have been decided where under a scheme, against what was."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from goldthread.methods.rights.explain import ChangeProblem, NobodyDecides, explain
from goldthread.methods.rights.model import Policy, Value

#: Levels from the top down; a decider at the lowest level that the scheme names is the front line.
LEVELS = ("nation", "region", "system", "place", "organisation", "site", "division", "department", "team")


@dataclass(frozen=True)
class Case:
    """A decision that was taken. Empty `decider` or `level` and days None: not known. `line` is its place in a file."""

    id: str
    attributes: Mapping[str, Value]
    decider: str = ""
    level: str = ""
    days: float | None = None
    passed_up: int = 0
    line: int | None = None


@dataclass(frozen=True)
class Unusable:
    """A case of which the scheme cannot be asked."""

    id: str
    line: int | None
    because: str


@dataclass(frozen=True)
class Row:
    """One decision: who took it, and who would have, by which rule. `rule` is None where nobody could."""

    id: str
    was: str | None
    would: str | None
    rule: str | None
    method: str | None
    within_days: int | None


@dataclass(frozen=True)
class Observed:
    """How long somebody's decisions took, in days; no mean where there were none."""

    n: int
    mean: float | None


@dataclass(frozen=True)
class FrontLine:
    """Decisions taken at the lowest level that the scheme names; None where that cannot be told."""

    was: int | None
    would: int | None
    more: int | None
    lowest: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """Mean days under both: each decision is given the mean of whoever would have taken it. None with a reason."""

    was_mean: float | None
    would_mean: float | None
    by_decider: dict[str, Observed]
    because: str


@dataclass(frozen=True)
class Replay:
    """The answer for every case, and what it comes to. `same` and `moved` count those whose decision-maker is known.

    `passed_up`: how many were passed up at least once; `straight_there`: of those, how many would have started where
    they ended.
    """

    decisions: int
    unusable: tuple[Unusable, ...]
    same: int
    moved: int
    nobody: int
    rows: tuple[Row, ...]
    by_decider: dict[str, dict[str, int]]
    front_line: FrontLine
    expected_waiting: Waiting
    passed_up: int
    straight_there: int


def replay(policy: Policy, cases: Iterable[Case]) -> Replay:
    """Ask the scheme of every case. Cases that it cannot be asked of are listed, never dropped silently."""
    pairs: list[tuple[Case, Row]] = []
    unusable: list[Unusable] = []
    for case in cases:
        try:
            pairs.append((case, _row(policy, case)))
        except ChangeProblem as problem:
            unusable.append(Unusable(case.id, case.line, str(problem)))
    rows = tuple(row for _, row in pairs)
    known = [row for row in rows if row.was and row.would]
    same = sum(row.was == row.would for row in known)
    passed = [row for case, row in pairs if case.passed_up]
    return Replay(
        decisions=len(rows) + len(unusable),
        unusable=tuple(unusable),
        same=same,
        moved=len(known) - same,
        nobody=sum(row.rule is None for row in rows),
        rows=rows,
        by_decider=_by_decider(rows),
        front_line=_front_line(policy, pairs),
        expected_waiting=_waiting(pairs),
        passed_up=len(passed),
        straight_there=sum(row.was == row.would for row in passed if row.was),
    )


def _row(policy: Policy, case: Case) -> Row:
    try:
        rule = explain(policy, case.attributes).rule
    except NobodyDecides:
        return Row(case.id, case.decider or None, None, None, None, None)
    then = rule.then
    return Row(case.id, case.decider or None, then.decider, rule.id, then.method, then.within_days)


def _by_decider(rows: tuple[Row, ...]) -> dict[str, dict[str, int]]:
    was, would = Counter(row.was for row in rows), Counter(row.would for row in rows)
    names = sorted({name for name in (*was, *would) if name})
    return {name: {"was": was[name], "would": would[name]} for name in names}


def _front_line(policy: Policy, pairs: list[tuple[Case, Row]]) -> FrontLine:
    places = {name: LEVELS.index(one.level) for name, one in policy.deciders.items() if one.level in LEVELS}
    if not places:
        return FrontLine(None, None, None, ())
    lowest = max(places.values())
    would = sum(row.would is not None and places.get(row.would, -1) == lowest for _, row in pairs)
    names = tuple(name for name, place in places.items() if place == lowest)
    before = [LEVELS.index(case.level) if case.level in LEVELS else places.get(case.decider) for case, _ in pairs]
    if all(place is None for place in before):
        return FrontLine(None, would, None, names)
    was = sum(place is not None and place >= lowest for place in before)
    return FrontLine(was, would, would - was, names)


def _waiting(pairs: list[tuple[Case, Row]]) -> Waiting:
    timed = [(case, row) for case, row in pairs if case.days is not None and row.was]
    days: dict[str, list[float]] = {}
    for case, _ in timed:
        days.setdefault(case.decider, []).append(case.days or 0.0)
    wanted = {row.would for _, row in timed if row.would}
    observed = {
        name: Observed(len(found), sum(found) / len(found) if found else None)
        for name in sorted({*days, *wanted})
        for found in (days.get(name, []),)
    }
    covered = [(case, row) for case, row in timed if row.would]
    unknown = sorted(name for name in wanted if name not in days)
    counts = ", ".join(f"{name} {one.n}" for name, one in observed.items())
    because = (
        f"Means of {len(timed)} decisions with known days ({counts or 'none'}); questions still open are not in them."
    )
    if not covered:
        return Waiting(None, None, observed, because)
    was_mean = sum(case.days or 0.0 for case, _ in covered) / len(covered)
    if unknown:
        because += f" No estimate: {', '.join(unknown)} took none of these, so how long that takes is not known."
        return Waiting(was_mean, None, observed, because)
    means = [observed[row.would].mean or 0.0 for _, row in covered if row.would]
    return Waiting(was_mean, sum(means) / len(means), observed, because)
