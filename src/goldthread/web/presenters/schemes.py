"""The functions and decisions map: subjects down, decision-makers across; what is on paper and what happens in fact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goldthread.methods import rights
from goldthread.methods.rights.phrases import label, value_in_words
from goldthread.methods.rights.words import name_in_words
from goldthread.organisation.access import Viewer
from goldthread.record import rules
from goldthread.record.actions.schemes import Examined
from goldthread.record.models import EarnedLimit
from goldthread.record.queries.authority import Observed
from goldthread.record.queries.schemes import Raisable
from goldthread.web.kit import words
from goldthread.web.presenters.decisions.asking import safe_words

SHORT = {
    "alone": "alone",
    "advice": "after advice",
    "consent": "by consent",
    "majority": "vote",
    "two-key": "two keys",
    "joint": "together",
}


@dataclass(frozen=True)
class Cell:
    """Rules of one subject and one decision-maker: how and by when, each leading to its plain English."""

    entries: list[tuple[str, str]]  # (words, rule id)


@dataclass(frozen=True)
class Line:
    """One subject across all decision-makers."""

    subject: str
    cells: list[Cell]


@dataclass(frozen=True)
class RuleBlock:
    """One rule in plain English beside what really happened under it."""

    id: str
    anchor: str
    title: str
    clause: str
    sentence: str
    note: str
    fact: str
    raisable: str


@dataclass(frozen=True)
class Map:
    """The page."""

    heading: str
    lead: str
    columns: list[str]
    lines: list[Line]
    rules: list[RuleBlock]
    safe: list[tuple[str, str]]
    ladder: list[str]
    limits: list[str]


def empty_map(unit_name: str) -> Map:
    """Where no scheme is in force: the one built-in rule."""
    return Map(f"One rule applies in {unit_name}: the manager decides", "Nobody has adopted a scheme of delegation here yet. The manager of a unit, "
               "or the deputy, decides alone in fourteen days; after that the question goes to the unit above.", [], [], [], [], [], [])  # fmt: skip


def scheme_map(
    viewer: Viewer, policy: rights.Policy, unit_name: str, observed: Mapping[str, Observed], could: Sequence[Raisable],
    earned: Sequence[EarnedLimit] = (),
) -> Map:  # fmt: skip
    """The scheme as a map, with what was observed under each rule."""
    names = _deciders(policy)
    local = sum(_order(policy, rule.then.decider) >= rules.LEVELS.index("department") for rule in policy.rules)
    heading = f"{words.capital(words.spelled(local))} of {len(policy.rules)} kinds of decision are taken in teams and departments"
    n = sum(one.n for one in observed.values())
    lead = f"{words.capital(words.plural(n, 'decision'))} in the last twelve months {'is' if n == 1 else 'are'} set beside the scheme of delegation for {unit_name}."
    return Map(
        heading=heading,
        lead=lead,
        columns=[words.capital(name_in_words(policy, name).removeprefix("the ")) for name in names],
        lines=[Line(title, [_cell(policy, rows, name) for name in names]) for title, rows in _subjects(policy)],
        rules=[_block(policy, rule, observed.get(rule.id), [one for one in could if one.rule == rule.id]) for rule in policy.rules],
        safe=[(safe_words(one, policy), f"When {rights.when_in_words(policy, one.when)}.") for one in policy.safe],
        ladder=[f"{words.capital(step.title or name_in_words(policy, step.decider))}: {words.plural(step.within_days, 'day')}" for step in policy.ladder],
        limits=[_earned(policy, one) for one in earned],
    )  # fmt: skip


def _deciders(policy: rights.Policy) -> list[str]:
    """Decision-makers from the team upwards, as the columns stand."""
    names = list(dict.fromkeys(rule.then.decider for rule in policy.rules))
    return sorted(names, key=lambda name: -_order(policy, name))


def _order(policy: rights.Policy, name: str) -> int:
    decider = policy.deciders.get(name)
    if decider is None or decider.body or decider.level not in rules.LEVELS:
        return -1
    roles = ("unit_manager", "clinical_lead")
    return (
        rules.LEVELS.index(decider.level)
        if decider.role in roles
        else min(rules.LEVELS.index(decider.level), rules.LEVELS.index("organisation"))
    )


def _subjects(policy: rights.Policy) -> list[tuple[str, list[rights.Rule]]]:
    """Each subject that some rule names, with its rules; then what goes for any subject."""
    subject = policy.attributes.get("subject")
    found = []
    for value in subject.values if subject else ():
        own = [
            rule
            for rule in policy.rules
            if isinstance(one := rule.when.get("subject"), rights.OneOf)
            and value in one.values
            and len(one.values) <= 4
        ]
        if own and subject:
            found.append((words.capital(value_in_words(subject, value)), own))
    named = {rule.id for _, rows in found for rule in rows}
    rest = [rule for rule in policy.rules if rule.id not in named]
    return [*found, ("Anything else", rest)] if rest else found


def _cell(policy: rights.Policy, rows: Sequence[rights.Rule], name: str) -> Cell:
    return Cell(
        [
            (f"{SHORT[rule.then.method]}, {_days(rule.then.within_days)}", rule.id)
            for rule in rows
            if rule.then.decider == name
        ]
    )


def _days(days: int) -> str:
    return "same day" if days == 0 else words.plural(days, "day")


def _block(policy: rights.Policy, rule: rights.Rule, seen: Observed | None, could: Sequence[Raisable]) -> RuleBlock:
    return RuleBlock(rule.id, f"line-{rule.id}", rule.title or rule.id, rule.clause, rights.in_words(policy, rule), rule.note,
                     _fact(rule, seen), " ".join(_raisable(policy, one) for one in could))  # fmt: skip


def _fact(rule: rights.Rule, seen: Observed | None) -> str:
    if seen is None:
        return "Not used in the last twelve months."
    took = (
        f"half were decided within {words.duration(round(seen.median)) if seen.median >= 1 else 'a day'}"
        if seen.median is not None
        else "fewer than half are decided so far"
    )
    up = f"; {seen.passed_up} of {seen.n} passed up" if seen.passed_up else "; none passed up"
    still = f", {seen.open} still open" if seen.open else ""
    return f"In fact: {words.plural(seen.n, 'decision')}{still}; {took} (allowed: {_days(rule.then.within_days)}){up}."


def _raisable(policy: rights.Policy, one: Raisable) -> str:
    attribute = policy.attributes[one.attribute]
    return (
        f"If the limit were {value_in_words(attribute, one.up_to)} instead of {value_in_words(attribute, one.now)}, {words.plural(one.n, 'decision')} would have "
        f"stayed here; all {one.n} were agreed further up, after {words.duration(round(one.days)) if one.days >= 1 else 'less than a day'} in the middle case."
    )


def _earned(policy: rights.Policy, one: EarnedLimit) -> str:
    attribute = policy.attributes.get(one.attribute)
    value = (
        value_in_words(attribute, int(one.up_to) if attribute.type == "int" else one.up_to) if attribute else one.up_to
    )
    name = label(attribute) if attribute else one.attribute
    state = "reviewed" if one.reviewed_at else f"review on {words.day(one.review_on)}"
    return f"{one.unit.name} may decide {name} up to {value} under {one.rule} (step {one.step}, coach {one.coach.name}, {state})"


def findings(examined: Examined) -> list[tuple[str, str]]:
    """What the checker says, most serious first: (kind, sentence)."""
    found: list[tuple[str, str]] = []
    for one in examined.problems:
        where = ", ".join(
            part
            for part in (f"line {one.line}" if one.line else "", f"rule {one.rule}" if one.rule else "", one.key)
            if part
        )
        found.append(
            (
                "To put right",
                f"{words.capital(where)}: {one.message}.{' ' + words.capital(one.suggestion) if one.suggestion else ''}",
            )
        )
    policy = examined.policy
    if policy is None:
        return found
    found += [
        ("No one may decide", f"{_witness(policy, gap.witness)}. Add a rule, or leave it to the last clause.")
        for gap in examined.gaps
    ]
    found += [("Two rules disagree", f"{one.rules[0]} and {one.rules[1]} both fit {_witness(policy, one.witness)}. Say in one of them that it specialises the other, or part them.")
              for one in examined.overlaps]  # fmt: skip
    found += [
        ("Never decides", f"{rule}: every question it fits is taken by a rule before it.") for rule in examined.dead
    ]
    found += [("Only the last clause", f"{_witness(policy, gap.witness)}.") for gap in examined.only_residual]
    return found


def _witness(policy: rights.Policy, witness: Mapping[str, rights.Value]) -> str:
    """A witness in words, leaving out what is as usual."""
    parts = [
        f"{label(policy.attributes[name])} {value_in_words(policy.attributes[name], value)}"
        for name, value in witness.items() if value != policy.attributes[name].default
    ] or ["what is usual"]  # fmt: skip
    return ", ".join(parts)


def replay_words(result: rights.Replay) -> list[str]:
    """What replaying past decisions says."""
    n = result.decisions
    if not n:
        return ["There are no past decisions to try it on yet."]
    said = [
        f"Of {words.plural(n, 'past decision')}, {result.same} would be whose they were and {result.moved} somebody else's."
    ]
    if result.nobody:
        said.append(f"{words.capital(words.plural(result.nobody, 'decision'))} would be nobody's.")
    if result.unusable:
        said.append(
            f"It has no words for {result.unusable[0].because.split(';')[0]}, and so on: {len(result.unusable)} cannot be tried."
        )
    front = result.front_line
    if front.was is not None and front.would is not None:
        more = front.would - front.was
        said.append(
            f"At the front line: {front.would} of {n} instead of {front.was}"
            + (f", {abs(more)} {'more' if more > 0 else 'fewer'}." if more else ".")
        )
    waiting = result.expected_waiting
    if waiting.was_mean is not None and waiting.would_mean is not None:
        said.append(
            f"Expected wait: {waiting.would_mean:.1f} days instead of {waiting.was_mean:.1f}, if each decision-maker stays as quick as now (open ones are not in it)."
        )
    else:
        said.append(f"How long it would take cannot be said: {waiting.because}")
    return said


def times(
    by_level: Mapping[str, Observed], by_method: Mapping[str, Observed], levels: Mapping[str, str]
) -> list[tuple[str, int, int, str, int]]:
    """How long deciding takes by level and by method: what, how many, how many still open, half decided within, passed up."""
    order = [*rules.LEVELS[::-1]]
    rows = [(levels.get(level, level), by_level[level]) for level in order if level in by_level]
    rows += [(words.capital(SHORT[method]), by_method[method]) for method in SHORT if method in by_method]
    return [(name, seen.n, seen.open, _half(seen), seen.passed_up) for name, seen in rows]


def _half(seen: Observed) -> str:
    if seen.median is None:
        return "fewer than half decided so far"
    return words.duration(round(seen.median)) if seen.median >= 1 else "less than a day"
